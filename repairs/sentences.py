"""What the log says of repairs besides the device's own steps."""

from django.utils.translation import gettext_lazy as _

from velory.journal.sentences import says

says("repairs.case", "release_from_mdm", _("{by} ticked off that MDM knows the device no more."))
says("repairs.case", "change", _("{by} changed the repair: {changes}."))
says("repairs.loan", "lend", _("{by} lent {thing} until {due_on}."))
says("repairs.loan", "take_back", _("{by} took back what was lent: {thing}."))
says("repairs.loan", "prolong", _("{by} prolonged the loan {thing} until {due_on}."))
says("repairs.repairsettings", "change", _("{by} changed how the company repairs: {changes}."))
says("repairs.tradein", "value", _("{by} would pay {amount} for it. {text}"))
says("repairs.tradein", "decline", _("{by} does not take it. {text}"))
says("repairs.tradein", "receive_money", _("{by} recorded the money: {amount} on {money_on}."))
