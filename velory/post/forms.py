from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.people.models import normal_address
from velory.post.models import MailSettings, OwnWords
from velory.post.models.settings import FIRST_HOUR, LAST_HOUR
from velory.post.own_words import objections
from velory.ui.usual import SettingsForm
from velory.unseen import holds_unseen

MOST_LOGO = 2 * 1024 * 1024


class MailSettingsForm(SettingsForm):
    """To whom the company writes of its own accord, and when."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the digest"), coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(FIRST_HOUR, LAST_HOUR + 1)],
        help_text=gettext_lazy("By the company's clocks."),
    )  # fmt: skip

    class Meta:
        model = MailSettings
        fields = ["mail_to_employees", "weekly_digest", "digest_weekday", "digest_hour"]
        labels = {
            "mail_to_employees": gettext_lazy("Send mail to employees"),
            "weekly_digest": gettext_lazy("Send the admins a weekly digest"),
            "digest_weekday": gettext_lazy("Weekday of the digest"),
        }
        help_texts = {
            "digest_weekday": gettext_lazy("The day on which it goes to every admin."),
            "mail_to_employees": gettext_lazy(
                "Off: employees get only what they sign in with and what protects their account. Admins, distributors "
                "and leasing providers are written to as before."
            ),
            "weekly_digest": gettext_lazy(
                "What waits for the admins, and the renewals of the coming month. "
                "Nothing is sent when there is nothing to say."
            ),
        }

    def __init__(self, *args, **kwargs):
        """What a form left out stays as it is."""
        super().__init__(*args, **kwargs)
        for name in ("digest_weekday", "digest_hour"):
            if self.is_bound and name not in self.data:
                del self.fields[name]


class IdentityForm(forms.ModelForm):
    """How the company is named in its letters, and whom an answer reaches."""

    logo = forms.FileField(
        label=gettext_lazy("Logo"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy("PNG, JPEG or WebP, 2 MB at most. It is shown 36 points high, on white."),
    )  # fmt: skip

    class Meta:
        model = MailSettings
        fields = ["shown_name", "sender_name", "reply_to", "contact_line"]
        labels = {
            "shown_name": gettext_lazy("Name in letters"),
            "sender_name": gettext_lazy("Sender's name"),
            "reply_to": gettext_lazy("Answers go to"),
            "contact_line": gettext_lazy("Contact line"),
        }
        help_texts = {
            "shown_name": gettext_lazy("Left empty: the company's name."),
            "sender_name": gettext_lazy("What an inbox shows as the sender. Left empty: the name, “via Velory”."),
            "reply_to": gettext_lazy("Without an address, answers go to the longest-serving admin."),
            "contact_line": gettext_lazy("The last line of each letter, such as opening hours. Left empty: no line."),
        }

    def clean_shown_name(self):
        return _one_line(self.cleaned_data["shown_name"])

    def clean_sender_name(self):
        return _one_line(self.cleaned_data["sender_name"])

    def clean_contact_line(self):
        return _one_line(self.cleaned_data["contact_line"])

    def clean_reply_to(self):
        return normal_address(self.cleaned_data["reply_to"])

    def clean_logo(self):
        """Small; whether it is a picture is seen when it is decoded."""
        sent = self.cleaned_data["logo"]
        if sent and sent.size > MOST_LOGO:
            raise ValidationError(_("The file is larger than 2 MB."))
        return sent


class OwnWordsForm(forms.ModelForm):
    """A company's own words for one kind of letter in one language; a part that is left empty is Velory's own."""

    class Meta:
        model = OwnWords
        fields = ["subject", "opening", "closing"]
        labels = {
            "subject": gettext_lazy("Subject"),
            "opening": gettext_lazy("Opening paragraph"),
            "closing": gettext_lazy("Closing paragraph"),
        }
        widgets = {"opening": forms.Textarea(attrs={"rows": 4}), "closing": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, known=(), **kwargs):
        self.known = known
        super().__init__(*args, **kwargs)

    def clean_subject(self):
        return self._judged("subject", is_line=True)

    def clean_opening(self):
        return self._judged("opening")

    def clean_closing(self):
        return self._judged("closing")

    def _judged(self, name, *, is_line=False):
        words = self.cleaned_data[name].replace("\r\n", "\n")
        if found := objections(words, self.known, is_line=is_line):
            raise ValidationError(found)
        return words

    def as_far_as_it_goes(self) -> OwnWords:
        """What was typed, for the preview; without the parts that can't be kept."""
        self.is_valid()
        good = {name: self.cleaned_data.get(name, "") for name in self.Meta.fields}
        return OwnWords(template=self.instance.template, language=self.instance.language, **good)


def _one_line(words):
    words = words.strip()
    if holds_unseen(words):
        raise ValidationError(_("There is a character in it that cannot be seen. Type it anew instead of pasting it."))
    return words
