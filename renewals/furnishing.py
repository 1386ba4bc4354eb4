"""What every new company finds: a policy, and the nightly look at the ledger on the agenda."""

from renewals.audit import put_next_audit
from renewals.models import Policy
from velory import clock
from velory.tenancy.opening import furnishes


@furnishes
def policy_and_audit(company):
    """Doing it twice changes nothing."""
    Policy.here()
    put_next_audit(clock.now())
