"""At the keyboard a step is taken, refused with its reason, or asked for once more; never half."""

import pytest
from django.contrib.messages import get_messages

from assets.lifecycle import Status
from assets.models import Device
from tests.making import a_device, a_person, an_admin

pytestmark = pytest.mark.urls("tests.kernel.one_door")


def address(device, step):
    return f"/devices/{device.ref}/{step}/"


def flashes(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_step_is_taken_and_the_page_says_what_is_now_true(at_their_desk):
    nils, device = an_admin(), a_device()
    answer = at_their_desk(nils).post(address(device, "remove"), {"why": "Lost", "version": device.version})
    assert (answer.status_code, answer.url) == (303, f"/devices/{device.ref}/")
    assert flashes(answer) == [f"{device} is now “Removed”."]
    assert Device.objects.get().status == Status.REMOVED


def test_a_step_leads_where_its_page_says(at_their_desk):
    nils, device = an_admin(), a_device()
    device.remove(by=nils, why="Lost")
    assert at_their_desk(nils).post(address(device, "restore")).url == "/elsewhere/"


def test_a_step_that_needs_words_asks_for_them(at_their_desk):
    nils, device = an_admin(), a_device()
    page = at_their_desk(nils).get(address(device, "remove"))
    assert page.status_code == 200
    assert f'name="version" value="{device.version}"' in page.content.decode()
    assert "Remove device</h1>" in page.content.decode()


def test_a_form_that_lacks_something_comes_back_with_its_error(at_their_desk):
    nils, device = an_admin(), a_device()
    page = at_their_desk(nils).post(address(device, "remove"), {"why": "", "version": device.version})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_why_error"' in text
    assert Device.objects.get().status == Status.ACTIVE


def test_who_comes_second_sees_what_it_is_now_and_nothing_is_saved(at_their_desk):
    nils, device = an_admin(), a_device()
    seen = device.version
    device.set_payor(by=nils, payor="employee")
    page = at_their_desk(nils).post(address(device, "remove"), {"why": "Lost", "version": seen})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Somebody was first" in text
    assert "#i-circle-check" in text
    assert f'href="/devices/{device.ref}/"' in text
    assert not device.journal.filter(step="remove").exists()


def test_a_step_from_another_status_is_refused_with_the_reason(at_their_desk):
    nils, device = an_admin(), a_device()
    page = at_their_desk(nils).post(address(device, "restore"), {"version": device.version})
    assert page.status_code == 409
    assert "the status is “Active”" in page.content.decode()


def test_a_role_that_is_not_enough_is_told_so(at_their_desk):
    ebba, device = a_person("Ebba", "Sjöberg", language="en"), a_device()
    page = at_their_desk(ebba).post(address(device, "remove"), {"why": "Lost"})
    assert page.status_code == 403
    assert "This is for somebody else to do" in page.content.decode()
    assert Device.objects.get().status == Status.ACTIVE


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "1" * 20])
def test_a_version_that_is_no_number_is_taken_as_not_sent(at_their_desk, version):
    nils, device = an_admin(), a_device()
    answer = at_their_desk(nils).post(address(device, "remove"), {"why": "Lost", "version": version})
    assert answer.status_code == 303


def test_a_lost_session_sends_the_whole_page_to_sign_in(client):
    device = a_device()
    here = f"http://nordvik.localhost/devices/{device.ref}/?tab=notes"
    answer = client.get(address(device, "remove"), headers={"hx-request": "true", "hx-current-url": here})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == f"/sign-in/?next=%2Fdevices%2F{device.ref}%2F%3Ftab%3Dnotes"
    assert answer.content == b""
