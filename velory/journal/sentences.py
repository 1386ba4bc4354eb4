"""From an entry to a sentence in the reader's language."""

from datetime import date
from decimal import Decimal

from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from velory.journal.steps import OCCURRED, steps_of
from velory.ui.money import money

_others: dict[tuple[str, str], object] = {}


def says(about_type: str, step: str, text) -> None:
    """Register the sentence of an entry that no step writes (registered, imported)."""
    _others[about_type, step] = text


def sentence(entry) -> str:
    """What happened. Details stand in the sentence by name; a missing one leaves an empty place."""
    about = apps.get_model(entry.about_type)
    facts = {key: _in_words(about, key, value) for key, value in entry.details.items()}
    if "amount" in facts and "currency" in facts:
        facts["amount"] = money(Decimal(facts["amount"]), facts["currency"])
    who = entry.by_name or _("Velory")
    if entry.acting_for:
        who = _("%(admin)s for %(holder)s") % {"admin": who, "holder": entry.acting_for}
    text = _others.get((entry.about_type, entry.step))
    if text is None:
        made = steps_of(about).get(entry.step)
        text = made.says if made else OCCURRED
    if callable(text):
        text = text(entry.details)
    values = _Facts({"by": who, "thing": entry.about_name, "step": entry.step, **facts})
    return str(text).format_map(values)


class _Facts(dict):
    def __missing__(self, key):
        return ""


def _in_words(about, key, value):
    if key == "changes":
        return "; ".join(_change(about, name, before, after) for name, (before, after) in value.items())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "why":
        return _(value)  # Velory's own reasons stand in the journal as they are in the code
    if isinstance(value, str) and key.endswith("_on"):
        try:
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        except ValueError:
            return value
    return value


def _change(about, name, before, after):
    """`renewal date: 19 May 2027 → 19 May 2028`; `contract.number` names a field of what belongs to the thing."""
    model, leaf = about, name
    if "." in name:
        relation, leaf = name.split(".", 1)
        model = about._meta.get_field(relation).related_model
    label = model._meta.get_field(leaf).verbose_name
    was, now = (_in_words(about, leaf, value) if value != "" else "–" for value in (before, after))
    return f"{label}: {was} → {now}"
