"""The bell, and the kinds of work that take long."""

from velory import clock
from velory.agenda import book
from velory.agenda.models import Due, Heartbeat
from velory.celery import CompanyTask, PlatformTask, app
from velory.tenancy.context import current_company, outside


@app.task(base=PlatformTask)
def ring(by_beat: bool = False):
    """Do what is due, batch after batch, until nothing is."""
    beat("worker")
    if by_beat:
        beat("beat")
    while book.dispatch():
        beat("worker")


@app.task(base=CompanyTask, acks_late=True, reject_on_worker_lost=True)
def carry_out_apart(due_pk: int, revision: int):
    """Do one claimed thing that takes long, in a worker of its own."""
    company = current_company()
    with outside():
        due = Due.objects.filter(pk=due_pk, revision=revision, company=company).first()
    if due:
        book.carry_out(due, company, at=clock.now())


def beat(name: str) -> None:
    """Note that a process lives."""
    sign = Heartbeat(name=name, at=clock.wall())
    Heartbeat.objects.bulk_create([sign], update_conflicts=True, unique_fields=["name"], update_fields=["at"])
