"""What the event log says of signing in with identity providers, and without passwords."""

from django.utils.translation import gettext_lazy as _

from velory.journal.sentences import says
from velory.people.journal import PERSON

PROVIDER, SETTINGS = "federated.identityprovider", "federated.signinsettings"


def on_again(details):
    """By an admin, or by an operator from the console."""
    if details.get("operator"):
        return _("{operator} of Velory turned password sign-in on again.")
    return _("{by} turned password sign-in on.")


says(PROVIDER, "set_up", _("{by} set up the identity provider {thing}."))
says(PROVIDER, "change", _("{by} changed the identity provider {thing}: {changes}."))
says(PROVIDER, "change_secret", _("{by} gave the identity provider {thing} another secret."))
says(PROVIDER, "turn_on", _("{by} turned signing in with {thing} on."))
says(PROVIDER, "turn_off", _("{by} turned signing in with {thing} off."))
says(PROVIDER, "remove", _("{by} removed the identity provider {thing}. Links undone: {people}."))
says(SETTINGS, "turn_passwords_off", _("{by} turned password sign-in off."))
says(SETTINGS, "turn_passwords_on", on_again)
says(PERSON, "linked_sign_in", _("{thing} was linked with a sign-in at {provider}."))
says(PERSON, "unlinked_sign_in", _("The link of {thing} with a sign-in at {provider} was undone."))
