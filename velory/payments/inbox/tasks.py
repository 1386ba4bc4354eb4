"""The bell for events, and the platform's tick."""

from velory import clock
from velory.celery import PlatformTask, app


@app.task(base=PlatformTask)
def work_off_events():
    """Work off whatever events are due, until none is."""
    from velory.payments.inbox.work import forget_the_old, work_off

    forget_the_old(wall=clock.wall())
    while work_off(wall=clock.wall()):
        pass
