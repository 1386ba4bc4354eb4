"""Each host leads to its own company or to a constant answer; nothing of one company works or shows at another."""

import pytest
from django.core import checks
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection
from django.test import Client, RequestFactory

from tests.conftest import Browser
from tests.making import a_person
from velory import clock
from velory.operators.changing import resume_company, suspend_company
from velory.people.models import Person
from velory.people.tokens import ResetTokens
from velory.tenancy import routing
from velory.tenancy.checks import companies_stay_apart
from velory.tenancy.context import NoCompany, current_company, inside, outside
from velory.tenancy.isolation import findings
from velory.tenancy.models import Company
from velory.tenancy.opening import open_company

GONE = "Nothing is served at this address.\nIngenting finns på den här adressen.\n"


def ask(host, path="/account/login/", **headers):
    headers = headers if host is None else {"HTTP_HOST": host, **headers}
    return Browser().get(path, **headers)


def said(answer):
    """Everything of an answer that could tell one from another."""
    own = {name: value for name, value in answer.headers.items() if name != "Date"}
    return answer.status_code, answer.content, own


# From a host to a company


@pytest.mark.parametrize(
    "host",
    [
        "nordvik.localhost",
        "NORDVIK.localhost",
        "nordvik.localhost.",
        "Nordvik.LocalHost.:8000",
        "nordvik.localhost:8443",
    ],
)
def test_a_host_is_found_however_it_is_written(host):
    answer = ask(host)
    assert answer.status_code == 200
    assert "Nordvik Energi AB" in answer.content.decode()


@pytest.mark.parametrize(
    "host",
    [
        "nobody.localhost",
        "www.nordvik.localhost",
        "x.nordvik.localhost",
        "nordvik.localhost@evil",
        "nordvik.localhost,saimaa.localhost",
        "nordvik.localhost\t",
        " nordvik.localhost",
        "nordvik.localhost:80:80",
        "nordvik.localhost:abc",
        "",
        "10.0.0.1",
        "[::1]",
        "[::1]:8000",
        "xn--nordvk-t4a.localhost",
        "a" * 300 + ".localhost",
        "nordvik..localhost",
        ".nordvik.localhost",
        "nordvik.localhost..",
        "nordvik.localhost/",
        "'; drop schema c_nordvik --",
        "nordvik.localhost\0",
        "public",
        "c_nordvik",
        "nordvik",
        "127.0.0.1",
    ],
)
def test_any_other_host_gets_one_constant_answer(host):
    answer = ask(host)
    assert said(answer) == said(ask("nobody-at-all.localhost"))
    assert (answer.status_code, answer.content.decode()) == (404, GONE)


@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_HOST", "HTTP_X_ORIGINAL_HOST", "SERVER_NAME"]
)
def test_no_other_header_chooses_the_company(header):
    assert "Nordvik" in ask("nordvik.localhost", **{header: "saimaa.localhost"}).content.decode()
    assert ask("nobody.localhost", **{header: "nordvik.localhost"}).status_code == 404


def test_with_https_a_host_that_nobody_has_is_told_so_and_sent_nowhere(settings):
    settings.SECURE_SSL_REDIRECT = True
    for host in ("nobody.localhost", "nordvik.localhost@evil", "", "evil.example", "127.0.0.1"):
        assert (ask(host).status_code, ask(host).content.decode()) == (404, GONE)
    for host in ("nordvik.localhost", "localhost"):
        assert ask(host, "/help/").headers["Location"] == f"https://{host}/help/"
    assert ask("127.0.0.1", "/health/").status_code in {200, 503}


def test_with_https_a_company_that_is_not_open_yet_is_nobody(settings, nordvik):
    settings.SECURE_SSL_REDIRECT = True
    with outside():
        Company.objects.filter(pk=nordvik.pk).update(state=Company.State.ERASING)
    routing.forget_hosts()
    assert ask("nordvik.localhost").status_code == 404


def test_without_a_host_nothing_is_served():
    request = RequestFactory().get("/")
    request.META.pop("HTTP_HOST", None)
    assert routing.host_of(request) == ""


def test_the_answer_for_nobody_asks_nothing_of_the_database_twice(django_assert_num_queries):
    ask("nobody.localhost")
    with django_assert_num_queries(0):
        ask("nobody.localhost")


def test_a_host_that_cannot_be_one_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ask("a" * 300).status_code == 404


def test_a_suspended_company_is_closed_and_opens_again(nordvik):
    suspend_company(nordvik, reason="The invoice of October.", by=None, at=clock.now())
    closed = ask("nordvik.localhost")
    assert closed.status_code == 503
    assert "Nordvik Energi AB is closed for now" in closed.content.decode()

    resume_company(nordvik, by=None, at=clock.now())
    assert ask("nordvik.localhost").status_code == 200


def test_a_company_that_is_behind_on_migrations_is_closed(nordvik):
    with outside():
        Company.objects.filter(pk=nordvik.pk).update(migrated_to="of last week")
    routing.forget_hosts()
    assert ask("nordvik.localhost").status_code == 503


@pytest.mark.parametrize("state", [Company.State.OPENING, Company.State.ERASING])
def test_a_company_that_is_not_there_yet_or_any_more_looks_like_none(nordvik, state):
    with outside():
        Company.objects.filter(pk=nordvik.pk).update(state=state)
    routing.forget_hosts()
    assert said(ask("nordvik.localhost")) == said(ask("nobody.localhost"))


def test_after_each_answer_the_connection_is_nobodys():
    for host in ("nordvik.localhost", "nobody.localhost", "localhost"):
        Client(HTTP_HOST=host).get("/account/login/")
        assert connection.schema_name == "public"
        with pytest.raises(NoCompany):
            current_company()


def test_outside_a_company_its_tables_are_an_error_and_no_neighbours_rows(nordvik):
    with outside(), pytest.raises(ProgrammingError):
        Person.objects.exists()
    connection.rollback() if not connection.in_atomic_block else connection.set_rollback(True)


# The base domain


def test_the_base_domain_leads_to_a_company_without_looking_it_up(django_assert_num_queries):
    with django_assert_num_queries(0):
        there, nowhere = (
            Browser(HTTP_HOST="localhost").post("/find/", {"company": name}) for name in ("Nordvik ", "nobody")
        )
    assert (there.status_code, there.url) == (303, "http://nordvik.localhost/")
    assert (nowhere.status_code, nowhere.url) == (303, "http://nobody.localhost/")


@pytest.mark.parametrize(
    "name", ["", "a", "evil.example/", "a@evil", "//evil", "-x-", "x" * 32, "ny\r\nSet-Cookie: a=b", "ä-bolag"]
)
def test_what_cannot_be_a_short_name_is_said(name):
    answer = Browser(HTTP_HOST="localhost").post("/find/", {"company": name})
    assert answer.status_code == 422


def test_the_base_domain_has_no_sessions_whatever_cookie_comes():
    browser = Browser(HTTP_HOST="localhost")
    browser.cookies["session"] = "stolen"
    for path in ("/", "/language/", "/nothing-here/"):
        assert browser.get(path).status_code in {200, 404, 405}


# What is kept outside the tables


def test_the_cache_of_one_is_empty_for_another(saimaa):
    cache.set("canary", "nordvik")
    with inside(saimaa):
        assert cache.get("canary") is None
    with outside():
        assert cache.get("canary") is None
    assert cache.get("canary") == "nordvik"


def test_files_of_one_are_not_there_for_another(saimaa, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("labels/label.pdf", ContentFile(b"canary"))
    with inside(saimaa):
        assert not default_storage.exists(name)
    with pytest.raises(ValueError, match="by a view"):
        default_storage.url(name)


def test_a_token_of_a_copied_company_is_refused(saimaa):
    person = a_person(password="!")
    token = ResetTokens().make_token(person)
    assert ResetTokens().check_token(person, token)
    with inside(saimaa):
        copy = a_person(pk=person.pk, email=person.email, password=person.password)
        assert not ResetTokens().check_token(copy, token)


def test_a_form_of_one_company_is_not_taken_by_another(saimaa):
    """The cookie with the form's secret names its company too."""
    ours, theirs = (
        Browser(HTTP_HOST=host, enforce_csrf_checks=True) for host in ("nordvik.localhost", "saimaa.localhost")
    )
    token = str(ours.get("/account/login/").context["csrf_token"])
    theirs.cookies["csrf"] = ours.cookies["csrf"].value

    words = {"login": "a@b.example", "password": "x", "csrfmiddlewaretoken": token}
    assert ours.post("/account/login/", words).status_code == 200
    assert theirs.post("/account/login/", words).status_code == 403


def test_flash_messages_stay_at_home(at_their_desk, saimaa):
    desk = at_their_desk(a_person())
    desk.post("/you/", {"phone": "1", "language": "sv"})
    assert set(desk.cookies) <= {"session", "csrf"}


# How it is built


def test_no_app_is_both_the_platforms_and_the_companies():
    assert companies_stay_apart() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SHARED_APPS", ["velory.tenancy", "velory.people"], "velory.E010"),
        ("CACHES", {"default": {}}, "velory.E011"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.cache", "velory.E012"),
        ("SESSION_COOKIE_DOMAIN", ".localhost", "velory.E013"),
        ("USE_X_FORWARDED_HOST", True, "velory.E014"),
        ("MIDDLEWARE", [], "velory.E016"),
    ],
)
def test_a_setting_that_opens_a_wall_is_an_error(settings, name, value, code):
    setattr(settings, name, value)
    assert [error.id for error in companies_stay_apart()] == [code]


def test_the_checks_are_registered():
    assert companies_stay_apart in checks.registry.registry.get_checks()


def test_the_database_keeps_companies_apart():
    assert findings() == []


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        ("CREATE TABLE public.people_person (id int)", "nordvik: people_person stands in public too."),
        (
            "ALTER TABLE c_saimaa.people_team ADD COLUMN extra int",
            "saimaa: column people_team.extra stands here alone.",
        ),
        (
            "DROP TRIGGER journal_entry_append_only ON c_saimaa.journal_entry",
            "saimaa: trigger journal_entry.journal_entry_append_only is missing.",
        ),
        (
            "ALTER TABLE c_saimaa.journal_entry DISABLE TRIGGER journal_entry_append_only",
            "saimaa: trigger journal_entry.journal_entry_append_only is otherwise.",
        ),
        ("DROP INDEX c_saimaa.person_search", "saimaa: index person_search is missing."),
        (
            "ALTER TABLE c_saimaa.people_person DROP CONSTRAINT person_email_lower_case",
            "saimaa: constraint people_person.person_email_lower_case is missing.",
        ),
        (
            "ALTER TABLE c_saimaa.people_team ADD COLUMN t bigint REFERENCES c_nordvik.people_team",
            "saimaa: people_team_t_fkey points into another schema.",
        ),
        ("CREATE SCHEMA c_left_over", "c_left_over: belongs to no company."),
        (
            "UPDATE public.tenancy_company SET migrated_to = 'x' WHERE slug = 'saimaa'",
            "saimaa: behind on migrations; run migrate_companies.",
        ),
        ("ALTER SCHEMA c_saimaa RENAME TO gone", "saimaa: has no schema c_saimaa."),
    ],
)
def test_what_is_not_built_alike_is_found(spoil, finding):
    with connection.cursor() as cursor:
        cursor.execute(spoil)
    if "points into" in finding:
        assert any("points into another schema" in found for found in findings())
    else:
        assert finding in findings()


def test_check_isolation_ends_with_one_where_something_is_found(capsys):
    call_command("check_isolation")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX c_saimaa.person_search")
    with pytest.raises(SystemExit) as end:
        call_command("check_isolation")
    assert end.value.code == 1
    assert "saimaa: index person_search is missing." in capsys.readouterr().out.splitlines()


# Opening and closing


@pytest.mark.parametrize(
    "change",
    [
        {"slug": "public"},
        {"slug": "pg_temp"},
        {"slug": "pg-temp"},
        {"slug": "www"},
        {"slug": "admin"},
        {"slug": "x" * 64},
        {"slug": "NORDVIK"},
        {"slug": 'a"b'},
        {"slug": "nordvik"},
        {"slug": ""},
        {"domain": "nordvik.localhost"},
        {"domain": "localhost"},
        {"domain": "mail.localhost"},
        {"domain": "New.localhost"},
        {"domain": "new.localhost:8000"},
        {"domain": "new.localhost."},
        {"domain": "-new.localhost"},
        {"domain": ""},
        {"country": "Sweden"},
        {"currency": "kr"},
        {"language": "de"},
        {"plan": "gold"},
        {"features": ["nothing"]},
        {"admin_email": "nobody"},
        {"name": ""},
        {"name": "x" * 121},
        {"name": "two\nlines"},
    ],
)
def test_what_cannot_be_opened_is_refused_and_nothing_is_written(change):
    facts = {"name": "New AB", "slug": "new", "domain": "new.localhost"} | change
    with outside():
        before = Company.objects.count()
    features = facts.pop("features", [])
    name = facts.pop("name")
    options = [f"--{key.replace('_', '-')}={value}" for key, value in facts.items()]
    with pytest.raises(CommandError) as refused:
        call_command("open_company", name, *options, *[f"--feature={feature}" for feature in features])
    assert str(refused.value).endswith(".")
    with outside():
        assert Company.objects.count() == before


def test_a_suspended_companys_name_is_not_free(nordvik):
    suspend_company(nordvik, reason="The invoice of October.", by=None, at=clock.now())
    with pytest.raises(CommandError):
        call_command("open_company", "Nordvik Energi AB", "--slug=nordvik", "--domain=nordvik.localhost")
    with outside():
        assert Company.objects.get(slug="nordvik").state == Company.State.SUSPENDED


def test_suspending_what_is_not_there_is_refused():
    for command in ("suspend_company", "resume_company"):
        with pytest.raises(CommandError):
            call_command(command, "nobody")


def test_a_company_is_closed_and_opened_by_command(capsys):
    call_command("suspend_company", "saimaa")
    assert ask("saimaa.localhost").status_code == 503
    call_command("resume_company", "saimaa")
    assert ask("saimaa.localhost").status_code == 200
    assert "http://saimaa.localhost/" in capsys.readouterr().out


def test_opening_begun_and_not_ended_goes_on(nordvik):
    """The row of a crash is there, the rest is not: the same command brings it to its end."""
    with outside():
        Company.objects.filter(pk=nordvik.pk).update(state=Company.State.OPENING)
        routing.forget_hosts()
        again = open_company("Nordvik Energi AB", slug="nordvik", domain="nordvik.localhost", plan="pro")
    assert again.pk == nordvik.pk
    assert ask("nordvik.localhost").status_code == 200
