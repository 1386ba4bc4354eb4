"""What the event log says of how the company writes, and of jobs that were tried again."""

from django.utils.translation import gettext_lazy as _

from velory.agenda import book
from velory.journal.sentences import says

says("post.mailsettings", "change", _("{by} changed the mail settings: {changes}."))
says("post.mailsettings", "logo", _("{by} changed the company's logo."))
says("post.mailsettings", "no_logo", _("{by} took the company's logo away."))
says("post.mailsettings", "reset_identity", _("{by} went back to the name and logo as they were at first: {changes}."))
says("post.ownwords", "change", _("{by} changed the words of “{thing}”: {changes}."))
says("post.ownwords", "reset", _("{by} went back to Velory's own words of “{thing}”: {changes}."))
says("post.hold", "pause", _("{by} held back “{what}” to {to}."))
says("post.hold", "resume", _("{by} let “{what}” to {to} go out after all."))
says("post.hold", "send_now", _("{by} sent “{what}” to {to} ahead of its day."))
says("post.refusedaddress", "accept", _("{by} lets Velory write to {thing} again."))


def tried_again(details):
    """The job by its name, in the reader's language."""
    return _("{by} let a job be tried again: %s.") % book.label_of(details["kind"])


says("agenda.due", "try_again", tried_again)
