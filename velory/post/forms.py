from django import forms
from django.utils.translation import gettext_lazy as _

from velory.people.models import normal_address
from velory.post.models import MailSettings


class MailSettingsForm(forms.ModelForm):
    """How the company writes."""

    class Meta:
        model = MailSettings
        fields = ["mail_to_employees", "weekly_digest", "reply_to"]
        labels = {
            "mail_to_employees": _("Send mail to employees"),
            "weekly_digest": _("Send the admins a weekly digest"),
            "reply_to": _("Answers go to"),
        }
        help_texts = {
            "mail_to_employees": _(
                "Off: reminders to employees are not sent. Sign-in codes, invitations and password letters still are."
            ),
            "weekly_digest": _(
                "Mondays at 08:00: what waits for the admins, and the renewals of the coming month. "
                "Nothing is sent when there is nothing to say."
            ),
            "reply_to": _("Without an address, answers go to the longest-serving admin."),
        }

    def clean_reply_to(self):
        return normal_address(self.cleaned_data["reply_to"])
