"""A company's letters show its own name, sender, contact line and logo; the logo goes with them, nothing is fetched."""

import io

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.kernel.posting import a_kind, a_letter, post_is_sent, the_letter
from tests.making import a_person, an_admin
from velory.journal.models import Entry
from velory.post import identity
from velory.post.models import MailSettings

PAGE = "/mail/identity/"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    return a_kind(monkeypatch)


@pytest.fixture
def admin(at_their_desk):
    return at_their_desk(an_admin())


def a_picture(form="JPEG", size=(900, 300)):
    sent = io.BytesIO()
    Image.new("RGB", size, "teal").save(sent, form)
    return SimpleUploadedFile("logo.jpg", sent.getvalue(), "image/jpeg")


def the_mail(at):
    a_letter(a_person("Ebba", language="en"), at, key=f"test/{len(mail.outbox)}")
    post_is_sent(at)
    return mail.outbox[-1]


def test_names_and_lines_are_shown(at, admin):
    page = admin.post(
        PAGE, {"shown_name": "Nordvik IT", "sender_name": "IT at Nordvik", "contact_line": "Weekdays 8 to 17, 08-123"},
        follow=True,
    )  # fmt: skip
    assert "Name and logo are saved." in page.text
    message = the_mail(at)
    assert message.from_email.startswith('"IT at Nordvik"') or message.from_email.startswith("IT at Nordvik <")
    for part in (message.body, message.alternatives[0].content):
        assert "Weekdays 8 to 17, 08-123" in part
        assert "Nordvik IT" in part


def test_unless_they_are_set_it_is_the_company_via_velory(at):
    assert "Nordvik Energi AB via" in the_mail(at).from_email


@pytest.mark.parametrize("field", ["shown_name", "sender_name", "contact_line"])
def test_no_line_can_hold_a_header(admin, field):
    page = admin.post(PAGE, {field: "IT\nBcc: someone@nordvik.example"})
    assert page.status_code == 422
    assert not MailSettings.objects.exclude(**{field: ""}).exists()


def test_a_logo_goes_with_the_letter_as_a_part_of_it(at, admin):
    admin.post(PAGE, {"logo": a_picture()})
    message = the_mail(at)
    assert f'src="cid:{identity.LOGO_ID}"' in message.alternatives[0].content
    [part] = message.attachments
    assert part["Content-ID"] == f"<{identity.LOGO_ID}>"
    assert part.get_content_disposition() == "inline"
    written = Image.open(io.BytesIO(part.get_content()))
    assert (written.format, written.size) == ("PNG", (480, 160))
    assert b"Content-ID: <logo@velory>" in message.message().as_bytes()
    assert "http" not in message.alternatives[0].content.split("<img")[1].split(">")[0]


def test_pages_show_the_logo_in_the_letter_and_in_the_frame(at, admin):
    admin.post(PAGE, {"logo": a_picture()})
    the_mail(at)
    assert 'src="data:image/png;base64,' in admin.get(f"/mail/{the_letter().ref}/html/").text
    stamp = identity.logo_stamp()
    page = admin.get(PAGE)
    assert f"/mail/logo/{stamp}.png" in page.text
    shown = admin.get(f"/mail/logo/{stamp}.png")
    assert shown.headers["Content-Type"] == "image/png"


def test_what_is_no_picture_is_refused_in_words_and_nothing_is_saved(admin):
    page = admin.post(PAGE, {"shown_name": "Nordvik IT", "logo": SimpleUploadedFile("logo.svg", b"<svg/>")})
    assert page.status_code == 422
    assert "The file is not a picture." in page.text
    assert not MailSettings.objects.filter(shown_name="Nordvik IT").exists()
    assert not identity.logo_stamp()


def test_a_reset_takes_everything_back_and_stands_in_the_journal(at, admin):
    admin.post(PAGE, {"shown_name": "Nordvik IT", "logo": a_picture()})
    admin.post(f"{PAGE}reset/")
    assert not identity.logo_stamp()
    assert MailSettings.here().shown_name == ""
    assert "cid:" not in the_mail(at).alternatives[0].content
    entries = Entry.objects.filter(about_type="post.mailsettings").order_by("version")
    assert list(entries.values_list("step", flat=True)) == ["change", "logo", "reset_identity", "no_logo"]


def test_the_neighbour_has_none(at, admin, saimaa):
    from velory.tenancy.context import inside

    admin.post(PAGE, {"logo": a_picture()})
    with inside(saimaa):
        assert identity.logo() is None
