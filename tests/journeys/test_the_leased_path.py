"""A leased device from three months before its renewal date to its end (spec 2, the leased path; the Swedish seed).

Four people walk the same months on one clock, two in Swedish and two in English. All choose preliminarily and change
their mind; all choose finally. Two buy their phone out with their own card, two return theirs.
"""

import re
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext

from tests.renewals.returning import PDF

pytestmark = [pytest.mark.browser, pytest.mark.far]
THREE_MONTHS_BEFORE, ONE_MONTH_BEFORE = "2027-01-19T08:10", "2027-03-19T08:10"
GOOD, DECLINED = "4242424242424242", "4000000000000002"


@dataclass
class Walk:
    """One person with their device, how they look at it, and what they see on the way."""

    email: str
    number: str
    admin: str
    provider: str
    size: str
    theme: str
    language: str
    says: dict = field(default_factory=dict)

    @property
    def look(self):
        return {"size": self.size, "theme": self.theme, "language": self.language}

    def word(self, text):
        with translation.override(self.language):
            return gettext(text)


NILS, ORJAN = "nils.wikstrom@nordvik.example", "orjan.jensen@nordvik.example"
BUYERS = [
    Walk("astrid.sorensen@nordvik.example", "D-00228", ORJAN, "3 Step IT", "narrow", "dark", "sv"),
    Walk("zoe.svensson@nordvik.example", "D-00202", NILS, "DLL", "wide", "light", "en"),
]
RETURNERS = [
    Walk("siobhan.andersson@nordvik.example", "D-00104", ORJAN, "Nordea Finance", "wide", "light", "sv"),
    Walk("sara.nilsson@nordvik.example", "D-00046", NILS, "Nordea Finance", "narrow", "dark", "en"),
]


def test_the_swedish_seed_sentence_by_sentence(demo, visitor, tmp_path):
    demo.push(THREE_MONTHS_BEFORE)
    for walk in (*BUYERS, *RETURNERS):
        chooses_preliminarily(demo, visitor, walk)
    demo.push(ONE_MONTH_BEFORE)
    for walk in BUYERS:
        buys_out(demo, visitor, walk)
    for walk in RETURNERS:
        returns(demo, visitor, walk, tmp_path)
    demo.check_the_samples()
    demo.type("verify_journal")


def chooses_preliminarily(demo, visitor, walk):
    """“… ett e-postmeddelande och sidavisering 3 månader före … ett preliminärt val som förblir flexibelt”."""
    assert device(demo, walk)["status"] == "active"
    letter = letter_to(demo, walk, "leased_3_months")
    assert letter["language"] == walk.language

    # From the mail, signed in to nothing: an estimated value and two choices
    holder = visitor(**walk.look)
    holder.page.goto(next(address for address in letter["links"] if "/l/" in address))
    holder.look("leased-preliminary-link")
    walk.says["estimated"] = amount_in(text(holder))
    press(holder, "Buy out")
    holder.look("leased-preliminary-chosen")
    assert device(demo, walk)["status"] == "preliminary_buyout"

    # Changed twice, on the device's own page
    holder.sign_in(walk.email)
    holder.look("leased-home-alert")
    assert device(demo, walk)["ref"] in holder.page.content()
    open_decision(demo, holder, walk)
    holder.look("leased-preliminary")
    press(holder, "Return")
    assert device(demo, walk)["status"] == "preliminary_return"
    open_decision(demo, holder, walk)
    press(holder, "Buy out")
    assert device(demo, walk)["status"] == "preliminary_buyout"


def chooses_finally(demo, visitor, walk, choice):
    """“En månad före förnyelsedatumet får du ett e-postmeddelande … Detta beslut är slutgiltigt”."""
    letter = letter_to(demo, walk, "leased_1_month")
    holder = visitor(**walk.look)
    holder.page.goto(next(address for address in letter["links"] if "/l/" in address))
    holder.look("leased-final-link")
    pick(holder, choice)
    press(holder, "Continue to confirm")

    # A final choice asks for a sign-in, and comes back to the same page
    assert "/account/login/" in holder.page.url
    fill_in_sign_in(holder, walk.email)
    holder.look(f"leased-confirm-{choice}")
    return holder


def buys_out(demo, visitor, walk):
    """“Om du bestämmer dig för att fortsätta med köpet … betala med ett personligt kort”."""
    holder = chooses_finally(demo, visitor, walk, "buy_out")
    price = amount_in(holder.page.locator("main form button.btn-primary").inner_text())
    assert price == walk.says["estimated"]
    holder.page.get_by_label(walk.word("I understand that this choice is final."), exact=False).check()
    holder.page.locator("main form button.btn-primary").click()
    holder.page.wait_for_load_state()
    assert "/c/pay/" in holder.page.url
    assert device(demo, walk)["status"] == "pending_buyout"
    assert price.rsplit(" ", 1)[0] in flat(holder.page.inner_text("body"))  # Stripe has its own place for the currency

    # A card that is declined changes nothing; the good one pays
    pay(holder, DECLINED)
    assert "/c/pay/" in holder.page.url
    holder.troubles.clear()  # the browser notes the answer 422
    pay(holder, GOOD)
    holder.page.wait_for_url(re.compile("/payments/"))
    settled(holder, demo, walk, "bought_by_employee")
    holder.page.reload()
    holder.look("leased-paid")

    # A confirmation by mail, with the same amount
    assert price in flat(letter_text(demo, walk, "bought"))

    # “Aktiv - köpt av anställd”: keep using it, and the store is open
    holder.go("/")
    holder.look("leased-home-bought")
    holder.go(f"/devices/{device(demo, walk)['ref']}/")
    holder.look("leased-device-bought")
    assert walk.word("Active - bought by employee") in text(holder)
    open_decision(demo, holder, walk)
    assert holder.page.get_by_role("button", name=walk.word("Continue to confirm")).count() == 0

    # The admin marks it as released: “Köpt av anställd”, and gone from “Din hårdvara”
    office = visitor(**walk.look)
    office.sign_in(walk.admin)
    office.go(f"/devices/{device(demo, walk)['ref']}/release_bought/")
    office.look("leased-ask-release-bought")
    office.page.locator("main form[method=post]").get_by_role("button", name=walk.word("Mark as released")).click()
    office.page.wait_for_load_state()
    assert device(demo, walk)["status"] == "bought_out"
    assert letter_text(demo, walk, "released_to_you")
    holder.go("/devices/")
    holder.look("leased-hardware-after")
    assert device(demo, walk)["ref"] not in holder.page.content()


def returns(demo, visitor, walk, folder):
    """“Om du väljer att returnera enheten … "Aktiv - ska återlämnas"”."""
    holder = chooses_finally(demo, visitor, walk, "return")
    holder.page.get_by_label(walk.word("I understand that this choice is final."), exact=False).check()
    press(holder, "Return device")
    ref = device(demo, walk)["ref"]
    assert device(demo, walk)["status"] == "to_return"
    holder.go(f"/devices/{ref}/?tab=lifecycle")
    holder.look("leased-to-return")
    assert walk.word("Do not send it back yet.") in text(holder)

    # It can't be changed any more
    assert holder.go(f"/devices/{ref}/start_buyout/").status == 409
    holder.troubles.clear()

    # The leasing provider is told at once and uploads the label, without an account
    letter = newest(demo, "return_chosen", lambda m: device(demo, walk)["serial"] in str(m) or ref in str(m))
    lessor = visitor(**walk.look | {"language": letter["language"]})
    lessor.page.goto(next(address for address in letter["links"] if "/partner/" in address))
    lessor.look("lessor-return")
    label = Path(folder) / "label.pdf"
    label.write_bytes(PDF)
    lessor.page.set_input_files("input[type=file]", str(label))
    press(lessor, "Upload label")
    lessor.look("lessor-label-uploaded")
    assert letter_text(demo, walk, "return_label")
    holder.go(f"/devices/{ref}/?tab=lifecycle")
    holder.look("leased-label-is-here")
    assert holder.page.get_by_role("link", name=walk.word("Download the return label")).count() == 1

    # The replacement comes: time to return it
    office = visitor(**walk.look)
    office.sign_in(walk.admin)
    registers_the_new_one(demo, office, walk)
    assert letter_text(demo, walk, "time_to_return")
    holder.go(f"/devices/{ref}/?tab=lifecycle")
    holder.look("leased-time-to-return")
    assert walk.word("Time to return it") in text(holder)

    # The provider confirms receipt and de-registers: “leasingkontraktet är officiellt stängt”
    lessor.page.reload()
    press(lessor, "Confirm receipt")
    lessor.look("lessor-received")
    assert device(demo, walk)["status"] == "returned"
    lessor.page.locator("input[type=checkbox]").check()
    press(lessor, "De-register device")
    lessor.look("lessor-done")
    after = device(demo, walk)
    assert after["status"] == "removed"
    assert after["contract"]["closed_on"] == ONE_MONTH_BEFORE[:10]
    holder.go("/devices/")
    assert ref not in holder.page.content()


# What they do


def registers_the_new_one(demo, office, walk):
    """An order of the store would do the same; here an admin registers what was bought by hand."""
    was = device(demo, walk)
    office.go("/hardware/new/")
    office.page.locator("[name=name]").fill(f"{was['name']} (2027)")
    office.page.locator("[name=category]").select_option(label=walk.word(was["category"].capitalize()))
    office.page.locator("[name=serial]").fill(f"NEW{was['serial'][:8]}")
    office.page.locator("[name=to]").fill(walk.email)
    office.page.locator("main form button.btn-primary").click()
    office.page.wait_for_load_state()
    assert "/devices/" in office.page.url, text(office)


def press(someone, words):
    with translation.override(someone.language):
        name = gettext(words)
    someone.page.get_by_role("button", name=name, exact=True).first.click()
    someone.page.wait_for_load_state()


def pick(someone, choice):
    someone.page.locator(f"input[type=radio][value={choice}]").check()


def fill_in_sign_in(someone, email):
    someone.page.locator("input[type=email]").first.fill(email)
    someone.page.locator("input[type=password]").first.fill("velory-demo")
    someone.page.locator("main form button.btn-primary").first.click()
    someone.page.wait_for_load_state()


def open_decision(demo, someone, walk):
    someone.go(f"/devices/{device(demo, walk)['ref']}/?tab=lifecycle")


def pay(someone, card):
    """Stripe knows the payer's address already."""
    assert someone.page.locator("input[name=email]").input_value().endswith("@nordvik.example")
    for name, value in (("number", card), ("expiry", "12 / 30"), ("cvc", "123"), ("name", "A B")):
        someone.page.locator(f"[name={name}]").fill(value)
    someone.page.locator("form:has([name=number]) button").last.click()
    someone.page.wait_for_load_state()


# What they see


def settled(someone, demo, walk, status):
    for _second in range(120):
        if device(demo, walk)["status"] == status:
            return
        someone.page.wait_for_timeout(500)
    raise AssertionError(f"{walk.number} is {device(demo, walk)['status']} after a minute")


def device(demo, walk):
    return demo.json("device", "--company", "nordvik", walk.number, "--json")


def letter_to(demo, walk, template):
    return newest(demo, template, lambda m: m["recipient"] == walk.email)


def newest(demo, template, fits):
    """The last letter of a kind, once it has gone: then its subject and its links stand there."""
    for _second in range(120):
        letters = demo.json("mails", "--company", "nordvik", "--json")
        found = [m for m in letters if m["template"].endswith(f"/{template}") and fits(m)]
        if found and found[-1]["sent"]:
            return found[-1]
        time.sleep(0.5)
    raise AssertionError([m["template"] for m in letters if fits(m)])


def letter_text(demo, walk, template):
    """The text part of a letter, as the mail catcher took it."""
    for _second in range(120):
        letter = letter_to(demo, walk, template)
        assert letter["language"] == walk.language
        for path in (demo.folder / "mail").glob("*.eml"):
            message = message_from_bytes(path.read_bytes(), policy=default)
            if walk.email in message["To"] and message["Subject"] == letter["subject"]:
                return message.get_body(("plain",)).get_content()
        time.sleep(0.5)
    raise AssertionError(f"{letter['subject']} was never caught")


def text(someone):
    return flat(someone.page.locator("main").inner_text())


def flat(words):
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def amount_in(words):
    found = re.search(r"\d[\d, ]*[.,]\d\d (?:kr|SEK)", flat(words))
    assert found, words
    return found[0]
