"""How orders reach a distributor, as an admin says it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Channel
from orders.ordering.machine import Trouble, parts_of
from velory.ui.inputs import field_of


class ChannelForm(forms.ModelForm):
    """By mail or by machine, and where to."""

    class Meta:
        model = Channel
        fields = ["orders_email", "by_machine", "url", "answers_within_days"]
        help_texts = {
            "orders_email": gettext_lazy("Without one, orders go to the e-mail for notices."),
            "by_machine": gettext_lazy("Off: orders go by mail, with a link that needs no account."),
            "url": gettext_lazy("It begins with https://. Each order is posted there, signed."),
            "answers_within_days": gettext_lazy("An order that is sent and not heard of for longer is shown to you."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = field_of(self, "answers_within_days", forms.IntegerField)
        days.min_value, days.widget.attrs["min"] = 1, 1

    def clean_answers_within_days(self):
        days = self.cleaned_data["answers_within_days"]
        if not 1 <= days <= 60:
            raise forms.ValidationError(_("Between 1 and 60 days."))
        return days

    def clean_url(self):
        url = self.cleaned_data["url"]
        if url:
            try:
                parts_of(url)
            except Trouble as trouble:
                raise forms.ValidationError(_(trouble.reason)) from None
        return url

    def clean(self):
        super().clean()
        if self.cleaned_data.get("by_machine") and "url" in self.cleaned_data and not self.cleaned_data["url"]:
            self.add_error("url", _("Orders can go to a machine only where its address is known."))
