from renewals.models.policy import Policy
from renewals.models.reminder import Reminder

__all__ = ["Policy", "Reminder"]
