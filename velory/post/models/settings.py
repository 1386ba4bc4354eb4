from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.one_row import OneRow

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip
FIRST_HOUR, LAST_HOUR = 8, 19  # within the hours in which letters of their own accord go out


class MailSettings(OneRow):
    """How this company writes: one row. The logo is a file of its own (`velory/post/identity.py`)."""

    mail_to_employees = models.BooleanField(_("send mail to employees"), default=True)
    reply_to = models.EmailField(_("answers go to"), blank=True)
    weekly_digest = models.BooleanField(_("weekly digest to the admins"), default=True)
    digest_weekday = models.PositiveSmallIntegerField(_("weekday of the digest"), choices=WEEKDAYS, default=0)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the digest"), default=8, validators=[MinValueValidator(FIRST_HOUR), MaxValueValidator(LAST_HOUR)]
    )
    shown_name = models.CharField(_("name in letters"), max_length=80, blank=True)
    sender_name = models.CharField(_("sender's name"), max_length=80, blank=True)
    contact_line = models.CharField(_("contact line"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("mail settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="mail_settings_one_row"),
            models.CheckConstraint(condition=models.Q(digest_weekday__lte=6), name="mail_settings_weekday"),
            models.CheckConstraint(
                condition=models.Q(digest_hour__gte=FIRST_HOUR, digest_hour__lte=LAST_HOUR), name="mail_settings_hour"
            ),
        ]
