"""What an admin writes of a product and its variants."""

import unicodedata
from typing import cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.forms import OneLine
from assets.importing.forms import UploadForm
from assets.models import Category, Partner
from orders.catalogue.columns import PRODUCT, VARIANT
from orders.catalogue.facts import changes, facts_of, facts_of_product
from orders.models import Product, Variant
from orders.models.product import LONGEST_DESCRIPTION
from velory.people.forms.person import seen_as_written


class Line(OneLine):
    """Text on one line, composed as a file would bring it, so that an export comes back as it is."""

    def clean(self, value):
        return unicodedata.normalize("NFC", super().clean(value))


class ProductForm(forms.ModelForm):
    """What all variants of a product have in common."""

    name = Line(label=gettext_lazy("Product"), max_length=120, validators=[seen_as_written])
    category = forms.ModelChoiceField(Category.objects.none(), to_field_name="code", label=gettext_lazy("Category"))
    distributor = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Distributor"),
        help_text=gettext_lazy("Those that are integrated with the store."),
    )  # fmt: skip
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip

    class Meta:
        model = Product
        fields = ["name", "category", "distributor", "description"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        distributors = Partner.objects.filter(Q(distributes=True, integrated=True) | Q(pk=self.instance.distributor_id))
        choices = {"category": Category.objects.order_by("pk"), "distributor": distributors.order_by("name")}
        for name, things in choices.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = things
        cast(forms.ModelChoiceField, self.fields["category"]).empty_label = _("Choose a category")
        cast(forms.ModelChoiceField, self.fields["distributor"]).empty_label = _("Choose a distributor")
        self.before = facts_of_product(self.instance) if self.instance.pk else {}
        if self.instance.pk:
            self.initial["category"] = self.instance.category.code
            self.initial["distributor"] = self.instance.distributor.ref

    def clean_description(self):
        return one_newline(self.cleaned_data["description"])

    def clean(self):
        facts = super().clean() or self.cleaned_data
        name, distributor = facts.get("name"), facts.get("distributor")
        if name and distributor and self._twin(name, distributor):
            self.add_error("name", _("%(distributor)s has a product called so already.") % {"distributor": distributor})
        if self.instance.pk and distributor and "distributor" in self.changed_data:
            self._articles_are_free(distributor)
        return facts

    def _twin(self, name, distributor):
        return Product.objects.filter(name__iexact=name, distributor=distributor).exclude(pk=self.instance.pk).exists()

    def _articles_are_free(self, distributor):
        for variant in self.instance.variants.all():
            if Variant.objects.with_article(variant.article_number, distributor).exclude(pk=variant.pk).exists():
                words = _("%(distributor)s has article %(article)s already.")
                told = {"distributor": distributor, "article": variant.article_number}
                self.add_error("distributor", words % told)

    @property
    def changes(self) -> dict:
        """What is other than it was, as the journal tells it; to be asked once it is saved."""
        return changes(self.before, facts_of_product(self.instance), PRODUCT)


class VariantForm(forms.ModelForm):
    """One variant: what it is, and what it costs in one way or both."""

    article_number = Line(
        label=gettext_lazy("Article number"), max_length=60, validators=[seen_as_written],
        help_text=gettext_lazy("As the distributor calls it; it stands on the order."),
    )  # fmt: skip
    colour = Line(label=gettext_lazy("Colour"), max_length=40, required=False, validators=[seen_as_written])
    storage = Line(label=gettext_lazy("Storage"), max_length=40, required=False, validators=[seen_as_written])
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=gettext_lazy("Currency"),
        error_messages={"invalid": gettext_lazy("Three capital letters, such as SEK or EUR.")},
    )  # fmt: skip
    provider = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Leasing provider"), required=False
    )

    class Meta:
        model = Variant
        fields = ["article_number", "colour", "storage", "currency", "price", "monthly_price", "months", "provider",
                  "acquisition_price", "residual_percent"]  # fmt: skip

    LEASE = ("monthly_price", "months", "provider", "acquisition_price", "residual_percent")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("price", *self.LEASE):
            field = self.fields[name]
            if isinstance(field, forms.DecimalField):
                field.min_value = 0
                field.widget.attrs["min"] = "0"
        choice = cast(forms.ModelChoiceField, self.fields["provider"])
        choice.queryset, choice.empty_label = Partner.objects.leasing(), _("None")
        self.initial["provider"] = getattr(self.instance.provider, "ref", "")
        self.before = facts_of(self.instance) if self.instance.pk else {}

    def clean_currency(self):
        from babel.numbers import list_currencies

        if self.cleaned_data["currency"] not in list_currencies():
            raise forms.ValidationError(_("There is no currency with this code."))
        return self.cleaned_data["currency"]

    def clean_article_number(self):
        number, product = self.cleaned_data["article_number"], self.instance.product
        twin = Variant.objects.with_article(number, product.distributor).exclude(pk=self.instance.pk).first()
        if twin:
            raise forms.ValidationError(_("It is the article number of %(variant)s.") % {"variant": twin})
        return number

    def clean_months(self):
        months = self.cleaned_data["months"]
        if months is not None and not 1 <= months <= 120:
            raise forms.ValidationError(_("Write a whole number from 1 to 120."))
        return months

    def clean(self):
        facts = super().clean() or self.cleaned_data
        for name in ("price", "monthly_price", "acquisition_price", "residual_percent"):
            if facts.get(name) is not None and facts[name] < 0:
                self.add_error(name, _("An amount is never below zero."))
        if (facts.get("residual_percent") or 0) > 100:
            self.add_error("residual_percent", _("A percentage lies between 0 and 100."))
        if self.errors:
            return facts
        if facts["price"] is None and facts["monthly_price"] is None:
            self.add_error("price", _("Fill in a price, a monthly price, or both."))
        self._lease_is_whole(facts)
        return facts

    def _lease_is_whole(self, facts):
        leased = facts["monthly_price"] is not None
        for name in ("months", "provider"):
            if leased and not facts[name]:
                self.add_error(name, _("A monthly price needs it."))
        if not leased and any(facts[name] for name in self.LEASE):
            self.add_error("monthly_price", _("Fill it in, or clear what belongs to it."))

    @property
    def changes(self) -> dict:
        """What is other than it was, as the journal tells it; to be asked once it is saved."""
        return changes(self.before, facts_of(self.instance), VARIANT)

    @property
    def parts(self):
        """The fields as they stand together: legend, fields."""
        return [
            (_("Variant"), [self[name] for name in ("article_number", "colour", "storage")]),
            (_("Price"), [self[name] for name in ("currency", "price")]),
            (_("Leased by the month"), [self[name] for name in self.LEASE]),
        ]


class PictureForm(forms.Form):
    """A picture."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"), max_length=400, help_text=gettext_lazy("JPEG, PNG or WebP, up to 8 MB."),
        error_messages={
            "required": gettext_lazy("Choose a picture."), "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip


class CatalogueUploadForm(UploadForm):
    """A catalogue file."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Up to 10 MB and 5,000 rows. One row is one variant.")


def one_newline(text: str) -> str:
    """Lines as a file would bring them, so that an export comes back as it is."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
