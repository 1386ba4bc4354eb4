"""Everything that a company can set says what it does and how it begins; a change stands in the event log."""

import re

import pytest
from django.apps import apps
from django.utils import translation

from assets.models import AssetSettings
from repairs.models import RepairSettings
from tests.assets.making import words
from tests.making import a_person, an_admin
from velory.journal.models import Entry

FIELDS = [
    (model, field.name)
    for model in apps.get_models()
    if model.__name__.endswith("Settings") or model.__name__ == "Policy"
    for field in model._meta.get_fields()
    if not field.primary_key
]
PAGES = {  # the others stand on one
    "post": ["/mail/settings/", "/mail/identity/"],
    "support": ["/settings/support/"],
    "federated": ["/settings/sign-in/"],
}


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda each: getattr(each, "__name__", each))
def test_each_setting_stands_on_a_page_with_its_effect_and_its_default(at_their_desk, language, model, name):
    desk = at_their_desk(an_admin(language=language))
    pages = PAGES.get(model._meta.app_label, ["/settings/"])
    text = "".join(desk.get(page).text for page in pages)
    control = re.search(rf'<(?:input|select|textarea)[^>]*\bname="{name}"[^>]*>', text)
    assert control, f"{model.__name__}.{name} stands on no page"
    if model._meta.app_label == "support":
        return  # a choice of whole sentences, which say what they do
    described = re.search(r'aria-describedby="([^"]*)"', control[0]) or re.search(
        rf'<fieldset[^>]*aria-describedby="([^"]*id_{name}_help)"', text
    )
    help_text = re.search(rf'id="{described[1].split()[-1]}">([^<]*)<', text)[1]
    if model._meta.app_label == "post":
        assert len(help_text.split()) > 3
        return
    with translation.override(language):
        assert translation.gettext("Default: %(value)s.").partition("%")[0] in help_text


def test_what_was_and_what_is_stand_in_the_event_log(desk):
    form = {"section": "repair_settings", "routine": "Ask in the reception.", "loan_days": "21"}
    assert desk.post("/settings/", form).status_code == 302
    [entry] = Entry.objects.about(RepairSettings.here())
    assert "days for which a device is lent: 14 → 21" in entry.sentence
    assert "repair routine: – → Ask in the reception." in entry.sentence


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(desk):
    answer = desk.post("/settings/", {"section": "repair_settings", "routine": "", "loan_days": "soon"})
    assert answer.status_code == 422
    assert re.search(r'name="loan_days"[^>]*aria-invalid="true"', answer.text)
    assert RepairSettings.here().loan_days == 14
    assert not Entry.objects.about(RepairSettings.here()).exists()


def test_the_defaults_are_filled_in_and_kept_only_when_somebody_saves_them(desk):
    desk.post("/settings/", {"section": "hardware_settings"})
    page = desk.get("/settings/?defaults=hardware_settings")
    assert "The defaults are filled in. Nothing has changed yet" in words(page)
    assert re.search(r'name="hide_company_assets"[^>]*checked', page.text)
    assert AssetSettings.here().hide_company_assets is False


def test_what_somebody_changed_meanwhile_is_not_taken_back(desk):
    form = {"section": "hardware_settings", "holder_may_receive": "on", "version": "0"}
    assert desk.post("/settings/", form).status_code == 302
    late = desk.post("/settings/", form | {"hide_company_assets": "on"})
    assert late.status_code == 422
    assert "Somebody was first" in words(late)
    assert AssetSettings.here().hide_company_assets is False


def test_saving_what_is_so_says_that_nothing_changed(desk):
    form = {"section": "hardware_settings", "holder_may_receive": "on", "hide_company_assets": "on"}
    assert "Nothing was changed." in words(desk.post("/settings/", form, follow=True))
    assert not Entry.objects.exists()


def test_the_settings_are_searched(desk):
    found = words(desk.get("/settings/", {"q": "Lent DEVICE"}))
    assert "1 section speaks of “Lent DEVICE”" in found
    assert "Days for which a device is lent" in found
    assert "hide company assets" not in found
    assert "0 sections speak of" in words(desk.get("/settings/", {"q": "zzz\0"}))


def test_what_the_operator_decides_is_read_and_not_changed(desk):
    text = words(desk.get("/settings/"))
    assert "Whoever runs Velory for you sets these." in text
    assert "Time zone Europe/Stockholm" in text


def test_settings_are_for_admins(at_their_desk):
    assert at_their_desk(a_person()).get("/settings/").status_code == 403
