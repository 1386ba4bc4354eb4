"""What the event log says of the mail settings."""

from django.utils.translation import gettext_lazy as _

from velory.journal.sentences import says

says("post.mailsettings", "change", _("{by} changed the mail settings: {changes}."))
