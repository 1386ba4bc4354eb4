"""What a stage asks of a device's holder, in words: the same in letters, on the home page and on the device's own."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renewals.stages import Stage, opens_on
from velory.ui.dates import day_long


@dataclass(frozen=True)
class Ask:
    """A stage's question about one device: a heading, when, what follows, and the words on the button."""

    stage: Stage
    opens_on: date
    title: str
    when: str
    text: str
    button: str

    @property
    def milestone(self) -> str:
        """What happens on the day on which it opens."""
        return str(MILESTONES[self.stage])


def ask_about(device, renewal_on: date, stage: Stage, today: date) -> Ask:
    """What a stage asks about a device, in the reader's language."""
    facts = {
        "device": device.name,
        "day": day_long(renewal_on),
        "category": str(device.category).lower(),
        "final": day_long(opens_on(renewal_on, Stage.LEASED_1_MONTH)),
        "distributor": device.distributor.name if device.distributor_id else "",
    }
    title, when, text, button = WORDS[stage](facts, is_over=renewal_on < today)
    return Ask(stage, opens_on(renewal_on, stage), title, when, text, button)


def _external(facts, is_over):
    title = _("Your %(device)s is up for renewal") % facts
    text = (
        _(
            "You need to act. The only step here is Start the process. Until you take it the store is shut to you for "
            "%(category)s. After it, %(distributor)s writes to you about returning or buying out the device."
        )
        % facts
    )
    return title, _renewal_date(facts, is_over), text, _("Start the process")


def _preliminary(facts, is_over):
    title = _("The lease of your %(device)s is coming to its end") % facts
    text = (
        _(
            "You are asked for a preliminary choice. It binds you to nothing and can be changed at will until the "
            "final choice is asked for, on %(final)s. The store is shut to you for %(category)s until that is made."
        )
        % facts
    )
    return title, _end_of_lease(facts, is_over), text, _("Make a preliminary choice")


def _final(facts, is_over):
    title = _("Make your final choice about your %(device)s") % facts
    text = (
        _(
            "You are asked for your final choice. It can't be changed afterwards, and the store is shut to you for "
            "%(category)s until you have made it."
        )
        % facts
    )
    return title, _end_of_lease(facts, is_over), text, _("Make your final choice")


def _one_off(facts, is_over):
    title = _("What happens to your %(device)s?") % facts
    text = _("Your company owns the device. You are asked what happens to it now. Your answer is final.")
    return title, _renewal_date(facts, is_over), text, _("Choose what happens to it")


def _renewal_date(facts, is_over):
    return (_("The renewal date was %(day)s.") if is_over else _("The renewal date is %(day)s.")) % facts


def _end_of_lease(facts, is_over):
    return (_("The lease ended on %(day)s.") if is_over else _("The lease ends on %(day)s.")) % facts


WORDS = {
    Stage.EXTERNAL_30_DAYS: _external,
    Stage.LEASED_3_MONTHS: _preliminary,
    Stage.LEASED_1_MONTH: _final,
    Stage.ONE_OFF_30_DAYS: _one_off,
}

MILESTONES = {
    Stage.EXTERNAL_30_DAYS: gettext_lazy("The process can be started"),
    Stage.LEASED_3_MONTHS: gettext_lazy("Preliminary choice"),
    Stage.LEASED_1_MONTH: gettext_lazy("Final choice"),
    Stage.ONE_OFF_30_DAYS: gettext_lazy("Buy out, return or keep"),
}
