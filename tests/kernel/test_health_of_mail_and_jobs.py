"""What became of letters and jobs, in figures that tie out with their lists; what was given up can be tried again."""

import re
from datetime import timedelta

import pytest

from tests.kernel.posting import a_kind, a_letter
from tests.making import a_person, an_admin
from velory import clock
from velory.agenda import book
from velory.agenda.health import JobHealth, job_health, try_again
from velory.agenda.models import Due
from velory.journal.models import Entry
from velory.post.health import job_figures, mail_health
from velory.post.models import Letter, MailEvent, RefusedAddress
from velory.post.said import in_words
from velory.tenancy.context import inside
from velory.ui.todos import todos


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    Due.objects.all().delete()
    return a_kind(monkeypatch)


@pytest.fixture
def admin(at_their_desk):
    return at_their_desk(an_admin())


def rows_of(page):
    return int((re.search(r"<strong[^>]*>(\d+) (letter|address)", page.text) or [0, 0])[1])


def test_each_figure_is_what_its_list_counts(at, admin, django_assert_num_queries):
    states = ["delivered", "delivered", "sent", "bounced", "complained", "failed", "queued", "held", "voided"]
    for number, state in enumerate(states):
        letter = a_letter(a_person(), at, key=str(number))
        Letter.objects.filter(pk=letter.pk).update(state=state, sent_at=at.moment)
    old = a_letter(a_person(), at, key="old")
    Letter.objects.filter(pk=old.pk).update(state="failed", written_at=at.moment - timedelta(days=40))
    with django_assert_num_queries(1):
        figures = mail_health(at.moment)
    assert [(figure.code, figure.count) for figure in figures] == [
        ("delivered", 2), ("sent", 1), ("bounced", 2), ("failed", 1), ("waiting", 2),
    ]  # fmt: skip
    for figure in figures:
        assert rows_of(admin.get(figure.url)) == figure.count


def a_due(kind="post.send", ref="1", *, late=timedelta(0), **facts):
    from velory.tenancy.context import current_company

    due_at = clock.now() - late
    return Due.objects.create(company_id=current_company().pk, kind=kind, ref=ref, due_at=due_at, **facts)


def test_late_and_given_up_are_told_apart(at, admin, django_assert_num_queries, saimaa):
    a_due(ref="1", parked_at=clock.wall(), attempts=5, fault="ValueError")
    a_due(ref="2", late=timedelta(hours=1))
    a_due(ref="3", late=timedelta(minutes=1))
    a_due(ref="4", late=timedelta(hours=1), lease_until=clock.wall() + timedelta(minutes=1))
    with inside(saimaa):
        a_due(ref="5", parked_at=clock.wall())
    job_health(at.moment)  # the way back from the neighbour is found
    with django_assert_num_queries(1):
        assert job_health(at.moment) == JobHealth(parked=1, late=1)
    for figure in job_figures(at.moment):
        assert admin.get(figure.url).text.count("/again/") == figure.count == 1
    page = admin.get("/settings/health/").text
    assert page.count("/again/") == 2
    assert "Sending a letter" in page
    assert "after 5 tries" in page
    assert "For your operator: ValueError" in page


def test_what_was_given_up_begins_afresh_once(at, admin):
    due = a_due(parked_at=clock.wall(), attempts=5, fault="ValueError")
    page = admin.post(f"/settings/health/{due.pk}/again/", follow=True)
    assert "is tried again now." in page.text
    due = Due.objects.get(pk=due.pk)
    assert (due.parked_at, due.attempts, due.fault) == (None, 0, "")
    assert "let a job be tried again: Sending a letter." in str(Entry.objects.get(step="try_again").sentence)
    page = admin.post(f"/settings/health/{due.pk}/again/", follow=True)
    assert "not stuck any more" in page.text


def test_a_neighbours_job_is_nobodys_here(at, saimaa):
    with inside(saimaa):
        due = a_due(parked_at=clock.wall())
    assert try_again(due.pk, by=an_admin(), at=at.moment) is None


def test_every_job_has_a_name_in_words():
    assert [kind for kind in book.known_kinds() if book.label_of(kind) == kind and not kind.startswith("test")] == []


# Refused mail


def test_refused_mail_is_a_to_do_that_ties_out(at, admin):
    ebba = a_person("Ebba", "Nyström")
    letter = a_letter(ebba, at)
    Letter.objects.filter(pk=letter.pk).update(state="bounced", sent_at=at.moment)
    MailEvent.objects.create(
        event_key="1", letter=letter, kind="bounced", at=at.moment, received_at=at.moment,
        description="550 5.1.1 user unknown",
    )  # fmt: skip
    RefusedAddress.objects.create(address=ebba.email, kind="bounced", since=at.moment)
    [todo] = [todo for todo in todos(today=clock.today()) if todo.code == "refused_mail"]
    page = admin.get(todo.url)
    assert todo.count == rows_of(page) == 1
    assert "There is no such mailbox." in page.text
    assert f"/people/{ebba.ref}/" in page.text
    assert f"/mail/{letter.ref}/" in page.text
    assert "There is no such mailbox." in admin.get(letter.get_absolute_url()).text


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("550 5.1.1 user unknown", "no such mailbox"), ("452 4.2.2 over quota", "mailbox is full"),
        ("554 5.7.1 denied", "refuses the sender"), ("553 bad", "not written as an address"), ("hello", ""),
        ("5.7.99 policy", "refuses the sender"), ("", ""),
    ],
)  # fmt: skip
def test_what_a_server_says_is_put_into_words(said, means):
    assert means in in_words(said)
    assert bool(in_words(said)) == bool(means)


def test_sent_mail_is_found_by_kind_and_age(at, admin, monkeypatch):
    a_kind(monkeypatch, label="Welcome")
    letter = a_letter(a_person("Ebba", "Nyström"), at)
    Letter.objects.filter(pk=letter.pk).update(written_at=at.moment - timedelta(days=10))
    assert "Ebba Nyström" in admin.get("/mail/?q=welcome").text
    assert "Ebba Nyström" in admin.get("/mail/?kind=people/invitation&days=30").text
    assert "Ebba" not in admin.get("/mail/?days=7").text
    assert "Ebba" not in admin.get("/mail/?kind=renewals/several").text
    assert "Ebba Nyström" in admin.get(f"/mail/?q={letter.to[:6]}").text
