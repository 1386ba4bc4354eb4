"""An import, its rows, and the headings that it remembers."""

from assets.importing.models.an_import import Import
from assets.importing.models.heading import RememberedHeading
from assets.importing.models.row import ImportRow

__all__ = ["Import", "ImportRow", "RememberedHeading"]
