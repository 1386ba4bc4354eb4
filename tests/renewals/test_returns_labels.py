"""The return label: looked into before it is kept, kept out of reach, given to those whose it is."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from renewals.models import Return
from renewals.returns.forms import LabelForm
from renewals.returns.labels import MOST_BYTES, as_download, put_label
from renewals.returns.promise import promised_by
from tests.conftest import Browser
from tests.kernel.posting import post_is_sent
from tests.making import a_lessor, a_person, an_admin
from tests.renewals.returning import PDF, a_file, a_holder, a_return, labelled, now
from velory.journal.reason import Refused
from velory.people.models import Person
from velory.post.models import Letter
from velory.tenancy.context import inside

MEDIA = {}


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = MEDIA["root"] = tmp_path
    return tmp_path


def kept():
    return sorted(str(path.relative_to(MEDIA["root"])) for path in MEDIA["root"].rglob("*") if path.is_file())


def wrong(content, name="label.pdf"):
    form = LabelForm({}, {"label": SimpleUploadedFile(name, content, "application/pdf")})
    return form.errors.get("label", [""])[0]


# What is taken


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"<html><script>alert(1)</script></html>", "not a PDF"),
        (b"<html>" + PDF, "not a PDF"),
        (b"\n" + PDF, "not a PDF"),
        (b"MZ\x90\x00" + PDF, "not a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "not a PDF"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "not a PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "not a PDF"),
        (b"%PDF-", "not a PDF"),
        (b"%PDF-1.4\n", "damaged"),
        (PDF[:-20], "damaged"),
        (PDF + b"PK\x05\x06" + b"\0" * 18, "damaged"),
        (PDF + b"<script>alert(1)</script>", "damaged"),
        (PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 5 0 R"), "password"),
        (PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/Launch/F(calc.exe)>>"), "starts programs"),
        (PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/L#61unch/F(calc.exe)>>"), "starts programs"),
        (PDF.replace(b"/Type/Catalog", b"/Type/Catalog/Names<</EmbeddedFiles 6 0 R>>"), "carries other files"),
        (PDF + b" " * MOST_BYTES, "larger than 10 MB"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else value[:20],
)
def test_what_is_no_label_is_refused_in_words(content, words):
    assert words in wrong(content)


@pytest.mark.parametrize("content", [PDF, PDF + b"\r\n\r\n", PDF.replace(b"1.4", b"2.0"), PDF.ljust(MOST_BYTES)])
def test_a_whole_pdf_is_taken(content):
    assert wrong(content) == ""


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.pdf", "..\\..\\x.pdf", 'a"; filename="b.html', "a\r\nX-Evil: 1.pdf", "label.pdf.exe", "ö å.pdf",
     ".pdf", "%00.pdf", "a" * 300 + ".pdf", "\u202efdp.exe"],
)  # fmt: skip
def test_its_name_goes_nowhere(name, at, at_their_desk):
    returning = a_return()
    file = SimpleUploadedFile("label.pdf", PDF)
    file._name = name  # as no browser sends it
    put_label(returning, file, by=a_lessor(), role="partner", at=at.moment)
    returning = now(returning)

    [path] = kept()
    assert re.fullmatch(r"[0-9a-f-]{36}/labels/[0-9a-f]{32}\.pdf", path)
    assert len(returning.label_name) <= 120
    assert not re.search("[\r\n\x00\u202e]", returning.label_name)
    answer = at_their_desk(returning.device.holder).get(f"/returns/{returning.ref}/label/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="return-label-{returning.device.ref}.pdf"'


# To the holder


def test_the_holder_gets_it_by_mail(at):
    returning = labelled(a_return(), at)
    post_is_sent(at)

    [message] = [m for m in mail.outbox if m.to == ["Ebba Bäckman <" + returning.device.holder.email + ">"]] or [
        m for m in mail.outbox if returning.device.holder.email in m.to[0]
    ]
    assert message.subject == "The return label for your Apple iPhone 15 128 GB"
    assert [(a.filename, a.content, a.mimetype) for a in message.attachments] == [
        (f"return-label-{returning.device.ref}.pdf", PDF, "application/pdf")
    ]
    assert "Do not send it back yet." in message.body


def test_one_that_is_too_large_for_a_mail_stands_on_the_page_only(at):
    labelled(a_return(), at, content=PDF.ljust(7 * 1024 * 1024))
    post_is_sent(at)

    message = mail.outbox[-1]
    assert message.attachments == []
    assert "too large for a mail" in message.body.replace("\n", " ")


def test_a_newer_one_takes_its_place(at, django_capture_on_commit_callbacks):
    returning = labelled(a_return(), at)
    first = kept()
    with django_capture_on_commit_callbacks(execute=True):
        returning = labelled(returning, at, content=PDF.replace(b"432", b"433"))
    post_is_sent(at)

    assert len(kept()) == 1
    assert kept() != first
    letters = Letter.objects.filter(template="renewals/return_label").order_by("pk")
    assert [letter.state for letter in letters] == ["voided", "sent"]
    assert [m.attachments[0].content for m in mail.outbox if m.attachments] == [PDF.replace(b"432", b"433")]
    assert [e.step for e in returning.device.journal][-2:] == ["put_label", "replace_label"]


def test_where_the_holder_cannot_be_written_to_the_admins_get_it(at):
    labelled(a_return(a_holder(email=None)), at)

    told = [letter.person for letter in Letter.objects.filter(template="renewals/return_label").order_by("person")]
    assert told == list(Person.objects.admins())


def test_it_comes_too_late_once_the_device_is_back(at):
    returning, nils = a_return(), an_admin()
    returning.device.confirm_return(by=nils)

    with pytest.raises(Refused, match="come back already"):
        labelled(returning, at)
    assert kept() == []


def test_a_fault_while_it_is_kept_leaves_no_file(at, monkeypatch):
    returning = a_return()
    monkeypatch.setattr("renewals.returns.notices.holder_gets_the_label", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        labelled(returning, at)
    assert (kept(), now(returning).label.name) == ([], "")


def test_two_replaced_letters_are_never_sent_again_with_an_old_label(at, at_their_desk):
    returning = labelled(a_return(), at)
    post_is_sent(at)
    first = Letter.objects.get(template="renewals/return_label")
    labelled(returning, at, content=PDF + b"\n")
    mail.outbox.clear()

    at_their_desk(an_admin()).post(f"/mail/{first.ref}/again/")
    post_is_sent(at)

    assert [m.attachments[0].content for m in mail.outbox] == [PDF + b"\n"]


# Who may have it


def test_its_holder_and_admins_have_it_as_a_download(at, at_their_desk):
    returning = labelled(a_return(), at)
    for who in (returning.device.holder, an_admin()):
        answer = at_their_desk(who).get(f"/returns/{returning.ref}/label/")
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert not {"ETag", "Last-Modified"} & set(answer.headers)


def test_who_asks_while_a_newer_one_takes_its_place_gets_the_newer_one(at, django_capture_on_commit_callbacks):
    seen = labelled(a_return(), at)
    with django_capture_on_commit_callbacks(execute=True):
        put_label(now(seen), a_file(PDF + b"\n"), by=seen.provider, role="partner", at=at.moment)

    assert b"".join(as_download(seen).streaming_content) == PDF + b"\n"
    default_storage.delete(now(seen).label.name)
    with pytest.raises(Http404):
        as_download(seen)
    with pytest.raises(Http404):
        as_download(now(seen))


def test_nobody_else_has_it(at, at_their_desk, saimaa):
    returning = labelled(a_return(), at)
    path = f"/returns/{returning.ref}/label/"

    assert at_their_desk(a_person()).get(path).status_code == 404
    assert Browser(HTTP_HOST="nordvik.localhost").get(path).status_code == 302
    with inside(saimaa):
        stranger = at_their_desk(an_admin(), host="saimaa.localhost")
    assert stranger.get(path).status_code == 404
    for guess in (f"/media/{kept()[0]}", f"/static/{kept()[0]}", f"/files/{kept()[0]}"):
        assert at_their_desk(an_admin()).get(guess).status_code == 404


def test_its_former_holder_has_it_no_longer(at, at_their_desk):
    returning, nils = labelled(a_return(), at), an_admin()
    holder = returning.device.holder
    returning.device.confirm_return(by=nils)
    returning.device.release(by=nils)

    assert at_their_desk(holder).get(f"/returns/{returning.ref}/label/").status_code == 404
    assert at_their_desk(nils).get(f"/returns/{returning.ref}/label/").status_code == 200


def test_each_company_keeps_its_own_in_a_folder_of_its_own(at, saimaa, nordvik):
    labelled(a_return(), at)
    with inside(saimaa):
        labelled(a_return(), at)

    assert {Path(path).parts[0] for path in kept()} == {str(nordvik.uuid), str(saimaa.uuid)}


# In the provider's stead


def test_an_admin_uploads_it_in_the_provider_s_stead(at, at_their_desk):
    returning, nils = a_return(), an_admin()
    desk = at_their_desk(nils)
    assert "The activity says that you did it for 3 Step IT." in desk.get(f"/returns/{returning.ref}/upload/").text

    answer = desk.post(f"/returns/{returning.ref}/upload/", {"label": a_file()})

    assert answer.status_code == 303
    entry = now(returning).device.journal.last()
    assert (entry.role, entry.sentence) == ("admin", "Nils Wikström for 3 Step IT uploaded the return label.")


def test_an_admin_is_told_what_is_wrong_with_a_file(at, at_their_desk):
    returning = a_return()
    answer = at_their_desk(an_admin()).post(f"/returns/{returning.ref}/upload/", {"label": a_file(b"<html>")})

    assert answer.status_code == 422
    assert "The file is not a PDF." in answer.text
    assert kept() == []
    assert Return.objects.without_label().chosen_by(promised_by(at.moment)).exists()
