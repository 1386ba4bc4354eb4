"""Why a letter was not sent. A letter keeps the English sentence; pages show it in the reader's language."""

from django.utils.translation import gettext_noop as _

NO_ADDRESS = _("The recipient has no e-mail address.")
HAS_LEFT = _("The recipient no longer works here.")
STOPPED = _("The recipient does not want this kind of mail.")
MAIL_OFF = _("Mail to employees is turned off.")
OTHER_ADDRESS = _("The recipient's address has changed since.")
ADDRESS_REFUSES = _("The address has refused mail before.")
ADDRESS_REFUSED = _("The address does not exist or takes no mail.")
CONTENT_REFUSED = _("The mail server refused the letter.")
SERVER_AWAY = _("The mail server could not be reached. Velory tries again.")
SERVER_STAYED_AWAY = _("The mail server could not be reached.")
NOT_WORDED = _("The letter could not be put together.")
NOT_KNOWN = _("Velory was interrupted while sending, so it is not known whether the letter went.")
INTERRUPTED = _("Velory was interrupted each time the letter was to be sent.")
