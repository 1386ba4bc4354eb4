"""What happened to people, in the journal: who was added, invited, changed, by whom. Never what was in the fields."""

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from velory.journal.models import Entry
from velory.journal.sentences import says
from velory.journal.steps import follow

PERSON = "people.person"
SENTENCES = {
    "added": _("{by} added {thing}."),
    "changed": _("{by} changed the details of {thing}."),
    "made_employee": _("{by} made {thing} an employee, without further rights."),
    "made_purchase_manager": _("{by} made {thing} a purchase manager."),
    "made_admin": _("{by} made {thing} an admin."),
    "given_address": _("{by} changed the e-mail of {thing}."),
    "invited": _("{by} invited {thing}."),
    "accepted": _("{thing} accepted the invitation."),
    "ended_access": _("{by} ended the access of {thing}."),
    "gave_access": _("{by} gave {thing} access."),
    "changed_password": _("{thing} chose a new password."),
    "signed_out_elsewhere": _("{thing} signed out everywhere else."),
    "set_up_app": _("{thing} set up an authenticator app."),
    "removed_app": _("{thing} removed the authenticator app."),
    "added_passkey": _("{thing} added the passkey “{name}”."),
    "renamed_passkey": _("{thing} renamed a passkey: “{name}”."),
    "removed_passkey": _("{thing} removed the passkey “{name}”."),
    "made_codes": _("{thing} made new recovery codes."),
    "used_code": _("{thing} signed in with a recovery code. Left: {left}."),
    "lost_factors": _("{who} removed the second factor of {thing}: {reason}"),
}
for step, sentence in SENTENCES.items():
    says(PERSON, step, sentence)
says("people.factorsettings", "change", _("{by} changed of whom two factors are asked: {changes}."))
says("people.location", "add", _("{by} added the location {thing}."))
says("people.location", "change", _("{by} changed the location {thing}: {changes}."))
says("people.location", "remove", _("{by} removed the location {thing}."))
says("people.team", "add", _("{by} added the team {thing}."))
says("people.team", "change", _("{by} changed the team {thing}: {changes}."))
says("people.team", "remove", _("{by} removed the team {thing}."))


def note_change(person, step: str, *, by, at, **details) -> Entry:
    """Write what happened to a person, in the transaction in which it did. Their row must be held."""
    last = Entry.objects.filter(about_type=PERSON, about_id=person.pk).aggregate(last=Max("version"))["last"]
    entry = Entry.objects.create(
        about_type=PERSON,
        about_id=person.pk,
        about_ref=person.ref,
        about_name=str(person)[:200],
        version=(last or 0) + 1,
        at=at,
        by_ref=by.ref if by else "",
        by_name=str(by) if by else "",
        role=by.role if by else "system",
        step=step,
        details=details,
    )
    follow(person._meta.model, step, [person], at=at)
    return entry
