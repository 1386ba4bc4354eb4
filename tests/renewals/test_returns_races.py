"""Two at the same return at the same moment: one of them does it, the other is told, nothing is done twice."""

from collections import Counter

import pytest

from assets.models import Contract, Device
from renewals.models import Return
from renewals.returns.labels import put_label
from renewals.returns.opening import remind_provider
from renewals.returns.replacement import tell_to_return_now
from tests.making import a_device, a_lessor, an_admin
from tests.racing import at_once
from tests.renewals.returning import PDF, a_file, a_holder, a_return, a_return_of_its_own, now
from velory.journal.invariants import findings
from velory.journal.reason import NotYours, Refused
from velory.post.models import Letter

pytestmark = pytest.mark.races


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def outcome(said):
    """Refused, or not theirs any more: the lease that made them its provider is closed."""
    faults = [fault for fault in said if isinstance(fault, Exception) and not isinstance(fault, Refused | NotYours)]
    assert faults == []
    return Counter("refused" if isinstance(one, Exception) else "done" for one in said)


def test_the_provider_and_the_admins_confirm_at_once(race_company, at):
    returning, nils, lessor = a_return(), an_admin(), a_lessor()

    def confirm(n):
        return Device.objects.get(pk=returning.device_id).confirm_return(by=lessor if n % 2 else nils)

    assert outcome(at_once(race_company, 16, confirm)) == {"done": 1, "refused": 15}
    assert [e.step for e in returning.device.journal].count("confirm_return") == 1
    assert now(returning).received_at == at.moment


def test_release_by_both_closes_the_lease_once(race_company, at):
    returning, nils, lessor = a_return(), an_admin(), a_lessor()
    returning.device.confirm_return(by=nils)

    def release(n):
        return Device.objects.get(pk=returning.device_id).release(by=lessor if n % 2 else nils)

    assert outcome(at_once(race_company, 12, release)) == {"done": 1, "refused": 11}
    assert [e.step for e in returning.device.journal].count("close_contract") == 1
    assert Contract.objects.get().closed_on is not None
    assert [found for found in findings() if found[0].startswith("V")] == []


def test_labels_at_once_leave_one_file_and_one_letter(race_company, at, media):
    returning, lessor = a_return(), a_lessor()

    def upload(n):
        mine = Return.objects.select_related("device").get(pk=returning.pk)
        return put_label(mine, a_file(PDF + b" " * n), by=lessor, role="partner", at=at.moment)

    assert outcome(at_once(race_company, 8, upload)) == {"done": 8}
    assert len(list(media.rglob("*.pdf"))) == 1
    letters = Counter(Letter.objects.filter(template="renewals/return_label").values_list("state", flat=True))
    assert letters == {"queued": 1, "voided": 7}
    newest = Letter.objects.get(template="renewals/return_label", state="queued")
    assert newest.context["label"] == now(returning).label.name


def test_reminders_at_once_are_one(race_company, at):
    returning, nils = a_return(), an_admin()
    at("2026-11-24T08:00")

    def remind(n):
        return remind_provider(Return.objects.select_related("device").get(pk=returning.pk), by=nils, at=at.moment)

    assert outcome(at_once(race_company, 8, remind)) == {"done": 1, "refused": 7}
    assert Letter.objects.filter(template="renewals/return_reminder").count() == 1


def test_new_devices_and_an_admin_at_once_tell_the_holder_once(race_company, at):
    holder, nils = a_holder(), an_admin()
    returning = a_return_of_its_own(holder)

    def go(n):
        if n % 2:
            return a_device(holder, by=nils, at=at.moment, serial=f"RACE{n}")
        return tell_to_return_now(
            Return.objects.select_related("device__holder").get(pk=returning.pk), by=nils, at=at.moment
        )

    said = at_once(race_company, 8, go)

    assert [fault for fault in said if isinstance(fault, Exception) and not isinstance(fault, Refused)] == []
    assert Letter.objects.filter(template="renewals/time_to_return").count() == 1
    assert [e.step for e in returning.device.journal].count("begin_return") == 1
    assert Device.objects.get(pk=returning.device_id).status == "to_return"
