"""Every test happens inside Nordvik; Saimaa is always there, to catch what leaks."""

import gc
import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import update_last_login
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test import utils as of_django
from django.test.signals import template_rendered

from tests.ground import NORDVIK, SAIMAA, standing_on  # noqa: F401 - the companies are known here
from tests.race_ground import RaceGround
from tests.stripe_standin import stripe, stripe_server  # noqa: F401 - fixtures
from velory import clock
from velory.people.again import SAID_AT
from velory.tenancy.models import Company
from velory.tenancy.opening import open_company
from velory.tenancy.routing import forget_hosts
from velory.tenancy.sessions import SessionStore


def pytest_configure():
    """Static files keep their plain names in tests: no collected manifest is needed. Passwords are hashed quickly."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    of_django.instrumented_test_render = rendered


def rendered(template, context):
    """What a page was made with is told once a page: copying it for each of hundreds of parts takes its time."""
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


def pytest_collection_modifyitems(items):
    """Whatever the order, the browser comes last: from its start on this thread has an event loop, and Django refuses
    the database to a thread that has one. Of the journeys those that push the clock far come last."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is not None for name in ("browser", "far")])


def pytest_collection_finish():
    """What stands now stays to the end: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A test database with two companies, for all tests of this process."""
    with django_db_blocker.unblock():
        ground = standing_on(os.environ.get("PYTEST_DB", "test_velory"))
        ground.__enter__()
    yield
    with django_db_blocker.unblock():
        ground.__exit__(None, None, None)


@pytest.fixture(scope="session")
def companies(django_db_setup, django_db_blocker):
    """Ours, and a neighbour whose things must never show."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        return {company.slug: company for company in Company.objects.all()}


@pytest.fixture(autouse=True)
def at_nordvik(request):
    """Every test that touches the database happens inside Nordvik unless it says otherwise."""
    if request.node.get_closest_marker("nowhere"):
        yield
        return
    if request.node.get_closest_marker("races"):
        request.getfixturevalue("race_company")
        yield
        return
    companies = request.getfixturevalue("companies")
    request.getfixturevalue("db")
    forget_hosts()
    connection.set_tenant(companies["nordvik"])
    yield
    connection.set_schema_to_public()


@pytest.fixture(scope="session")
def race_ground(django_db_setup, django_db_blocker):
    """The schema of the company for races, opened once and put aside: between races nobody sees it."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        company = open_company(**NORDVIK | {"slug": "race", "domain": "race.localhost", "name": "Nordvik Race AB"})
        ground = RaceGround(company)
        ground.put_aside()
        return ground


@pytest.fixture
def race_company(race_ground, django_db_blocker):
    """A company of its own for a test that really commits: as if opened for it and dropped after it."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        company = race_ground.take()
        forget_hosts()
        connection.set_tenant(company)
        try:
            yield company
        finally:
            connection.set_schema_to_public()
            race_ground.empty()
            race_ground.put_aside()
            forget_hosts()


@pytest.fixture
def nordvik(companies):
    return companies["nordvik"]


@pytest.fixture
def saimaa(companies):
    return companies["saimaa"]


class Time:
    """The clock of a test: `at("2026-11-22T08:00")` is local time in Stockholm."""

    moment = None

    def __call__(self, moment):
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo("Europe/Stockholm"))
        self.moment = moment.astimezone(UTC)
        return self.moment


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The clock stands at 2026-11-22 07:00 in Stockholm unless a test moves it."""
    time = Time()
    time("2026-11-22T07:00")
    monkeypatch.setattr(clock, "now", lambda: time.moment)
    return time


class Browser(Client):
    """A browser. The test that holds it stays inside its company, whatever host the browser asks."""

    def request(self, **environ):
        before = connection.tenant
        try:
            return super().request(**environ)
        finally:
            connection.set_tenant(before)

    def _login(self, person, backend=None, **more):
        """What signing in leaves behind, written once: `force_login` would write a session four times over."""
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = backend or settings.AUTHENTICATION_BACKENDS[0]
        session.update(more)
        session.create()
        self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        update_last_login(None, person)

    def just_in(self, person):
        """Signed in a moment ago: nobody asks again who it is."""
        self._login(person, **{SAID_AT: clock.wall().isoformat()})
        return self


@pytest.fixture
def client():
    """A browser of nobody, at Nordvik."""
    return Browser(HTTP_HOST="nordvik.localhost")


@pytest.fixture
def at_their_desk():
    """A signed-in browser of a person: `at_their_desk(nils).get("/")`."""

    def sit_down(person, host="nordvik.localhost"):
        return Browser(HTTP_HOST=host).just_in(person)

    return sit_down


@pytest.fixture
def run(capsys):
    """Run a management command and return what it printed."""

    def run_command(*args, **options):
        call_command(*args, **options)
        return capsys.readouterr().out

    return run_command
