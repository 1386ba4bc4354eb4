"""What is asked of a device before a partner buys it: yes or no, each with its words in both languages."""

from django.utils.translation import gettext_lazy as _

QUESTIONS = {
    "turns_on": _("It turns on and charges"),
    "screen": _("The screen is free of cracks and deep scratches"),
    "body": _("The body is free of dents and cracks"),
    "works": _("Buttons, cameras, speakers and microphone work"),
    "battery": _("The battery lasts as it should"),
    "unlocked": _("Accounts and locks are removed: Find My, Google, MDM"),
    "erased": _("Its data is erased"),
    "charger": _("The charger comes with it"),
}
ANSWERS = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))]


def in_words(condition: dict) -> list[tuple]:
    """Each question with its answer: for the page and the letter."""
    said = dict(ANSWERS)
    return [(words, said.get(condition.get(code, ""), said[""])) for code, words in QUESTIONS.items()]
