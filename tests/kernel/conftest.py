"""What tests of the kernel share: the operators' company, made once (tests/kernel/operating.py)."""

import pytest
from django.core.cache import cache

from tests.kernel.operating import console, operator, operators_facts, ops  # noqa: F401 - fixtures
from tests.openid_standin import openid, openid_server, other_openid, other_openid_server  # noqa: F401 - fixtures


@pytest.fixture
def nobody_has_knocked():
    """No try of another test counts at any door (velory/people/limits.py)."""
    cache.clear()
