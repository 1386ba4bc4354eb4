"""The forecast says by month, path and choice what is coming; every number is the length of the list behind it."""

import csv
import io
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from dateutil.relativedelta import relativedelta

from assets.lifecycle import ARCHIVED, Status
from assets.models import AssetSettings, Category, Contract, Device
from renewals import due
from renewals.forecast.chart import chart_of
from renewals.forecast.figures import Forecast
from renewals.forecast.groups import Apart, Said, code_of, months_from, narrowed, on_the_way
from renewals.forecast.table import file_rows, table_of
from renewals.models import Depreciation, Policy, Return
from renewals.paths import Path, path_of
from renewals.quotes import price_on
from renewals.terms import terms_of
from tests.making import (
    a_device,
    a_lessor,
    a_person,
    a_space,
    an_admin,
    an_external_device,
    an_external_distributor,
    an_integrated_distributor,
)  # fmt: skip
from velory import clock
from velory.ui.charts import scale

TODAY = date(2026, 11, 22)


def a_world():
    """One device of each kind that the forecast tells apart."""
    ebba = a_person("Ebba", "Bäckman")
    return {
        "this month": a_device(ebba, renewal_on=date(2026, 11, 30)),
        "next month": a_device(ebba, leased=True, renewal_on=date(2026, 12, 1)),
        "external": an_external_device(ebba, renewal_on=date(2026, 12, 31)),
        "overdue this month": a_device(ebba, renewal_on=date(2026, 11, 3)),
        "overdue long since": a_device(ebba, leased=True, renewal_on=date(2025, 2, 28)),
        "last month": a_device(a_space(), renewal_on=date(2028, 10, 31)),
        "later": a_device(None, renewal_on=date(2028, 11, 1)),
        "missing": a_device(ebba, renewal_on=None),
        "bought": in_status("bought_by_employee", leased=True, renewal_on=date(2026, 12, 14)),
        "returned": in_status("returned", leased=True, renewal_on=date(2026, 9, 14)),
        "traded in": in_status("trade_in", renewal_on=date(2027, 1, 31)),
        "gone": in_status("removed", renewal_on=date(2026, 12, 14)),
        "leaving without a date": in_status("returned", renewal_on=None),
    }


def in_status(status, *, leased=False, holder=None, **facts):
    """A device that has got so far, as the database finds it."""
    number = Device.objects.count()
    defaults = {
        "name": "Apple iPhone 15 128 GB", "category": Category.objects.get(code="phones"), "currency": "SEK",
        "serial": f"SET{number:07}", "distributor": an_integrated_distributor(), "registered_at": clock.now(),
    }  # fmt: skip
    device = Device.objects.create(status=status, version=1, holder=holder, **defaults | facts)
    if leased:
        Contract.objects.create(
            device=device, provider=a_lessor(), number=f"L-{number}", months=24, currency="SEK",
            acquisition_price=Decimal("9490.00"), residual_percent=Decimal(12),
        )  # fmt: skip
    return Device.objects.get(pk=device.pk)


def forecast(**options):
    return Forecast(today=TODAY, **options)


# Groups


def test_each_device_stands_in_one_group():
    a_world()
    found = forecast()
    assert {(when, path): line.total for (when, path), line in found.lines.items()} == {
        ("2026-11", "one_off"): 1,
        ("2026-12", "leased"): 2,
        ("2026-12", "external"): 1,
        ("2027-01", "one_off"): 1,
        ("2028-10", "one_off"): 1,
        ("overdue", "one_off"): 1,
        ("overdue", "leased"): 1,
        ("earlier", "leased"): 1,
        ("later", "one_off"): 1,
        ("missing", ""): 1,
    }


def test_the_groups_add_up_to_the_devices_in_the_house():
    a_world()
    found = forecast()
    apart = sum(found.line(group.value).total for group in Apart)
    in_house = Device.objects.exclude(status__in=ARCHIVED).exclude(serial="").filter(renewal_on__isnull=False).count()
    assert found.in_months().total + apart == found.all().total == on_the_way(TODAY).count() == in_house + 1


def test_overdue_and_missing_are_the_lists_of_these_names():
    a_world()
    found = forecast()
    assert found.line("overdue").total == due.overdue(TODAY).count() == 2
    assert found.line("missing").total == due.date_missing(TODAY).count() == 1


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 30), "2026-11", "2028-10"),
        (date(2026, 12, 1), "2026-12", "2028-11"),
        (date(2028, 2, 29), "2028-02", "2030-01"),
    ],
)
def test_the_first_month_is_the_present_one(today, first, last):
    months = [code_of(month) for month in months_from(today)]
    assert (len(months), months[0], months[-1]) == (24, first, last)


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)])
def test_a_date_at_a_month_s_end_counts_in_its_own_month(day):
    device = a_device(a_person(), renewal_on=day)
    for today in (date(2026, 10, 31), date(2026, 10, 1)):
        [group] = {when for (when, _path), line in Forecast(today=today).lines.items() if line.total}
        assert group == f"{day:%Y-%m}"
        assert list(narrowed(on_the_way(today), today=today, months=[group])) == [device]


def test_the_month_turns_at_midnight_on_the_company_s_walls(at, at_their_desk):
    a_device(a_person(), renewal_on=date(2026, 11, 30))
    nils = an_admin()
    at("2026-11-30T23:30")  # 22:30 UTC
    assert "November 2026" in shown(at_their_desk(nils))
    at("2026-12-01T00:30")  # 23:30 UTC on 30 November
    text = shown(at_their_desk(nils))
    assert "December 2026 to November 2028" in text
    assert "November 2026" not in text


def shown(desk, query=""):
    return re.sub(r"\s+", " ", desk.get(f"/renewals/forecast/{query}").content.decode())


# What has been said


@pytest.mark.parametrize(
    ("status", "leased", "said"),
    [
        ("active", True, Said.NOTHING),
        ("needs_repair", True, Said.NOTHING),
        ("in_repair", True, Said.NOTHING),
        ("preliminary_buyout", True, Said.PRELIMINARY_BUY_OUT),
        ("preliminary_return", True, Said.PRELIMINARY_RETURN),
        ("pending_buyout", True, Said.BUY_OUT),
        ("bought_by_employee", True, Said.BUY_OUT),
        ("to_return", True, Said.RETURN),
        ("return_pending", False, Said.RETURN),
        ("returned", True, Said.RETURN),
        ("trade_in", False, Said.TRADE_IN),
    ],
)
def test_what_is_said_follows_the_status(status, leased, said):
    in_status(status, leased=leased, renewal_on=date(2026, 12, 14))
    assert forecast().line("2026-12").said == {said.value: 1}


def test_nobody_here_knows_how_a_started_external_renewal_ends():
    in_status("return_pending", renewal_on=date(2026, 12, 14), distributor=an_external_distributor())
    line = forecast().line("2026-12")
    assert line.said == {Said.STARTED.value: 1}
    assert (line.buy_outs, line.returns) == (0, 0)


# Money


def prices(**facts):
    Policy.objects.update_or_create(
        pk=1, defaults={"residual_percent": Decimal(12), "vat_percent": Decimal(25)} | facts
    )
    for category in Category.objects.all():
        Depreciation.objects.update_or_create(category=category, defaults={"months": 36, "floor_percent": Decimal(10)})


def test_currencies_are_never_added_up():
    prices()
    kronor = in_status("preliminary_buyout", leased=True, renewal_on=date(2026, 12, 14))
    euros = in_status("preliminary_buyout", leased=True, renewal_on=date(2026, 12, 15))
    Contract.objects.filter(device=euros).update(currency="EUR", acquisition_price=Decimal("1000.00"))
    Contract.objects.filter(device__in=[kronor, euros]).update(monthly_cost=Decimal("411.23"))

    line = forecast().line("2026-12")

    assert line.income == {"SEK": Decimal("1423.50"), "EUR": Decimal("150.00")}
    assert line.lease == {"SEK": Decimal("411.23"), "EUR": Decimal("411.23")}
    assert forecast().payees == {("3 Step IT", "SEK"): Decimal("1423.50"), ("3 Step IT", "EUR"): Decimal("150.00")}


def test_a_buy_out_whose_price_nobody_can_tell_is_counted_as_such():
    prices(residual_percent=None)
    device = in_status("preliminary_buyout", leased=True, renewal_on=date(2026, 12, 14))
    Contract.objects.filter(device=device).update(residual_percent=None)
    line = forecast().line("2026-12")
    assert (line.income, line.income_unknown, line.buy_outs) == ({}, 1, 1)


def test_income_is_the_price_on_the_device_s_page():
    prices()
    device = in_status("preliminary_buyout", leased=True, renewal_on=date(2026, 12, 14))
    assert forecast().line("2026-12").income == {"SEK": price_on(device, terms_of(device)).total}


def test_what_is_replaced_is_what_somebody_has_and_has_no_successor():
    ebba = a_person()
    kept = a_device(ebba, leased=True, renewal_on=date(2026, 12, 14))
    a_device(None, renewal_on=date(2026, 12, 14))
    replaced = a_device(ebba, leased=True, renewal_on=date(2026, 12, 14))
    Return.objects.create(device=replaced, provider=a_lessor(), chosen_at=clock.now(), replacement=kept)
    line = forecast().line("2026-12")
    assert (line.to_replace, line.cost, line.cost_unknown) == (1, {"SEK": Decimal("9490.00")}, 0)


# The numbers and their lists


def test_every_number_leads_to_a_list_of_that_length(at_their_desk):
    a_world()
    in_status("preliminary_return", leased=True, renewal_on=date(2027, 3, 1), holder=a_person())
    desk = at_their_desk(an_admin())
    seen = 0
    for path in ("", "?path=leased", "?path=one_off", "?path=external"):
        page = shown(desk, path)
        links = re.findall(r'<a href="(/renewals/all/[^"]*)">(\d+)</a>', page)
        for address, number in set(links):
            answer = desk.get(address.replace("&amp;", "&"))
            assert answer.context["table"].count == int(number), address
            seen += 1
    assert seen > 60


def test_the_months_sum_is_the_sum_of_the_months():
    a_world()
    found = forecast()
    table = table_of(found)
    assert table.sum.total.count == sum(row.total.count for row in table.months) == found.in_months().total == 6
    assert table.sum.to_replace.count == sum(row.to_replace.count for row in table.months)


def test_a_group_that_does_not_exist_narrows_nothing(at_their_desk):
    a_world()
    desk = at_their_desk(an_admin())
    whole = desk.get("/renewals/all/").context["table"].count
    assert desk.get("/renewals/all/?month=1999-01&choice=sell").context["table"].count == whole


# As a file


def as_file(desk):
    answer = desk.get("/renewals/forecast/file/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_file_holds_what_the_page_shows(at_their_desk):
    prices()
    a_world()
    heading, *rows = as_file(at_their_desk(an_admin()))
    assert heading[:4] == ["Month", "Path", "Devices due", "Buy-out"]
    found = forecast()
    assert sum(int(row[2]) for row in rows) == found.all().total
    december = {row[1]: row for row in rows if row[0] == "2026-12"}
    assert [december[path][2] for path in ("External", "Leased", "One-off")] == ["1", "2", "0"]
    assert "Buy-out income, with VAT (SEK)" in heading


def test_the_file_s_heading_speaks_the_reader_s_language(at_their_desk):
    english, swedish = (as_file(at_their_desk(an_admin(language=language)))[0] for language in ("en", "sv"))
    assert len(english) == len(swedish)


def test_no_cell_of_the_file_is_a_formula(at_their_desk, companies):
    Contract.objects.filter(device=a_device(a_person(), leased=True)).update(currency="=2+")
    heading, *_rows = as_file(at_their_desk(an_admin()))
    assert not [cell for cell in heading if cell.startswith(("=", "+", "-", "@"))]


# The chart


def test_the_chart_says_in_words_what_it_shows():
    a_world()
    chart = chart_of(forecast())
    assert chart.title == "Renewals by month, November 2026 to October 2028"
    assert "6 devices in all; nothing is chosen yet for 4 of them" in chart.description
    assert "December 2026 with 3" in chart.description
    assert [fill.name for fill in chart.legend] == ["buyout", "keep", "open"]
    assert [[len(one["bars"]) for one in drawings] for _size, drawings in chart.drawings] == [[24], [12, 12]]


def test_an_empty_chart_says_so():
    chart = chart_of(forecast())
    assert chart.description == "No renewal date lies in these months."
    assert chart.legend == []


@pytest.mark.parametrize(
    ("most", "step", "top"), [(0, 1, 1), (3, 1, 3), (31, 10, 40), (4, 1, 4), (5, 2, 6), (999, 500, 1000)]
)
def test_the_scale_has_whole_numbers_and_few_lines(most, step, top):
    assert scale(most) == (step, top)


# What it costs


@pytest.mark.parametrize("number", [1, 3])
def test_the_forecast_costs_the_same_queries_whatever_it_counts(at_their_desk, django_assert_num_queries, number):
    prices()
    for n in range(number):
        day = date(2026, 12, 14) + relativedelta(months=n)
        in_status("preliminary_buyout", leased=True, renewal_on=day, holder=a_person())
        in_status(
            "preliminary_buyout", renewal_on=day, holder=a_person(), purchase_price=Decimal(9000), purchased_on=TODAY
        )
        in_status("bought_by_employee", leased=True, renewal_on=day)
    desk = at_their_desk(an_admin())
    desk.get("/renewals/forecast/")
    with django_assert_num_queries(10):
        desk.get("/renewals/forecast/")


# Everybody else


def test_the_forecast_is_for_admins_and_knows_no_other_company(at_their_desk, saimaa):
    from velory.tenancy.context import inside

    with inside(saimaa):
        a_device(a_person(), renewal_on=date(2026, 12, 14))
    assert at_their_desk(a_person()).get("/renewals/forecast/").status_code == 403
    assert forecast().all().total == 0


def test_the_lists_of_colleagues_stay_hidden(at_their_desk):
    AssetSettings.objects.update_or_create(pk=1, defaults={"hide_company_assets": False})
    assert at_their_desk(a_person()).get("/renewals/all/").status_code == 403


def test_rows_of_the_file_name_every_path():
    rows = list(file_rows(forecast()))
    assert len(rows) == 1 + (24 + 3) * len(Path)


# Against a plain count


def a_fleet(dice):
    """Devices of every status and path, with dates near every edge of the forecast."""
    edges = [TODAY + relativedelta(months=n) for n in (-14, -1, 0, 1, 2, 12, 23, 24, 30)]
    days = [None, *(edge.replace(day=1) + relativedelta(days=n) for edge in edges for n in (-1, 0, 1, 21, 27))]
    partners = [an_integrated_distributor(), an_external_distributor(), None]
    phones = Category.objects.get(code="phones")
    people = [a_person() for _n in range(3)]
    fleet = Device.objects.bulk_create(
        Device(
            ref=f"D-{n:06}", name="Fairphone 5", category=phones, serial=f"RND{n:06}", version=1, currency="SEK",
            status=(status := dice.choice(list(Status))), registered_at=clock.now(), renewal_on=dice.choice(days),
            distributor=dice.choice(partners),
            holder=None if status in ARCHIVED or status == Status.IN_REPAIR else dice.choice([*people, None]),
        )
        for n in range(300)
    )  # fmt: skip
    Contract.objects.bulk_create(
        Contract(device=device, currency="SEK", closed_on=dice.choice([None, None, TODAY]), monthly_cost=Decimal(n))
        for n, device in enumerate(dice.sample(fleet, 150))
    )
    return Device.objects.select_related("distributor", "contract").in_bulk([device.pk for device in fleet]).values()


def counted_plainly(fleet):
    """The same groups in a few plain words, device by device."""
    found = Counter()
    for device in fleet:
        if device.is_archived or (device.renewal_on is None and device.phase != "in use"):
            continue
        path = path_of(device)
        found[group_of(device), path.value if path else "", said_of(device, path)] += 1
    return found


def group_of(device):
    day = device.renewal_on
    if day is None:
        return "missing"
    if day < TODAY and device.phase == "in use":
        return "overdue"
    if day < date(2026, 11, 1):
        return "earlier"
    return "later" if day >= date(2028, 11, 1) else f"{day:%Y-%m}"


def said_of(device, path):
    if device.status == "return_pending" and path == Path.EXTERNAL:
        return "started"
    return {
        "pending_buyout": "buy_out", "bought_by_employee": "buy_out", "preliminary_buyout": "preliminary_buy_out",
        "to_return": "return", "returned": "return", "return_pending": "return", "trade_in": "trade_in",
        "preliminary_return": "preliminary_return",
    }.get(device.status, "nothing")  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_a_plain_count(seed):
    fleet = a_fleet(Random(seed))
    found = forecast()
    counted = {
        (when, path, said): number
        for (when, path), line in found.lines.items()
        for said, number in line.said.items()
        if number
    }
    assert counted == dict(counted_plainly(fleet))
    assert found.all().total == sum(counted.values()) == on_the_way(TODAY).count()
    leased = [d for d in fleet if not d.is_archived and d.renewal_on and d.is_leased and group_of(d) == "2026-12"]
    assert found.line("2026-12").lease["SEK"] == sum(d.open_contract.monthly_cost for d in leased)
