"""A device follows one path: external before leased before one-off; without a renewal date it follows none."""

from datetime import date

from assets.models import Device
from renewals.paths import Path, closed, on_path, path_of, with_what_a_path_needs
from tests.making import a_device, a_person, an_external_device, an_external_distributor


def test_a_device_from_outside_the_store_is_external_even_when_it_is_leased():
    device = a_device(a_person(), leased=True, distributor=an_external_distributor())

    assert path_of(device) == Path.EXTERNAL


def test_a_device_with_an_open_contract_is_leased():
    assert path_of(a_device(leased=True)) == Path.LEASED


def test_a_device_whose_contract_is_closed_is_the_companys_own():
    device = a_device(leased=True)
    device.contract.closed_on = date(2026, 1, 1)

    assert path_of(device) == Path.ONE_OFF


def test_a_device_bought_outright_is_one_off():
    assert path_of(a_device()) == Path.ONE_OFF


def test_a_device_that_nobody_is_known_to_have_supplied_is_not_external():
    assert path_of(a_device(distributor=None)) == Path.ONE_OFF


def test_a_device_without_a_renewal_date_follows_no_path(nordvik):
    device = an_external_device(renewal_on=None)

    assert path_of(device) is None
    assert closed(None, nordvik).code == "no_renewal_date"


def test_the_leased_path_needs_the_plan_and_the_flag(nordvik):
    assert closed(Path.LEASED, nordvik) is None
    nordvik.plan = "starter"
    try:
        assert closed(Path.LEASED, nordvik).code == "feature_off"
        assert closed(Path.ONE_OFF, nordvik) is None
    finally:
        nordvik.plan = "pro"


def test_the_database_gives_the_same_answer():
    devices = [
        a_device(), a_device(leased=True), a_device(distributor=None), an_external_device(),
        a_device(leased=True, distributor=an_external_distributor()), an_external_device(renewal_on=None),
        a_device(renewal_on=None),
    ]  # fmt: skip
    closed_contract = a_device(leased=True)
    closed_contract.contract.closed_on = date(2026, 1, 1)
    closed_contract.contract.save()

    for device in [*devices, closed_contract]:
        fitting = [path for path in Path if Device.objects.filter(on_path(path), pk=device.pk).exists()]
        assert fitting == [path for path in [path_of(device)] if path]


def test_asking_for_many_devices_costs_no_further_query(django_assert_num_queries):
    for _ in range(3):
        a_device(leased=True)
        an_external_device()

    with django_assert_num_queries(1):
        assert {path_of(device) for device in with_what_a_path_needs(Device.objects.all())} == {
            Path.LEASED, Path.EXTERNAL,
        }  # fmt: skip
