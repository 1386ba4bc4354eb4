"""A company is opened by one command, which goes by two names."""

import pytest
from django.core.management import load_command_class


@pytest.mark.parametrize("name", ["open_company", "create_company"])
def test_the_command_goes_by_both_of_its_names(name):
    assert "Open a company and print its address." in load_command_class("velory.tenancy", name).help
