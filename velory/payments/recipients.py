"""Who can be paid: the company itself, and whoever the apps above name. Payments know them by a key and a name.

@can_be_paid(order=20)
def leasing_providers():
    return [Recipient(key_of_partner(partner.ref), partner.name, …) for partner in …]
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from velory.in_order import InOrder
from velory.payments.models.payee import COMPANY

_named: InOrder[Callable[[], Iterable["Recipient"]]] = InOrder()


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom payments can go. `what_for` says what is paid to them; `address` is their own page.

    `email` and `language` are where a link goes with which they set up their account themselves; none for the company.
    """

    key: str
    name: str
    what_for: str
    email: str = ""
    language: str = "en"
    address: str = ""

    @property
    def slug(self) -> str:
        """What stands in the address of their page: "company", or the partner's reference."""
        return self.key.rpartition("/")[2]

    @property
    def is_company(self) -> bool:
        """Whether this is the company itself."""
        return self.key == COMPANY


def can_be_paid(order: int = 100):
    """Register who names some of those who can be paid."""
    return _named.register(order)


def recipients() -> list[Recipient]:
    """Everybody who can be paid, the company first."""
    return [recipient for name_them in _named for recipient in name_them()]


def recipient_called(slug: str) -> Recipient | None:
    """The one behind an address, or None."""
    return next((recipient for recipient in recipients() if recipient.slug == slug), None)


def recipient_of(payee) -> Recipient:
    """Who a payee is; one whom nobody names any more keeps the name that it had."""
    found = next((recipient for recipient in recipients() if recipient.key == payee.key), None)
    return found or Recipient(payee.key, payee.name, "")
