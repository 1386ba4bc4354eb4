"""Everything that a company has goes into one file that tells what is in it, that anybody can check, and that lies
here for a week. Nothing that opens a door goes with it."""

import json
import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError

from tests.making import a_device, a_person, an_admin
from velory import clock
from velory.agenda import book
from velory.archive import contents, making
from velory.archive.making import make
from velory.archive.models import BEGUN_AT_MOST, Archive
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.operators.models import OperatorDeed
from velory.people import invitations
from velory.people.again import SAID_AT
from velory.post.models import Letter
from velory.tenancy.context import inside, outside

# They sound like secrets and are none
HARMLESS = {
    "assets.importrow.key", "federated.signinsettings.has_passwords", "orders.channel.secret_before_until",
    "payments.look.key", "payments.payee.key",
    "post.hold.key", "post.letter.key", "post.mailevent.event_key",
    "renewals.reminder.recipient_key", "renewals.reminder.letter_key",
    "support.supportaccess.token_until",
}  # fmt: skip


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Files of a test go with it."""
    settings.MEDIA_ROOT = tmp_path


def a_made_archive(by, at):
    archive = Archive.ask(by=by, at=at)
    book.dispatch(at=at, apart_too=True)
    return Archive.objects.get(pk=archive.pk)


def opened(archive):
    return zipfile.ZipFile(default_storage.path(archive.path))


def rows_of(archive, table):
    with opened(archive) as archived:
        return [json.loads(line) for line in archived.read(f"tables/{table}.jsonl").splitlines()]


def test_every_table_and_every_file_is_in_it_and_counted(at, run):
    admin = an_admin()
    devices = [a_device(a_person(), by=admin).ref for _number in range(3)]
    default_storage.save("labels/a label.pdf", ContentFile(b"%PDF label"))
    default_storage.save("photos/p.jpg", ContentFile(b"photo"))

    archive = a_made_archive(admin, at("2026-11-22T08:00"))

    assert archive.state == Archive.State.READY
    assert [row["ref"] for row in rows_of(archive, "assets.device")] == devices
    with opened(archive) as archived:
        says = json.loads(archived.read("manifest.json"))
        files = [json.loads(line) for line in archived.read("files.jsonl").splitlines()]
        assert archived.read("files/labels/a label.pdf") == b"%PDF label"
        assert "check_archive" in archived.read("README.txt").decode()
    assert {table["table"] for table in says["tables"]} == {m._meta.label_lower for m in contents.tables()}
    assert [fact["file"] for fact in files] == ["files/labels/a label.pdf", "files/photos/p.jpg"]
    assert says["company"]["short_name"] == "nordvik"
    assert (says["asked_by"], says["asked_at"]) == ("Nils Wikström", "2026-11-22T07:00:00+00:00")
    assert archive.counts["files"] == says["files"]["count"] == 2
    assert "are whole" in run("check_archive", default_storage.path(archive.path))


def test_amounts_are_text_and_moments_are_utc(at):
    device = a_device(leased=True)
    archive = a_made_archive(an_admin(), at.moment)

    assert rows_of(archive, "assets.contract")[0]["acquisition_price"] == "9490.00"
    assert rows_of(archive, "assets.device")[0]["registered_at"].endswith("+00:00")
    assert rows_of(archive, "assets.device")[0]["ref"] == device.ref


def test_made_twice_of_the_same_it_is_the_same(at):
    a_device(a_person())
    archive = Archive.ask(by=an_admin(), at=at.moment)
    made = []
    for _time in range(2):
        making.remove(archive)
        Archive.objects.filter(pk=archive.pk).update(state=Archive.State.MAKING)
        again = Archive.objects.get(pk=archive.pk)
        make(again, at=at.moment)
        with opened(again) as archived:
            made.append({n: archived.read(n) for n in archived.namelist() if "device" in n or "person" in n})
    assert made[0] == made[1]


# What stays outside


def test_nothing_that_opens_a_door_is_in_it(at):
    admin, person = an_admin(), a_person()
    person.set_password("canary-password-1")
    person.save()
    made = invitations.invite(a_person(), by=admin)
    letter = Letter.objects.get(person=made.person)
    token = re.search(r"/welcome/([\w-]+)/", letter.context["link"])[1]
    gone = {"state": Letter.State.SENT, "sent_at": at.moment}
    Letter.objects.filter(pk=letter.pk).update(**gone, text="See https://x/l/abcdefghijklmnopqrstuvwxyz0123/ now")

    archive = a_made_archive(admin, at.moment)

    with opened(archive) as archived:
        everything = b"".join(archived.read(name) for name in archived.namelist())
    for secret in (person.password, made.token, token, "abcdefghijklmnopqrstuvwxyz0123"):
        assert secret.encode() not in everything, secret
    assert "See https://x/l/••••/ now" in rows_of(archive, "post.letter")[0]["text"]
    with opened(archive) as archived:
        says = json.loads(archived.read("manifest.json"))
    assert {"table": "people.person", "column": "password", "why": contents.SIGNS_IN} in says["left_out"]
    assert "password" not in rows_of(archive, "people.person")[0]


def test_whatever_sounds_like_a_secret_is_left_out_or_was_looked_at():
    """A new column of that kind is named in `contents.py`: left out with a reason, or harmless."""
    sounds = re.compile(r"secret|token|passw|hash|(^|_)key$|method_id|salt|otp|signature$")
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in contents.tables()
        for field in contents.columns(model)
        if sounds.search(field.name) and not field.is_relation
    }
    assert found - HARMLESS == set()


def test_nothing_of_another_company_is_in_it(at, saimaa):
    with inside(saimaa):
        a_device(a_person("Canary", "Kanariefågel", email="canary@saimaa.example"))
        default_storage.save("labels/canary.pdf", ContentFile(b"canary"))
    archive = a_made_archive(an_admin(), at.moment)
    with opened(archive) as archived:
        everything = b"".join(archived.read(name) for name in archived.namelist()).lower()
        assert not any("canary" in name for name in archived.namelist())
    assert b"canary" not in everything
    assert b"saimaa" not in everything


# How it goes


def test_there_is_one_at_a_time(at):
    admin = an_admin()
    Archive.ask(by=admin, at=at.moment)
    with pytest.raises(Refused):
        Archive.ask(by=admin, at=at.moment)
    assert Archive.objects.count() == 1


def test_whoever_asked_gets_a_letter_and_it_stands_in_the_journal(at):
    admin, other = an_admin(), an_admin()
    archive = a_made_archive(admin, at.moment)
    assert [letter.person for letter in Letter.objects.of_template("archive/ready")] == [admin]
    entries = Entry.objects.about(archive)
    assert [entry.step for entry in entries] == ["ask", "finish"]
    assert str(entries[0]) == f"Nils Wikström asked for an export of all data and files ({archive.ref})."
    assert other.pk


def test_an_operator_asks_and_every_admin_hears(at):
    admins = [an_admin(), an_admin()]
    Archive.ask(by=None, operator="Ylva Operator", at=at.moment)
    book.dispatch(at=at.moment, apart_too=True)
    letters = Letter.objects.of_template("archive/ready").order_by("pk")
    assert [letter.person for letter in letters] == admins
    assert "Ylva Operator, an operator of Velory" in str(Entry.objects.about(Archive.objects.get())[0])


def test_after_a_week_the_file_is_gone_and_the_row_stays(at):
    archive = a_made_archive(an_admin(), at.moment)
    path = archive.path
    book.dispatch(at=at("2026-11-29T06:59"))
    assert default_storage.exists(path)
    book.dispatch(at=at("2026-11-29T07:00"))
    assert not default_storage.exists(path)
    assert Archive.objects.get().state == Archive.State.DELETED


@pytest.mark.parametrize("place", ["ARCHIVE.after_tables", "ARCHIVE.before_name"])
def test_what_was_cut_off_goes_on_and_is_whole(at, place, monkeypatch, run):
    class Killed(BaseException):
        pass

    def crash(here):
        if here == place:
            raise Killed

    default_storage.save("labels/a.pdf", ContentFile(b"a"))
    archive = Archive.ask(by=an_admin(), at=at.moment)
    monkeypatch.setattr(making, "crash", crash)
    with pytest.raises(Killed):
        make(Archive.objects.get(), at=at.moment)
    monkeypatch.undo()

    book.dispatch(at=at.moment, apart_too=True)
    archive = Archive.objects.get()
    assert archive.state == Archive.State.READY
    assert "1 files are whole" in run("check_archive", default_storage.path(archive.path))


def test_a_torn_file_is_begun_anew(at, run):
    archive = Archive.ask(by=an_admin(), at=at.moment)
    for suffix, content in ((".part", b"PK torn"), (".files.jsonl", b""), (".tables.json", b"{}")):
        default_storage.save(f"archives/{archive.ref}{suffix}", ContentFile(content))
    book.dispatch(at=at.moment, apart_too=True)
    assert "are whole" in run("check_archive", default_storage.path(archive.path))


def test_files_that_take_long_are_copied_batch_by_batch(at, monkeypatch, run):
    for name in "abc":
        default_storage.save(f"labels/{name}.pdf", ContentFile(name.encode()))
    monkeypatch.setattr(making, "LONGEST", -1)
    archive = Archive.ask(by=an_admin(), at=at.moment)
    for _run in range(3):
        assert Archive.objects.get().state == Archive.State.MAKING
        book.dispatch(at=at.moment, apart_too=True)
    assert Archive.objects.get().state == Archive.State.READY
    assert "3 files are whole" in run("check_archive", default_storage.path(archive.path))


def test_what_never_gets_finished_is_given_up_and_does_not_stand_in_the_way(at, monkeypatch):
    admin = an_admin()
    Archive.ask(by=admin, at=at.moment)
    for _time in range(BEGUN_AT_MOST):
        assert Archive.objects.get().begin(at=at.moment)
    assert not Archive.objects.get().begin(at=at.moment)
    assert Archive.objects.get().state == Archive.State.FAILED
    Archive.ask(by=admin, at=at.moment + timedelta(minutes=1))


# The checker


def spoiled(archive, change, tmp_path):
    """A copy of an archive in which one member was changed, dropped or added."""
    path = tmp_path / "copy.zip"
    with opened(archive) as archived, zipfile.ZipFile(path, "w") as copy:
        for name in archived.namelist():
            content = change(name, archived.read(name))
            if content is not None:
                copy.writestr(name, content)
        if (extra := change("extra", b"")) and extra != b"":
            copy.writestr("tables/extra.jsonl", extra)
    return path


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda n, c: c + b"{}\n" if n.endswith("assets.device.jsonl") else c, "has 2 rows, not 1"),
        (lambda n, c: c.replace(b"SER", b"RES") if n.endswith("assets.device.jsonl") else c, "its SHA-256 is"),
        (lambda n, c: None if n.endswith("assets.device.jsonl") else c, "is not in the archive"),
        (lambda n, c: b"x" if n == "extra" else c, "nothing says that it is in the archive"),
        (lambda n, c: b"other" if n.endswith("a.pdf") else c, "files/labels/a.pdf: its SHA-256 is"),
    ],
)
def test_the_checker_finds_what_was_changed(at, change, finding, tmp_path, capsys, run):
    default_storage.save("labels/a.pdf", ContentFile(b"label"))
    a_device()
    archive = a_made_archive(an_admin(), at.moment)
    with pytest.raises(SystemExit) as end:
        run("check_archive", spoiled(archive, change, tmp_path))
    assert end.value.code == 1
    assert finding in capsys.readouterr().out


def test_the_checker_says_in_a_sentence_what_is_no_archive(tmp_path, run):
    (tmp_path / "x.zip").write_bytes(b"nothing")
    with pytest.raises(CommandError, match="is no archive of Velory"):
        run("check_archive", tmp_path / "x.zip")


# At the keyboard


def test_an_admin_asks_and_downloads(at, at_their_desk):
    desk = at_their_desk(an_admin())
    assert "Make an export" in desk.get("/settings/export/").content.decode()
    assert desk.post("/settings/export/").status_code == 303
    assert "The export is being made" in desk.get("/settings/export/").content.decode()
    assert desk.post("/settings/export/").status_code == 409
    book.dispatch(at=at.moment, apart_too=True)

    archive = Archive.objects.get()
    answer = desk.get(f"/settings/export/{archive.ref}/")
    assert answer["Content-Disposition"] == f'attachment; filename="nordvik-2026-11-22-{archive.ref}.zip"'
    assert zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert Entry.objects.about(archive).last().step == "download"

    assert desk.post(f"/settings/export/{archive.ref}/delete/").status_code == 303
    assert desk.get(f"/settings/export/{archive.ref}/").status_code == 404
    assert not default_storage.exists(archive.path)


def has_just_said_who_they_are(browser, ops):
    with inside(ops):
        session = browser.session
        session[SAID_AT] = clock.wall().isoformat()
        session.save()


def test_of_a_suspended_company_an_operator_fetches_it_to_hand_it_over(at, console, ops, nordvik):
    archive = a_made_archive(an_admin(), at("2026-11-22T08:00"))
    assert console.post("/companies/nordvik/export/fetch/").url.startswith("/you/again/")
    has_just_said_who_they_are(console, ops)
    assert console.post("/companies/nordvik/export/fetch/").status_code == 404  # its admins fetch it
    assert "Fetch the export" not in console.get("/companies/nordvik/").text

    console.post("/companies/nordvik/suspend/", {"reason": "The invoice of September is not paid."})
    assert "Fetch the export" in console.get("/companies/nordvik/").text
    answer = console.post("/companies/nordvik/export/fetch/")

    assert answer["Content-Disposition"] == f'attachment; filename="nordvik-2026-11-22-{archive.ref}.zip"'
    assert zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))).testzip() is None
    entry = Entry.objects.about(archive).last()
    assert (entry.step, entry.role) == ("hand_over", "operator")
    assert "Velory Operator, an operator of Velory, fetched the export" in entry.sentence
    with outside():
        assert OperatorDeed.objects.filter(deed="hand_over_export").count() == 1


def test_nothing_lies_there_for_a_suspended_company_and_the_console_says_what_to_do(console, ops, nordvik):
    has_just_said_who_they_are(console, ops)
    console.post("/companies/nordvik/suspend/", {"reason": "The invoice of September is not paid."})
    assert "Open it again to make one." in console.get("/companies/nordvik/").text
    assert console.post("/companies/nordvik/export/fetch/").status_code == 409


def test_it_is_not_given_out_after_its_week_even_while_nobody_deletes_it(at, at_their_desk):
    desk = at_their_desk(an_admin())
    archive = a_made_archive(an_admin(), at.moment)
    at("2026-11-29T06:59")
    assert desk.get(f"/settings/export/{archive.ref}/").status_code == 200
    at("2026-11-29T07:00")
    assert desk.get(f"/settings/export/{archive.ref}/").status_code == 404
    assert archive.ref not in desk.get("/settings/export/").content.decode()


def test_nobody_else_gets_near_it(at, at_their_desk, client, saimaa):
    archive = a_made_archive(an_admin(), at.moment)
    path = f"/settings/export/{archive.ref}/"
    assert at_their_desk(a_person()).get(path).status_code == 403
    assert client.get(path).status_code == 302
    with inside(saimaa):
        assert at_their_desk(an_admin(), "saimaa.localhost").get(path).status_code == 404
