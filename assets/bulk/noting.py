"""A note on each of them, signed and dated. It is no step of the device: the note itself says who wrote it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.bulk.registry import Action, BulkForm, Planned, bulk_action
from assets.models import Note


class NoteForm(BulkForm):
    """The same words on each."""

    text = forms.CharField(label=gettext_lazy("Note"), max_length=4000, widget=forms.Textarea({"rows": 3}))
    admin_only = forms.BooleanField(label=gettext_lazy("Only admins see it"), required=False)


@bulk_action
class AddNote(Action):
    """Undone, the notes of this change are gone; whoever has read them has read them."""

    code, label, form, order = "note", gettext_lazy("Add a note"), NoteForm, 80

    def title(self, said):
        words = said["text"]
        return _("Add a note: “%s”") % (words if len(words) <= 60 else words[:59] + "…")

    def plan(self, device, said, asking):
        note = {"text": said["text"], "admin_only": said["admin_only"]}
        return Planned([("note", note)], [("note", "", said["text"])])

    def undo(self, row, device, asking):
        text = row.moves[0][1]["text"]
        note = asking.find(Note, row.before.get("note"))
        if note is None:
            return Planned()
        return Planned([("take_note_back", {"note": note.pk})], [("note", text, "")])
