"""Which keys are taken where, and who writes what a payment comes to (reliability R2, R5, R18)."""

import ast
from pathlib import Path

import pytest
from pydantic import ValidationError

from velory.environment import Environment

pytestmark = pytest.mark.nowhere
ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {"velory_https": True, "velory_demo": False, "velory_debug": False}


@pytest.mark.parametrize("key", ["sk_test_51abc", "rk_test_51abc", ""])
def test_a_test_key_is_taken_anywhere(key):
    assert Environment(stripe_secret_key=key, velory_demo=True).stripe_secret_key == key


def test_r18_a_live_key_is_taken_in_production():
    assert Environment(stripe_secret_key="sk_live_51abc", **PRODUCTION).stripe_secret_key


@pytest.mark.parametrize("where", [
    {"velory_https": False}, {"velory_demo": True}, {"velory_debug": True},
])  # fmt: skip
def test_r18_a_live_key_is_refused_everywhere_else(where):
    with pytest.raises(ValidationError, match="live key"):
        Environment(stripe_secret_key="sk_live_51abc", **PRODUCTION | where)


@pytest.mark.parametrize("key", ["pk_test_51abc", "whsec_1", "sk_test_", "sk_test_a b", "secret"])
def test_what_is_no_secret_key_is_refused(key):
    with pytest.raises(ValidationError, match="sk_test_"):
        Environment(stripe_secret_key=key)


@pytest.mark.parametrize("tolerance", [0, None, -1, 29, 301, "none"])
def test_r2_the_tolerance_cannot_be_turned_off(tolerance):
    with pytest.raises(ValidationError):
        Environment(stripe_webhook_tolerance=tolerance)


@pytest.mark.parametrize("origin", ["https://api.stripe.com/v1", "api.stripe.com", "javascript:alert(1)", "*"])
def test_an_address_of_stripe_is_an_origin(origin):
    with pytest.raises(ValidationError, match="without a path"):
        Environment(stripe_checkout_origin=origin)


def moves():
    """Each call of `.move(…)`, and each assignment to a payment's state: (file, target)."""
    for path in sorted((ROOT / "velory" / "payments").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "move":
                yield path.name, ast.unparse(node.args[0]).rpartition(".")[2]


def test_r5_apply_alone_says_what_a_payment_comes_to():
    found = set(moves())
    decided = {place for place in found if place[1] not in {"OPEN", "SUPERSEDING"}}
    assert {name for name, _target in decided} == {"apply.py", "closing.py"}
    assert {target for name, target in decided if name == "closing.py"} == {"EXPIRED"}, "a mismatch without money"
    assert {name for name, _target in found} == {"apply.py", "closing.py", "start.py"}


def test_r5_nobody_walks_past_it():
    for top in ("velory", "assets", "renewals"):
        for path in (ROOT / top).rglob("*.py"):
            if "migrations" in path.parts or path.name == "attempt.py":
                continue
            text = path.read_text()
            assert ".update(state=Attempt" not in text, path
            assert "attempt.state =" not in text.replace("attempt.state ==", ""), path
