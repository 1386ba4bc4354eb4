"""A file goes with a letter by reference: it stays where it is kept and is read when the letter goes."""

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from renewals.models import Return
from tests.kernel.posting import a_kind, a_letter, post_is_sent, the_letter
from tests.making import a_person, an_admin
from velory.post.letters import Attachment
from velory.post.models import Letter


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def with_a_file(monkeypatch, content=b"%PDF-1.7 label"):
    name = default_storage.save("labels/abc.pdf", ContentFile(content))

    def files(letter):
        return [
            Attachment("return-label.pdf", "application/pdf", FieldFile(None, Return._meta.get_field("label"), name))
        ]

    a_kind(monkeypatch, attaches=files)
    return name


def test_the_file_goes_with_both_parts_of_the_letter(monkeypatch, media, at):
    with_a_file(monkeypatch)
    a_letter(a_person(), at)
    post_is_sent(at)

    [message] = mail.outbox
    assert [(a.filename, a.content, a.mimetype) for a in message.attachments] == [
        ("return-label.pdf", b"%PDF-1.7 label", "application/pdf")
    ]
    wire = message.message()
    assert wire.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in wire.walk()][1:] == [
        "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip


def test_its_row_keeps_no_file(monkeypatch, media, at):
    with_a_file(monkeypatch)
    a_letter(a_person(), at)
    post_is_sent(at)

    assert b"%PDF" not in str(Letter.objects.values().get()).encode()


def test_a_file_that_is_gone_delays_its_letter_and_no_other(monkeypatch, media, at):
    default_storage.delete(with_a_file(monkeypatch))
    a_letter(a_person(), at)
    post_is_sent(at)

    assert mail.outbox == []
    assert (the_letter().state, the_letter().tries) == ("queued", 1)


def test_the_admins_read_which_file_went(monkeypatch, media, at, at_their_desk):
    with_a_file(monkeypatch)
    letter = a_letter(a_person(), at)

    assert "return-label.pdf" in at_their_desk(an_admin()).get(letter.get_absolute_url()).text
