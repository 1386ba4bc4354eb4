"""What the keyboard may say of renewals: what the company allows, and how the worth of its devices falls."""

from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from assets.models import Category
from renewals.models import Depreciation, Policy
from renewals.sums import in_words
from velory.journal.models import Entry
from velory.tenancy.context import current_company
from velory.ui.inputs import whole_number
from velory.ui.usual import SettingsForm
from velory.vat import standard_rate

LEASED = ("leased_buyout", "leased_return", "residual_percent", "service_fee")
ONE_OFF = ("one_off_buyout", "one_off_return", "one_off_keep", "keep_by_default", "one_off_reminder")
BUYING = ("window_from", "window_to", "minimum_tenure_months", "quote_valid_days", "vat_percent",
          "summary_mail", "summary_to")  # fmt: skip


class PolicyForm(SettingsForm):
    """How this company wants its devices renewed. Without the leased end of life nothing is asked about leases."""

    class Meta:
        model = Policy
        fields = [*LEASED, *ONE_OFF, *BUYING]
        labels = {
            "leased_buyout": pgettext_lazy("setting", "Buying out is offered"),
            "leased_return": pgettext_lazy("setting", "Returning is offered"),
            "residual_percent": gettext_lazy("Residual value, percent"),
            "service_fee": gettext_lazy("Service fee, net"),
            "one_off_buyout": pgettext_lazy("setting", "Buying out is offered"),
            "one_off_return": pgettext_lazy("setting", "Returning is offered"),
            "one_off_keep": pgettext_lazy("setting", "Keeping is offered"),
            "keep_by_default": gettext_lazy("Keep what nobody has decided about"),
            "one_off_reminder": gettext_lazy("Write to holders 30 days before"),
            "window_from": gettext_lazy("First day of the month"),
            "window_to": gettext_lazy("Last day of the month"),
            "minimum_tenure_months": gettext_lazy("Months of employment"),
            "quote_valid_days": gettext_lazy("Days for which a price holds"),
            "vat_percent": gettext_lazy("VAT, percent"),
            "summary_mail": gettext_lazy("Write a summary every month"),
            "summary_to": gettext_lazy("Address of the summary"),
        }
        help_texts = {
            "leased_buyout": gettext_lazy("Holders can buy the device from the leasing provider, with their own card."),
            "leased_return": gettext_lazy("Holders can send it back to the leasing provider."),
            "residual_percent": gettext_lazy(
                "Of the acquisition price. It counts where the contract names none; without either nobody can buy out."
            ),
            "one_off_buyout": gettext_lazy("Holders can buy the device from the company, with their own card."),
            "one_off_return": gettext_lazy("Holders can hand it in when their new one has come."),
            "one_off_keep": gettext_lazy("Holders can keep it for six more months, counted from the renewal date."),
            "keep_by_default": gettext_lazy(
                "On the renewal date it is kept for six months. Off: the choice stays open until somebody makes it."
            ),
            "one_off_reminder": gettext_lazy(
                "Off: they see on their first page that they can choose, without a letter."
            ),
            "minimum_tenure_months": gettext_lazy(
                "Who has worked here for less can't buy out yet and reads from when. Empty: everybody can."
            ),
            "quote_valid_days": gettext_lazy("Within them the price that was shown is the price that is paid."),
            "summary_mail": gettext_lazy("On the first of each month: what was bought out, for how much."),
            "summary_to": gettext_lazy("Somebody in finance, perhaps. Needed for the summary."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service_fee"].help_text = _("Added to the residual value, in %(currency)s. Empty: none.") % {
            "currency": current_company().currency
        }
        self.fields["vat_percent"].help_text = _vat_of_the_country()
        if not current_company().has("leased_end_of_life"):
            for name in LEASED:
                del self.fields[name]

    # As the page shows them

    @property
    def version(self) -> int:
        """How often the policy has been changed: the page carries it, so that what was overtaken takes nothing back."""
        return Entry.objects.version_of(self.instance)

    @property
    def has_leased(self) -> bool:
        """Whether the leased path is open in this company."""
        return "leased_buyout" in self.fields

    def ticks(self, names):
        """Those of some fields that are ticked or not."""
        return [self[name] for name in names if isinstance(self.fields.get(name), forms.BooleanField)]

    @property
    def leased_ticks(self):
        """What holders of leased devices may do."""
        return self.ticks(LEASED)

    @property
    def one_off_ticks(self):
        """What holders of the company's own devices may do, and what happens of its own accord."""
        return self.ticks(ONE_OFF)

    # What must fit together

    def clean(self):
        """Somebody who is asked has something to choose from; what needs another setting says so."""
        said = super().clean() or self.cleaned_data
        if self.has_leased and not (said.get("leased_buyout") or said.get("leased_return")):
            self.add_error("leased_return", _("Offer at least one of the two: holders are asked to choose."))
        if not any(said.get(name) for name in ("one_off_buyout", "one_off_return", "one_off_keep")):
            self.add_error("one_off_keep", _("Offer at least one of the three: holders are asked to choose."))
        if said.get("keep_by_default") and not said.get("one_off_keep"):
            self.add_error(
                "keep_by_default", _("Devices can be kept of their own accord only where keeping is offered.")
            )
        if (said.get("window_from") is None) != (said.get("window_to") is None):
            missing = "window_to" if said.get("window_to") is None else "window_from"
            if missing not in self.errors:
                self.add_error(missing, _("Name both days, or neither: then devices are bought out on every day."))
        if said.get("summary_mail") and not said.get("summary_to") and "summary_to" not in self.errors:
            self.add_error("summary_to", _("Say where the summary goes."))
        return said

    @property
    def seen_version(self) -> int | None:
        """The version of the policy that stood on the page when the button was pressed."""
        return whole_number(self.data.get("version", ""), digits=9)


def _vat_of_the_country() -> str:
    company = current_company()
    rate = standard_rate(company.country)
    country = Locale.parse(get_language() or "en").territories.get(company.country, company.country)
    if rate is None:
        return _("On top of the net price. The rate of %(country)s is not known here, so it is needed.") % {
            "country": country
        }
    return _("On top of the net price. Empty: %(percent)s %%, the standard rate of %(country)s.") % {
        "percent": in_words(rate), "country": country,
    }  # fmt: skip


NOTHING_SAID: dict[str, Any] = {"months": None, "floor_percent": None}  # where a category has no depreciation yet


class DepreciationForm(forms.ModelForm):
    """One category's line of the depreciation table; both places empty: the category has none."""

    class Meta:
        model = Depreciation
        fields = ["months", "floor_percent"]

    def __init__(self, data=None, *, category, row):
        row = row or Depreciation(category=category, **NOTHING_SAID)
        super().__init__(data, instance=row, prefix=f"category{category.pk}")
        self.category = category
        for field in self.fields.values():
            field.required = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of the category."""
        return self.cleaned_data.get("months") is None and self.cleaned_data.get("floor_percent") is None

    def clean(self):
        """Both or neither."""
        said = super().clean() or self.cleaned_data
        for name in ("months", "floor_percent"):
            if name not in self.errors and said.get(name) is None and any(v is not None for v in said.values()):
                self.add_error(name, _("Both or neither."))
        return said


def depreciation_forms(data=None) -> list[DepreciationForm]:
    """The table: a line for each category."""
    rows = {row.category_id: row for row in Depreciation.objects.select_related("category")}
    return [DepreciationForm(data, category=each, row=rows.get(each.pk)) for each in Category.objects.order_by("pk")]
