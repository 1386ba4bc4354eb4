"""What every new company finds on its agenda: the nightly look at the ledger, and what is kept of its own accord."""

from renewals.audit import put_next_audit
from renewals.choices.keeping import put_next_keeping
from velory import clock
from velory.tenancy.opening import furnishes


@furnishes
def nightly_audit(company):
    """Doing it twice changes nothing."""
    put_next_audit(clock.now())
    put_next_keeping(clock.now())
