"""What follows a change of a person, and the sentences of entries about what orders owns."""

from django.utils.translation import gettext_lazy as _

from orders.budgets.granting import give_by_rules
from velory.journal.sentences import says
from velory.journal.steps import follows
from velory.people.models import Person
from velory.tenancy.context import current_company

says("people.person", "given_budget", _("{by} gave {thing} the budget {budget}."))
says("people.person", "taken_budget", _("{by} took the budget {budget} from {thing}."))
says("orders.product", "add", _("{by} added the product {thing}."))
says("orders.product", "change", _("{by} changed the product {thing}: {changes}."))
says("orders.product", "archive", _("{by} archived the product {thing}."))
says("orders.product", "restore", _("{by} offered the product {thing} again."))
says("orders.product", "import", _("{by} imported the product {thing}."))
says("orders.product", "import_change", _("{by} changed the product {thing} by an import: {changes}."))
says("orders.product", "add_variant", _("{by} added {variant} to the product {thing}."))
says("orders.product", "change_variant", _("{by} changed {variant} of the product {thing}: {changes}."))
says("orders.product", "archive_variant", _("{by} archived {variant} of the product {thing}."))
says("orders.product", "restore_variant", _("{by} offered {variant} of the product {thing} again."))
says("orders.product", "add_picture", _("{by} added a picture of {thing}."))
says("orders.product", "remove_picture", _("{by} removed a picture of {thing}."))
says("orders.budget", "add", _("{by} added the budget {thing}: {allowances}."))
says("orders.budget", "change", _("{by} changed the budget {thing}: {allowances}."))
says("orders.budget", "archive", _("{by} archived the budget {thing}."))
says("orders.budget", "restore", _("{by} offered the budget {thing} again."))
says("orders.budget", "add_rule", _("{by} made a rule that gives {thing}: {rule}."))
says("orders.budget", "remove_rule", _("{by} removed a rule that gave {thing}: {rule}."))
says("orders.budget", "move_rule", _("{by} moved a rule that gives {thing}: {rule}, now number {position}."))
says("orders.budget", "give_by_rules", _("{by} gave the budget {thing} by the rules; number of people: {people}."))
says("assets.device", "order", _("{by} ordered it from {distributor}, {order}."))
says("orders.order", "place", _("{by} ordered from {distributor}, devices: {devices}."))
says("orders.productrequest", "send", _("{by} sent the request for {to}, devices: {devices}."))
says("orders.storesettings", "change", _("{by} changed the settings of the store: {changes}."))

BY_WHOM_THEY_ARE = ("added", "changed", "made_employee", "made_purchase_manager", "made_admin")


@follows(Person, *BY_WHOM_THEY_ARE)
def whoever_comes_or_changes_gets_their_budget(people, *, name, at):
    """A person added or imported, or with another location, team, cost centre or role: the rules are asked."""
    if current_company().has("store"):
        give_by_rules(people, at=at)
