"""A person has one budget: by hand, else by the first rule that fits, else the default. Who would get it is shown."""

from decimal import Decimal

import pytest

from orders.budgets.granting import decisions, give
from orders.models import Allowance, Budget, Grant, Rule, StoreSettings
from orders.prices import Mode
from tests.assets.making import flashes, words
from tests.making import a_location, a_person, a_team, an_admin
from tests.orders.making import a_budget, a_rule, given
from velory import clock
from velory.journal.models import Entry
from velory.people.models import Person, Role
from velory.tenancy.context import current_company


@pytest.fixture
def nils(at_their_desk):
    return at_their_desk(an_admin())


def has(person):
    grant = Grant.objects.open().filter(person=person).select_related("budget").first()
    return (grant.budget.name, grant.how) if grant else None


def added(**facts):
    defaults = {"first_name": "Karin", "last_name": "Ström", "email": f"karin{Person.objects.count()}@nordvik.example"}
    return Person.add(by=an_admin(), at=clock.now(), **defaults | facts)


def test_whoever_comes_gets_the_default(nils):
    a_budget("Standard", is_default=True)
    assert has(added()) == ("Standard", "default")


def test_without_a_default_nobody_gets_anything():
    a_budget("Standard")
    assert has(added()) is None


def test_the_first_rule_that_fits_decides():
    a_budget("Standard", is_default=True)
    sales, bosses = a_budget("Sales"), a_budget("Bosses")
    a_rule(sales, team=a_team("Sales"))
    a_rule(bosses, role=Role.ADMIN)
    assert has(added(team=a_team("Sales"))) == ("Sales", "rule")
    assert has(added(role=Role.ADMIN)) == ("Bosses", "rule")
    assert has(added(role=Role.ADMIN, team=a_team("Sales"))) == ("Sales", "rule")
    assert has(added(team=a_team("IT"))) == ("Standard", "default")


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        ({}, False), ({"location": "Stockholm"}, False), ({"location": "Stockholm", "cost_centre": "4100"}, True),
        ({"location": "Luleå", "cost_centre": "4100"}, False),
        ({"location": "Stockholm", "cost_centre": "4200"}, False),
    ],
)  # fmt: skip
def test_everything_that_a_rule_names_must_fit(facts, fits):
    a_rule(a_budget(), location=a_location(), cost_centre="4100")
    facts = facts | ({"location": a_location(facts["location"])} if "location" in facts else {})
    assert (has(added(**facts)) is not None) is fits


def test_a_cost_centre_fits_whatever_its_case():
    a_rule(a_budget(), cost_centre="it-1")
    assert has(added(cost_centre="IT-1"))


def test_another_team_brings_another_budget_and_the_history_is_kept():
    a_rule(a_budget("Sales"), team=a_team("Sales"))
    a_rule(a_budget("IT"), team=a_team("IT"))
    karin = added(team=a_team("Sales"))
    karin.change(by=an_admin(), at=clock.now(), team=a_team("IT"))
    assert has(karin) == ("IT", "rule")
    assert [str(grant.budget) for grant in Grant.objects.of(karin)] == ["IT", "Sales"]
    karin.change(by=an_admin(), at=clock.now(), team=None)
    assert has(karin) == ("IT", "rule")  # where nothing fits, what they have stays


def test_a_budget_by_hand_stays_until_it_is_taken_away(nils):
    a_budget("Standard", is_default=True)
    karin = added()
    special = a_budget("Special")
    page = nils.post(f"/people/{karin.ref}/budget/", {"budget": special.ref})
    assert flashes(page) == ["Karin Ström has the budget Special."]
    karin.change(by=an_admin(), at=clock.now(), team=a_team("Sales"))
    assert has(karin) == ("Special", "hand")
    assert "Budget: Special" in words(nils.get(f"/people/{karin.ref}/"))
    nils.post(f"/people/{karin.ref}/budget/take/")
    assert has(karin) == ("Standard", "default")
    assert nils.post(f"/people/{karin.ref}/budget/take/").status_code == 409
    told = [str(entry) for entry in karin.journal if "budget" in entry.step]
    assert told == [
        "Nils Wikström gave Karin Ström the budget Special.", "Nils Wikström took the budget Special from Karin Ström.",
    ]  # fmt: skip


def test_an_archived_budget_is_not_given(nils):
    karin, old = a_person(), a_budget("Old")
    nils.post(f"/budgets/{old.ref}/archive/")
    assert nils.post(f"/people/{karin.ref}/budget/", {"budget": old.ref}).status_code == 422
    rule = a_rule(old, role=Role.EMPLOYEE)
    assert decisions([karin]) == []
    assert "Archived: the rule is not asked" in words(nils.get("/budgets/rules/"))
    rule.delete()
    nils.post(f"/budgets/{old.ref}/restore/")
    nils.post(f"/people/{karin.ref}/budget/", {"budget": old.ref})
    assert has(karin) == ("Old", "hand")


def test_people_who_were_here_before_are_seen_before_they_get_it(nils):
    karin, ebba, old = a_person("Karin", "Ström"), a_person("Ebba", "Sjöberg"), a_person("Old", "Hand")
    left = a_person("Örjan", "Jensen", is_active=False)
    standard = a_budget("Standard", is_default=True)
    a_rule(a_budget("Sales"), team=a_team("Sales"))
    Person.objects.filter(pk=ebba.pk).update(team=a_team("Sales"))
    give(old, a_budget("Special"), by=an_admin(), at=clock.now())
    page = nils.get("/budgets/rules/preview/")
    rows = {str(d.person): str(d.budget) for d in page.context["decided"]}
    assert rows["Karin Ström"] == "Standard"
    assert rows["Ebba Sjöberg"] == "Sales"
    assert not {"Old Hand", str(left)} & set(rows)
    assert has(karin) is None

    Person.objects.filter(pk=karin.pk).update(team=a_team("Sales"))
    late = nils.post("/budgets/rules/preview/", {"digest": page.context["digest"]})
    assert late.status_code == 409
    assert has(ebba) is None

    digest = nils.get("/budgets/rules/preview/").context["digest"]
    assert nils.post("/budgets/rules/preview/", {"digest": digest}).status_code == 303
    assert has(karin) == has(ebba) == ("Sales", "rule")
    assert str(Entry.objects.get(step="give_by_rules", about_id=standard.pk)).startswith(
        "Nils Wikström gave the budget"
    )
    assert nils.get("/budgets/rules/preview/").context["decided"] == []


def test_without_the_store_nobody_is_given_anything(monkeypatch):
    a_budget("Standard", is_default=True)
    monkeypatch.setattr(type(current_company()), "has", lambda self, feature: False)
    assert has(added()) is None


# Rules at the keyboard


def test_rules_are_made_moved_and_removed(nils):
    first, second = a_budget("First"), a_budget("Second")
    nils.post("/budgets/rules/", {"budget": first.ref, "role": "employee"})
    nils.post("/budgets/rules/", {"budget": second.ref, "team": a_team("IT").ref, "cost_centre": " 4100 "})
    assert [rule.said for rule in Rule.objects.in_order()] == ["Employee", "IT, 4100"]
    last = Rule.objects.in_order().last()
    nils.post(f"/budgets/rules/{last.ref}/earlier/")
    nils.post(f"/budgets/rules/{last.ref}/earlier/")
    assert [str(rule.budget) for rule in Rule.objects.in_order()] == ["Second", "First"]
    nils.post(f"/budgets/rules/{last.ref}/later/")
    assert [str(rule.budget) for rule in Rule.objects.in_order()] == ["First", "Second"]
    nils.post(f"/budgets/rules/{last.ref}/remove/")
    assert Rule.objects.count() == 1
    assert [e.step for e in second.journal] == ["add_rule", "move_rule", "move_rule", "remove_rule"]


def test_a_rule_says_whom_it_means(nils):
    page = nils.post("/budgets/rules/", {"budget": a_budget().ref, "cost_centre": "  "})
    assert page.status_code == 422
    assert "Say whom it means" in words(page)
    assert not Rule.objects.exists()


# Budgets at the keyboard


def what_it_gives(**said):
    sent = {"name": "Standard", "currency": "SEK"}
    for code in ("phones", "computers", "tablets", "screens", "accessories"):
        sent |= {f"{code}-mode": "nothing", f"{code}-months": "24"}
    return sent | {key.replace("__", "-"): value for key, value in said.items()}


def test_a_budget_is_made_with_what_it_gives(nils):
    sent = what_it_gives(phones__mode="monthly", phones__amount="480", phones__quota="1", accessories__mode="one_off",
                         accessories__months="12")  # fmt: skip
    page = nils.post("/budgets/new/", sent)
    budget = Budget.objects.get()
    assert (page.status_code, page.url) == (303, f"/budgets/{budget.ref}/")
    assert list(Allowance.objects.order_by("category").values_list("mode", "amount", "quota", "months")) == [
        ("monthly", Decimal("480.00"), 1, 24), ("one_off", None, None, 12),
    ]  # fmt: skip
    text = words(nils.get(page.url))
    assert "480.00 SEK a month, 1 device at once, renewed after 24 months" in text
    assert "no limit of money, prices hidden, any number of devices" in text


@pytest.mark.parametrize(
    "said",
    [
        {}, {"name": ""}, {"phones__mode": "one_off", "phones__amount": "-1"},
        {"phones__mode": "one_off", "phones__months": ""}, {"phones__mode": "one_off", "phones__months": "0"},
        {"phones__mode": "one_off", "phones__quota": "-1"}, {"phones__mode": "one_off", "phones__amount": "NaN"},
        {"phones__mode": "one_off", "phones__amount": "1e309"}, {"phones__mode": "junk"}, {"currency": "sek"},
        {"phones__mode": "one_off", "phones__months": "121"}, {"phones__mode": "one_off", "name": "x" * 81},
        {"phones__mode": "one_off", "currency": "ZZZ"}, {"phones__mode": "one_off", "name": "a\x00"},
    ],
)  # fmt: skip
def test_a_budget_that_makes_no_sense_is_sent_back(nils, said):
    assert nils.post("/budgets/new/", what_it_gives(**said)).status_code == 422
    assert not Budget.objects.exists()


def test_there_is_one_default(nils):
    old = a_budget("Old", is_default=True)
    nils.post("/budgets/new/", what_it_gives(phones__mode="one_off", is_default="on"))
    assert Budget.objects.default().name == "Standard"
    assert not Budget.objects.get(pk=old.pk).is_default


def test_a_budget_is_changed_once_for_two_who_looked_at_the_same_page(nils):
    budget = a_budget()
    sent = what_it_gives(phones__mode="one_off", phones__amount="9000") | {"version": 0}
    assert nils.post(f"/budgets/{budget.ref}/edit/", sent).status_code == 303
    assert nils.post(f"/budgets/{budget.ref}/edit/", sent | {"phones-amount": "1"}).status_code == 409
    assert Allowance.objects.get().amount == 9000
    assert nils.post(f"/budgets/{budget.ref}/edit/", sent | {"version": 1}).status_code == 303
    assert budget.journal.count() == 1  # nothing changed the second time


def test_a_budget_that_somebody_has_is_not_archived(nils):
    budget = a_budget()
    given(a_person(), budget)
    page = nils.post(f"/budgets/{budget.ref}/archive/")
    assert page.status_code == 409
    assert "1 person has it. Give them another budget first." in words(page)
    assert "It can't be archived now. 1 person has it." in words(nils.get(f"/budgets/{budget.ref}/"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_queries_for_one_budget_and_for_three(nils, django_assert_num_queries, number):
    for n in range(number):
        a_budget(f"Budget {n}", phones=(1, 1, 24, Mode.ONE_OFF), tablets=(1, 1, 24, Mode.ONE_OFF))
    nils.get("/budgets/")
    with django_assert_num_queries(7):
        nils.get("/budgets/")


def test_the_rate_of_the_company_is_a_setting(nils):
    rest = {"section": "store_settings", "payment_days": "7", "receipt_reminder_days": "3"}
    nils.post("/settings/", rest | {"vat_percent": "12.5"})
    assert StoreSettings.here().vat == Decimal("12.5")
    assert nils.post("/settings/", rest | {"vat_percent": "101"}).status_code == 422
