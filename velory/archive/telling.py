"""What the event log says of archives."""

from django.utils.translation import gettext_lazy as _

from velory.journal.sentences import says


def asked(details):
    """Who asked: an admin here, or an operator of Velory."""
    if details.get("operator"):
        return _("{operator}, an operator of Velory, asked for an export of all data and files ({thing}).")
    return _("{by} asked for an export of all data and files ({thing}).")


says("archive.archive", "ask", asked)
says("archive.archive", "finish", _("The export {thing} is ready: {rows} rows, {files} files."))
says("archive.archive", "download", _("{by} downloaded the export {thing}."))
says(
    "archive.archive", "hand_over",
    _("{operator}, an operator of Velory, fetched the export {thing} to hand it over while the company was suspended."),
)  # fmt: skip
says("archive.archive", "delete", _("The file of the export {thing} was deleted."))
says("archive.archive", "fail", _("The export {thing} could not be made."))
