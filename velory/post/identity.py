"""How a company looks in its letters and in its frame: name, sender, contact line, and a logo.

The logo is one file among the company's own, decoded and written anew as PNG, which every mail program shows. It goes
with each letter as a part of it (`cid:`): nothing is fetched when a letter is opened, so nobody learns that it was.
"""

import base64
import io
import os
from contextlib import suppress
from copy import copy
from email.message import MIMEPart

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from velory.post.models import MailSettings
from velory.tenancy.context import current_company
from velory.ui.pictures import decoded

LOGO = "identity/logo.png"
LOGO_ID = "logo@velory"
MOST = (480, 160)  # twice what is shown, for sharp screens


def company_as_shown(settings: MailSettings | None = None):
    """The company with the name that its letters show."""
    settings = settings or MailSettings.here()
    company = current_company()
    if not settings.shown_name:
        return company
    shown = copy(company)
    shown.name = settings.shown_name
    return shown


def sender_name(settings: MailSettings, product: str) -> str:
    """Who a letter is from in mail programs: their own words, else `Nordvik via Velory`, one name where both are."""
    name = company_as_shown(settings).name
    return settings.sender_name or (name if name == product else f"{name} via {product}")


# The logo


def drawn(content: bytes) -> bytes:
    """A picture written anew as a logo. Raises NoPicture."""
    picture = decoded(content)
    picture.thumbnail(MOST)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, exif=b"", icc_profile=None)
    return out.getvalue()


def keep_logo(png: bytes) -> None:
    """What was drawn is the company's logo from now on; at no moment is there none."""
    kept = default_storage.save(f"{LOGO}.new", ContentFile(png))
    os.replace(default_storage.path(kept), default_storage.path(LOGO))


def forget_logo() -> None:
    """The company's letters show its initial again."""
    default_storage.delete(LOGO)


def logo() -> bytes | None:
    """The company's logo, or None."""
    with suppress(FileNotFoundError), default_storage.open(LOGO, "rb") as file:
        return file.read()
    return None


def logo_stamp() -> str:
    """What tells one logo from the next in its address; empty where there is none. Asks the file system alone."""
    with suppress(FileNotFoundError):
        return f"{default_storage.get_modified_time(LOGO).timestamp():.3f}".replace(".", "")
    return ""


def in_the_frame(request) -> dict:
    """A context processor: what the frame of each page needs to show the logo, asked for where it is shown."""
    return {"company_logo": logo_stamp if getattr(request, "company", None) else ""}


def logo_part(content: bytes) -> MIMEPart:
    """The logo as a part of a letter."""
    part = MIMEPart()
    part.set_content(content, maintype="image", subtype="png", disposition="inline", filename="logo.png",
                     cid=f"<{LOGO_ID}>")  # fmt: skip
    return part


def logo_to_look_at(html: str) -> str:
    """A letter for a page of ours, which cannot look into the letter's parts: the logo stands in it."""
    address = f"cid:{LOGO_ID}"
    if address not in html:
        return html
    content = logo()
    shown = f"data:image/png;base64,{base64.b64encode(content).decode()}" if content else "data:,"
    return html.replace(address, shown)
