"""Makers: people with a second factor, and what they type."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.kernel.signing_in import somebody
from velory import clock
from velory.people import factors
from velory.people.factor_settings import FactorSettings
from velory.post.models import Letter

SECOND = "/account/second/"


def code_of(secret, *, later=0):
    """What an app shows now, or some periods later."""
    return format_hotp_value(hotp_value(secret, int(clock.wall().timestamp()) // factors.PERIOD + later))


def with_an_app(person=None):
    """Somebody whose app shares a secret with us, and the secret. Its code of one period ago is used up."""
    person, secret = person or somebody(), factors.new_secret()
    assert factors.set_up_app(person, secret, code_of(secret, later=-1), at=clock.now())
    return person, secret


def asked_of(whom):
    """The company asks two factors of somebody."""
    FactorSettings.objects.update_or_create(pk=1, defaults={"asked_of": whom})


def codes_of(person):
    """Their recovery codes that have not been used."""
    return factors.codes_in_words(factors.standing(person).codes)


def letters_about(person):
    """What they were written of their second factor, in order."""
    written = Letter.objects.of_template("people/factors_changed").filter(person=person).order_by("pk")
    return [letter.context["what"] for letter in written]
