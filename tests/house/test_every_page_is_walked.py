"""Every address of the product is looked at in a browser (tests/journeys/walk.py), or is named with why not."""

import pytest
from django.urls import get_resolver

from tests.house.doors import routes
from tests.journeys import walk

pytestmark = pytest.mark.nowhere
HOSTS = ["velory.urls", "velory.operators.site_urls", "velory.public_urls", "velory.demo.mail_urls"]


def addresses():
    """Every named address at every host."""
    return sorted({name for host in HOSTS for name, _in_it in routes(get_resolver(host).url_patterns)})


@pytest.mark.parametrize("name", addresses())
def test_every_address_is_looked_at_or_named_with_why_not(name):
    assert walk.is_walked(name) or name in walk.left_out() or walk.only_does(name)


def test_nothing_is_named_that_is_no_address():
    named = {*walk.BESIDES, *walk.ELSEWHERE, *walk.left_out()}
    assert named <= set(addresses())
