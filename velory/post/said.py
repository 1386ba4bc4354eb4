"""What a mail server said, in words: from its codes (RFC 3463) to why a letter came back and what can be done."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
BASIC = re.compile(r"\A\s*([45]\d\d)\b")

IN_WORDS: dict[str, Any] = {
    "1.1": _("There is no such mailbox. Correct the address, or reach the person in another way."),
    "1.2": _("There is no such mail domain. Correct what stands after the @."),
    "1.3": _("The address is not written as an address. Correct it."),
    "1.10": _("The recipient's domain takes no mail at all. Use another address."),
    "2.1": _("The mailbox is switched off. Ask whether the person still uses it."),
    "2.2": _("The mailbox is full. Ask the person to make room, then send the letter again."),
    "2.3": _("The letter is too large for the mailbox."),
    "3.4": _("The letter is too large for their mail server."),
    "4.1": _("Their mail server did not answer. Velory tries again."),
    "4.4": _("Their mail server can't be found. Correct what stands after the @."),
    "4.7": _("Their mail server did not answer for days. Send the letter again later."),
    "7.1": _("Their mail server refuses the sender. Ask their IT to allow mail from Velory."),
    "7.26": _("Their mail server could not tell that the letter is from us. Ask your operator about SPF and DKIM."),
}
BY_BASIC: dict[str, Any] = {
    "421": IN_WORDS["4.1"], "450": IN_WORDS["2.2"], "452": IN_WORDS["2.2"], "550": IN_WORDS["1.1"],
    "551": IN_WORDS["1.1"], "552": IN_WORDS["2.2"], "553": IN_WORDS["1.3"], "554": IN_WORDS["7.1"],
}  # fmt: skip
BY_SUBJECT: dict[str, Any] = {"7": IN_WORDS["7.1"], "1": IN_WORDS["1.1"], "2": IN_WORDS["2.1"], "4": IN_WORDS["4.1"]}


def in_words(said: str) -> str:
    """What a server's answer means; nothing where it names no code that we know."""
    if found := ENHANCED.search(said):
        subject, detail = found[2], found[3]
        return str(IN_WORDS.get(f"{subject}.{detail}") or BY_SUBJECT.get(subject, ""))
    if found := BASIC.match(said):
        return str(BY_BASIC.get(found[1], ""))
    return ""
