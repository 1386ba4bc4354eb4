"""What is done to things that have no life of their own: settings, partners, spaces. Saved and journalled together."""

from django.db import transaction

from velory.journal.models import Entry
from velory.journal.reason import overtaken
from velory.journal.steps import follow, plain


def record(form, deed: str, *, by, at, version=None) -> Entry | None:
    """Save a valid form's thing and write what changed, all or nothing; None where nothing did.

    `version` is the one that the reader saw; Refused where somebody has changed the thing since.
    """
    changes = {name: [_kept(form.initial.get(name)), _kept(form.cleaned_data[name])] for name in form.changed_data}
    is_new = form.instance.pk is None
    if not changes and not is_new:
        return None
    with transaction.atomic():
        if not is_new:
            type(form.instance)._base_manager.select_for_update().get(pk=form.instance.pk)
            refuse_stale(form.instance, version)
        return write(form.save(), deed, by=by, at=at, details={} if is_new else {"changes": changes})


def refuse_stale(thing, version: int | None) -> None:
    """What was filled in on a page that is no longer so takes nothing back (R41). The caller holds the row."""
    if version is not None and version != Entry.objects.version_of(thing):
        raise overtaken()


def see_anew(thing, held) -> None:
    """Bring a thing to what its row is, which the caller holds; what else is known of it stays."""
    thing.__dict__.update({field.attname: getattr(held, field.attname) for field in held._meta.concrete_fields})


def write(thing, deed: str, *, by, at, details=None, role: str = "") -> Entry:
    """One entry about a thing without a status, whose row the caller holds or has just made. `by=None`: nobody here."""
    last = Entry.objects.version_of(thing)
    entry = Entry(
        about_type=thing._meta.label_lower, about_id=thing.pk, about_ref=getattr(thing, "ref", "") or "",
        about_name=str(thing)[:200], version=last + 1, at=at, step=deed, details=details or {},
        by_ref=by.ref if by else "", by_name=str(by) if by else "", role=role or ("admin" if by else "system"),
    )  # fmt: skip
    entry.save(force_insert=True)
    follow(thing._meta.model, deed, [thing], at=at)
    return entry


def _kept(value):
    return "" if value is None else plain(value)
