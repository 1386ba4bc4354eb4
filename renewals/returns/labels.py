"""The return label: a PDF, looked at before it is kept, kept under a random name, served as a download (R56)."""

import re
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from renewals.models import Return
from renewals.models.returning import label_path
from renewals.returns import notices
from velory.journal.reason import Reason, Refused
from velory.journal.steps import write
from velory.post.wording import one_line

MOST_BYTES = 10 * 1024 * 1024
HEAD = re.compile(rb"%PDF-[12]\.\d")


def _named(word):
    """A name in a PDF, each letter as itself or escaped: /Launch, /L#61unch."""
    return b"/" + b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in word.encode())


LOCKED = re.compile(_named("Encrypt"))
CARRIES = re.compile(b"|".join(_named(word) for word in ("Launch", "EmbeddedFile")))


def what_is_wrong_with(content: bytes) -> str:
    """Why some bytes are no label that can be printed; empty where they are one."""
    if not content:
        return _("The file is empty.")
    if len(content) > MOST_BYTES:
        return _("The file is larger than 10 MB.")
    if not HEAD.match(content):
        return _("The file is not a PDF. Save or print the label as a PDF and choose that file.")
    if LOCKED.search(content):
        return _("The PDF is locked with a password. Save it without one.")
    if CARRIES.search(content):
        return _("The PDF carries other files or starts programs. Print it to a new PDF and choose that file.")
    if not _is_whole(content):
        return _("The PDF is damaged or cut off. Save it once more.")
    return ""


def _is_whole(content):
    """It has what every reader needs, and nothing stands behind its end."""
    return b"/Root" in content and b"startxref" in content and content.rstrip(b"\0 \r\n\t").endswith(b"%%EOF")


def put_label(returning: Return, file, *, by, role: str, at, acting_for: str = "") -> Return:
    """Keep a label that was looked at, in the place of an earlier one, and send it to the holder."""
    name = default_storage.save(label_path(returning, file.name), file)
    try:
        with transaction.atomic():
            return _keep(returning, name, file.name, by=by, role=role, at=at, acting_for=acting_for)
    except BaseException:
        default_storage.delete(name)
        raise


def _keep(returning, name, shown, *, by, role, at, acting_for):
    device = returning.device
    device.take_hold()
    row = Return.objects.select_for_update(of=("self",)).get(pk=returning.pk)
    if not row.is_under_way:
        raise Refused(Reason("not_under_way", _("The device has come back already, so it needs no label.")))
    before, row.device = row.label.name, device
    row.label, row.label_name, row.label_at = name, one_line(shown, 120), at
    row.save(update_fields=["label", "label_name", "label_at"])
    step = "replace_label" if before else "put_label"
    write(device, step, by=by, role=role, at=at, came_from=device.status, acting_for=acting_for)
    notices.holder_gets_the_label(row, at=at)
    if before:
        transaction.on_commit(partial(default_storage.delete, before))
    return row


def file_name(returning: Return) -> str:
    """What the file is called by those who get it: never what somebody typed."""
    return _("return-label-%s.pdf") % returning.device.ref


def as_download(returning: Return) -> FileResponse:
    """The label as an answer: a download, never a page of ours. The caller has asked who may have it."""
    answer = FileResponse(
        _opened(returning), as_attachment=True, filename=file_name(returning), content_type="application/pdf"
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _opened(returning):
    """The file. A newer one may take its place between the row and the file: then that one."""
    try:
        return returning.label.open("rb")
    except FileNotFoundError as gone:
        return _newest(returning, gone)


def _newest(returning, gone):
    try:
        return Return.objects.with_label().get(pk=returning.pk).label.open("rb")
    except (FileNotFoundError, Return.DoesNotExist):
        raise Http404 from gone
