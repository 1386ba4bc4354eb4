"""The parts of a workbook: an archive that may lie about itself, and XML that may want to keep us busy.

Whoever sends a file may have made it to fill the memory or to hold up a worker (reliability R71, 5.15). So nothing is
unpacked but what is read, piece by piece; what has been unpacked and how many elements stood in it is counted over the
whole file; a document type, and with it every entity, is refused; no part is ever asked for that is not in the file.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

from assets.importing.sheet import MOST_COLUMNS, MOST_ROWS, Unreadable, protected

PIECE = 64 * 1024
MOST_UNPACKED = 160 * 1024 * 1024  # of all parts that are read
MOST_ELEMENTS = 4 * MOST_ROWS * MOST_COLUMNS
MOST_PARTS = 2_000
DEEPEST = 50
LONGEST_TAG = 1024 * 1024  # with its attributes; a comment, too
_ENTRY = b"PK\x01\x02"
_NO_XML = (expat.ExpatError, LookupError, ValueError)  # the latter two of encodings that nobody writes
_BROKEN = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError, struct.error)


class Parts:
    """The parts of one file. Raises Unreadable wherever it is not what it says."""

    def __init__(self, content: bytes):
        if content.count(_ENTRY) > MOST_PARTS:
            raise too_much()
        try:
            self.archive = ZipFile(BytesIO(content))
        except _BROKEN:
            raise damaged() from None
        self.names = {info.filename.lstrip("/").lower(): info for info in self.archive.infolist()}
        self.left, self.elements_left = MOST_UNPACKED, MOST_ELEMENTS
        self._refuse_other_archives(content[:100])

    def _refuse_other_archives(self, head):
        if b"mimetypeapplication/vnd.oasis.opendocument" in head:
            raise Unreadable(_("This is an OpenDocument file (.ods). Save it as an Excel workbook (.xlsx) or as CSV."))
        if "xl/workbook.bin" in self.names:
            raise Unreadable(_("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx) or as CSV."))
        if "[content_types].xml" not in self.names or not any(name.startswith("xl/") for name in self.names):
            raise Unreadable(
                _("This is an archive, not a workbook. Unpack it, and send the workbook or CSV file in it.")
            )

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.names

    def read(self, name: str, reader: Any) -> None:
        """Read a part to its end; nothing where there is no such part."""
        if name in self:
            for _piece in self.fed(name, reader):
                pass

    def fed(self, name: str, reader: Any) -> Iterator[None]:
        """Read a part piece by piece: `reader.start(element, attributes)`, `.text(some)` and `.end(element)` are told.

        Elements come without their namespace, attributes as they are written.
        """
        parser = expat.ParserCreate()
        parser.buffer_text, parser.buffer_size = True, PIECE
        parser.StartDoctypeDeclHandler = _refuse_document_type
        self._tell(parser, reader)
        fed = 0
        for piece in self._pieces(name):
            try:
                parser.Parse(piece, not piece)
            except _NO_XML:
                raise damaged() from None
            fed += len(piece)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise too_much()
            yield

    def _tell(self, parser, reader):
        start, end, depth = reader.start, reader.end, 0

        def started(name, attributes):
            nonlocal depth
            depth += 1
            self.elements_left -= 1
            if self.elements_left < 0 or depth > DEEPEST:
                raise too_much()
            start(name if ":" not in name else name.rpartition(":")[2], attributes)

        def ended(name):
            nonlocal depth
            depth -= 1
            end(name if ":" not in name else name.rpartition(":")[2])

        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.CharacterDataHandler = reader.text

    def _pieces(self, name) -> Iterator[bytes]:
        """A part's bytes, with an empty piece at the end."""
        info = self.names.get(name.lower())
        if info is None:
            raise damaged()
        if info.flag_bits & 1:
            raise protected()
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise damaged()
        try:
            with self.archive.open(info) as part:
                while piece := part.read(PIECE):
                    self.left -= len(piece)
                    if self.left < 0:
                        raise too_much()
                    yield piece
        except _BROKEN:
            raise damaged() from None
        yield b""


def _refuse_document_type(*_told):
    raise damaged()


def damaged() -> Unreadable:
    """It is no workbook that a spreadsheet program has written."""
    return Unreadable(_("This workbook is damaged. Open it in your spreadsheet program and save it again, or as CSV."))


def too_much() -> Unreadable:
    """It would take more memory or time than a file may."""
    return Unreadable(
        _("This workbook holds more than can be read. Copy the rows to an empty workbook, or save the sheet as CSV.")
    )
