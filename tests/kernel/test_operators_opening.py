"""A company is opened by form or by sign-up: nothing before a mail is confirmed, nothing twice, nothing half."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from tests.conftest import Browser
from velory import clock
from velory.agenda.models import Due
from velory.operators import figures, openings
from velory.operators.models import Opening, OperatorDeed
from velory.people.models import Person
from velory.post.models import Letter
from velory.post.wording import render
from velory.tenancy.context import inside, outside
from velory.tenancy.models import Company, Domain

KOMETA = {
    "name": "Kometa AB", "slug": "kometa", "admin_email": "ebba.nystrom@kometa.example", "country": "SE",
    "language": "sv", "currency": "SEK",
}  # fmt: skip
BY_FORM = KOMETA | {"plan": "standard", "features": ["store"], "domain": "", "time_zone": ""}


@pytest.fixture
def sign_up_is_on(settings):
    """An installation that lets anybody open a company."""
    settings.ENV = settings.ENV.model_copy(update={"velory_sign_up": "standard"})


@pytest.fixture
def visitor():
    """Somebody at the base domain, from whom nothing has come yet."""
    with outside():
        cache.clear()
    return Browser(HTTP_HOST="localhost")


@pytest.fixture
def made(monkeypatch):
    """The making itself, noted and not done: the schema of a company takes seconds."""
    asked = []

    def be_ready(company, admin_email=""):
        asked.append((company.slug, admin_email))
        with outside():
            company.state = Company.State.READY
            company.save(update_fields=["state"])

    monkeypatch.setattr(openings, "bring_up", be_ready)
    return asked


def companies_and_openings():
    with outside():
        return Company.objects.count(), Opening.objects.count(), Domain.objects.count()


def link_in_the_mail(ops):
    with inside(ops):
        letter = Letter.objects.get(template="operators/confirm_sign_up")
    return re.sub(r"\Ahttp://[^/]+", "", letter.context["link"])


def work(ops):
    """What a worker does with what is on the operators' agenda."""
    with outside():
        due = list(Due.objects.filter(kind=openings.OPENING))
    for thing in due:
        with inside(ops):
            openings.open_it(thing.ref, clock.now())


# From the console


def test_a_company_is_opened_by_form_and_one_sees_how_far_it_is(console, ops, made):
    answer = console.post("/companies/new/", BY_FORM)
    assert answer.status_code == 303
    assert "It begins in a moment." in console.get(answer.url).text
    with outside():
        company = Company.objects.get(slug="kometa")
        assert (company.state, company.host, company.features) == ("opening", "kometa.localhost", ["store"])
    assert Browser(HTTP_HOST="kometa.localhost").get("/").status_code == 404

    work(ops)
    page = console.get(answer.url).text
    assert "The company is open." in page
    assert "100 %" in page
    assert made == [("kometa", "ebba.nystrom@kometa.example")]
    opening = Opening.objects.get()
    assert (opening.state, opening.admin_email, opening.by_name) == ("ready", "", "Velory Operator")
    assert OperatorDeed.objects.get().sentence == "Velory Operator opened the company."


def test_the_real_thing_ends_with_an_invited_admin(ops, operator):
    opening = openings.ask_to_open(
        Opening(
            **KOMETA, domain="kometa.localhost", plan="pro", features=["store"], time_zone="Europe/Stockholm"
        ), by=operator, at=clock.now(),
    )  # fmt: skip
    with inside(ops):
        openings.open_it(opening.ref, clock.now())
        openings.open_it(opening.ref, clock.now())  # the worker that was thought dead
    with outside():
        company = Company.objects.get(slug="kometa")
        assert openings.percent_done(Opening.objects.get(pk=opening.pk)) == 100
        assert OperatorDeed.objects.count() == 1
        assert Due.objects.filter(company=company, kind=figures.COUNTING).exists()
    with inside(company):
        admin = Person.objects.get()
        assert (admin.email, admin.role, admin.invitations.count()) == ("ebba.nystrom@kometa.example", "admin", 1)
        letter = Letter.objects.get()
        assert "kometa.localhost/welcome/" in letter.context["link"]
    assert figures.count(company, at=clock.now()).people == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"slug": "nordvik"}, "slug"),
        ({"slug": "ops"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"slug": "ÅÄÖ"}, "slug"),
        ({"slug": "ab"}, "slug"),
        ({"domain": "nordvik.localhost"}, "domain"),
        ({"domain": "a b"}, "domain"),
        ({"admin_email": "nobody"}, "admin_email"),
        ({"name": "  "}, "name"),
        ({"country": "XX"}, "country"),
        ({"features": ["teleport"]}, "features"),
    ],
)
def test_what_cannot_be_had_is_said_at_its_field_and_nothing_is_written(console, wrong, field):
    before = companies_and_openings()
    answer = console.post("/companies/new/", BY_FORM | wrong)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert companies_and_openings() == before


def test_a_making_that_was_cut_off_goes_on_where_it_stopped(console, ops, made, monkeypatch):
    answer = console.post("/companies/new/", BY_FORM)

    def falls_over(company, admin_email=""):
        raise ConnectionError

    monkeypatch.setattr(openings, "bring_up", falls_over)
    with pytest.raises(ConnectionError):
        work(ops)
    page = console.get(answer.url).text
    assert "Something went wrong." in page
    assert "ConnectionError" in page

    monkeypatch.setattr(openings, "bring_up", lambda company, email: made.append(email) or _ready(company))
    console.post(answer.url + "go_on/")
    work(ops)
    assert Opening.objects.get().state == Opening.State.READY
    assert made == ["ebba.nystrom@kometa.example"]


def _ready(company):
    company.state = Company.State.READY
    company.save(update_fields=["state"])


def test_cut_off_after_the_company_was_ready_it_is_only_put_down(console, ops, made):
    console.post("/companies/new/", BY_FORM)
    with outside():
        _ready(Company.objects.get(slug="kometa"))
    work(ops)
    assert made == []
    assert Opening.objects.get().state == Opening.State.READY


def test_nobody_gets_a_name_that_is_being_made(console, ops, operator):
    console.post("/companies/new/", BY_FORM)
    again = console.post("/companies/new/", BY_FORM | {"admin_email": "else@kometa.example"})
    assert again.status_code == 422
    assert "is taken" in again.text
    assert Opening.objects.count() == 1


# From the sign-up page


@pytest.mark.usefixtures("ops")
def test_where_it_is_not_allowed_there_is_no_sign_up(visitor):
    nothing = visitor.get("/no-such-page/").content
    for path in ("/sign-up/", "/sign-up/sent/", "/sign-up/confirm/x/", "/sign-up/x/"):
        assert (visitor.get(path).status_code, visitor.get(path).content) == (404, nothing)
    assert "sign-up" not in visitor.get("/").text


@pytest.mark.usefixtures("sign_up_is_on")
def test_without_operators_there_is_nobody_to_write_the_letter(visitor):
    assert visitor.get("/sign-up/").status_code == 404


@pytest.mark.usefixtures("sign_up_is_on")
def test_nothing_is_made_before_the_mail_is_confirmed(visitor, ops, made):
    assert "/sign-up/" in visitor.get("/").text
    before = companies_and_openings()[0]
    answer = visitor.post("/sign-up/", KOMETA)
    assert answer.url == "/sign-up/sent/"
    assert "24 hours" in visitor.get(answer.url).text
    assert companies_and_openings()[0] == before

    link = link_in_the_mail(ops)
    assert "Open Kometa AB?" in visitor.get(link).text
    assert companies_and_openings()[0] == before

    going = visitor.post(link)
    assert "It begins in a moment." in visitor.get(going.url).text
    work(ops)
    assert "http://kometa.localhost" in visitor.get(going.url).text
    company = Company.objects.get(slug="kometa")
    assert (company.plan, company.features) == ("standard", ["leased_end_of_life", "repair_flow", "store"])
    assert OperatorDeed.objects.get().sentence == "The company was opened from the sign-up page."
    assert visitor.post(link).url == going.url
    assert made == [("kometa", "ebba.nystrom@kometa.example")]


@pytest.mark.usefixtures("sign_up_is_on")
def test_the_letter_reads_well(visitor, ops):
    visitor.post("/sign-up/", KOMETA | {"language": "en"})
    with inside(ops):
        letter = Letter.objects.get()
        words = render(letter, at=clock.now())
    assert words.subject == "Confirm that you want to open Kometa AB in Velory"
    assert "kometa.localhost" in words.text
    assert "24 hours" in words.text


@pytest.mark.usefixtures("sign_up_is_on")
def test_a_robot_gets_the_same_answer_and_no_letter(visitor, ops):
    person, robot = visitor.post("/sign-up/", KOMETA), visitor.post("/sign-up/", KOMETA | {"website": "http://x"})
    assert (person.status_code, person.url) == (robot.status_code, robot.url)
    assert Opening.objects.count() == 1


@pytest.mark.usefixtures("sign_up_is_on")
def test_an_address_is_written_to_three_times_an_hour_and_nobody_is_told(visitor, ops):
    answers = [visitor.post("/sign-up/", KOMETA) for _n in range(5)]
    assert {answer.url for answer in answers} == {"/sign-up/sent/"}
    with inside(ops):
        assert Letter.objects.count() == 3


@pytest.mark.usefixtures("sign_up_is_on", "ops")
def test_a_client_that_asks_too_often_is_told_so(visitor):
    answers = [visitor.post("/sign-up/", {}) for _n in range(13)]
    assert [answer.status_code for answer in answers] == [422] * 12 + [429]


@pytest.mark.usefixtures("sign_up_is_on", "ops")
@pytest.mark.parametrize("slug", ["nordvik", "ops", "www", "mail", "new", "pg-x", "-ab", "a"])
def test_a_name_that_cannot_be_had_is_said(visitor, slug):
    answer = visitor.post("/sign-up/", KOMETA | {"slug": slug})
    assert answer.status_code == 422
    assert 'id="id_slug_error"' in answer.text
    assert Opening.objects.count() == 0


@pytest.mark.usefixtures("sign_up_is_on", "ops")
@pytest.mark.parametrize("name", ["Pay at https://evil.example", "www.evil.example", "<a href=//evil>Kometa</a>"])
def test_nobody_has_a_link_written_to_others_as_a_name(visitor, name):
    answer = visitor.post("/sign-up/", KOMETA | {"name": name})
    assert answer.status_code == 422
    assert "holds no web address" in answer.text
    assert Opening.objects.count() == 0


@pytest.mark.usefixtures("sign_up_is_on")
def test_of_two_who_want_one_name_the_first_to_confirm_has_it(visitor, ops, made):
    visitor.post("/sign-up/", KOMETA)
    first = link_in_the_mail(ops)
    visitor.post("/sign-up/", KOMETA | {"admin_email": "else@other.example"})
    with inside(ops):
        letter = Letter.objects.exclude(to=KOMETA["admin_email"]).get()
    second = re.sub(r"\Ahttp://[^/]+", "", letter.context["link"])
    visitor.post(first)
    late = visitor.post(second)
    assert late.status_code == 409
    assert "Somebody was quicker" in late.text
    work(ops)
    assert made == [("kometa", "ebba.nystrom@kometa.example")]


@pytest.mark.usefixtures("sign_up_is_on")
def test_two_who_press_at_once_both_see_it_being_opened(visitor, ops, made):
    visitor.post("/sign-up/", KOMETA)
    token = link_in_the_mail(ops).split("/")[-2]
    with outside():
        one, other = (openings.waiting_behind(token, at=clock.now()) for _press in range(2))
        first, second = openings.confirm(one, at=clock.now()), openings.confirm(other, at=clock.now())
    assert (first.pk, first.state, second.pk, second.state) == (one.pk, "waiting", one.pk, "waiting")


@pytest.mark.usefixtures("sign_up_is_on")
def test_a_link_ends_and_what_nobody_confirmed_is_forgotten(visitor, ops, at):
    visitor.post("/sign-up/", KOMETA)
    link = link_in_the_mail(ops)
    at(clock.now() + timedelta(hours=25))
    for answer in (visitor.get(link), visitor.post(link), visitor.get("/sign-up/confirm/nobody/")):
        assert answer.status_code == 410
    with inside(ops):
        figures.count_tonight("nightly", clock.now())
    assert Opening.objects.count() == 0


@pytest.mark.usefixtures("sign_up_is_on", "ops")
def test_what_is_not_confirmed_has_no_page_of_progress(visitor):
    visitor.post("/sign-up/", KOMETA)
    assert visitor.get(f"/sign-up/{Opening.objects.get().ref}/").status_code == 404


def test_a_name_is_asked_for_anew_at_the_moment_of_confirming(ops):
    opening = Opening(**KOMETA, domain="nordvik.localhost", plan="pro", time_zone="Europe/Stockholm")
    openings.ask_by_mail(opening, at=clock.now())
    with pytest.raises(ValidationError):
        openings.confirm(opening, at=clock.now())
