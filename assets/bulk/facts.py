"""What is known of them: payor, renewal date, distributor. Each is the deed of one device, taken of many."""

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assets.bulk.registry import Action, BulkForm, Planned, admitted, bulk_action
from assets.forms import DayField, OneLine
from assets.models import Device, Partner
from velory.journal.reason import Reason, Refused
from velory.ui.dates import day_long
from velory.ui.inputs import field_of


class PayorForm(BulkForm):
    """Who pays for them."""

    payor = forms.ChoiceField(label=gettext_lazy("Payor"), choices=Device.Payor.choices, widget=forms.RadioSelect)
    cost_centre = OneLine(
        label=gettext_lazy("Cost centre"), required=False, max_length=40,
        help_text=gettext_lazy("Where the company pays. Left empty: each holder's own."),
    )  # fmt: skip


@bulk_action
class SetPayor(Action):
    """The company, with a cost centre, or the employee."""

    code, label, form, order = "payor", gettext_lazy("Set payor"), PayorForm, 40

    def title(self, said):
        who = str(Device.Payor(said["payor"]).label)
        if said.get("cost_centre"):
            return _("Set payor: %(payor)s, cost centre %(centre)s") % {"payor": who, "centre": said["cost_centre"]}
        return _("Set payor: %s") % who

    def plan(self, device, said, asking):
        holder = device.holder
        centre = said["cost_centre"] or (holder.cost_centre if holder else "")
        if said["payor"] == Device.Payor.EMPLOYEE:
            centre = ""
        return _payor_set(device, said["payor"], centre, asking)

    def undo(self, row, device, asking):
        return _payor_set(device, row.before.get("payor", ""), row.before.get("cost_centre", ""), asking)


def _payor_set(device, payor, centre, asking):
    given = {"payor": payor, "cost_centre": centre}
    admitted(device, "set_payor", asking, **given)
    changes = []
    if payor != device.payor:
        changes.append(("payor", device.payor, payor))
    if centre != device.payor_cost_centre:
        changes.append(("cost_centre", device.payor_cost_centre, centre))
    return Planned([("set_payor", given)], changes) if changes else Planned()


# The renewal date


class RenewalForm(BulkForm):
    """The same date for each of them."""

    renewal_on = DayField(gettext_lazy("Renewal date"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["renewal_on"].required = True

    def stored(self):
        return {"renewal_on": self.cleaned_data["renewal_on"].isoformat()}


@bulk_action
class SetRenewal(Action):
    """One date for all."""

    code, label, order = "renewal", gettext_lazy("Set renewal date"), 50
    form: type[BulkForm] = RenewalForm

    def title(self, said):
        return _("Set renewal date: %s") % day_long(DayField("").to_python(said["renewal_on"]))

    def plan(self, device, said, asking):
        return _dated(device, said["renewal_on"], asking)

    def undo(self, row, device, asking):
        before = row.before.get("renewal_on")
        return _dated(device, DayField("").to_python(before), asking)


class MoveForm(BulkForm):
    """By how many months, to and fro."""

    months = forms.IntegerField(
        label=gettext_lazy("Months"), min_value=-60, max_value=60,
        help_text=gettext_lazy("Later; with a minus sign earlier."),
    )  # fmt: skip

    def clean_months(self):
        if not self.cleaned_data["months"]:
            raise ValidationError(_("Say by how many months."))
        return self.cleaned_data["months"]


@bulk_action
class MoveRenewal(SetRenewal):
    """Each by as many months from its own date."""

    code, label, order = "move_renewal", gettext_lazy("Move renewal date by months"), 60
    form = MoveForm

    def title(self, said):
        months = said["months"]
        if months < 0:
            words = ngettext("%d month earlier", "%d months earlier", -months) % -months
        else:
            words = ngettext("%d month later", "%d months later", months) % months
        return _("Move renewal date: %s") % words

    def plan(self, device, said, asking):
        if device.renewal_on is None:
            raise Refused(Reason("no_date", _("It has no renewal date that could be moved.")))
        return _dated(device, device.renewal_on + relativedelta(months=said["months"]), asking)


def _dated(device, day, asking):
    admitted(device, "edit", asking)
    if day == device.renewal_on:
        return Planned()
    if day is not None:
        try:
            DayField("").clean(day.isoformat())
        except ValidationError as fault:
            raise Refused(Reason("date", " ".join(fault.messages))) from None
    if day and device.purchased_on and day < device.purchased_on:
        bought = day_long(device.purchased_on)
        raise Refused(Reason("date", _("That is before the purchase date, %s.") % bought))
    before, after = (d.isoformat() if d else "" for d in (device.renewal_on, day))
    return Planned([("edit", {"facts": {"renewal_on": after}})], [("renewal_on", before, after)])


# The distributor


class DistributorForm(BulkForm):
    """From whom they came."""

    distributor = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Distributor"),
        empty_label=gettext_lazy("Choose…"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field_of(self, "distributor", forms.ModelChoiceField).queryset = Partner.objects.distributing()

    def stored(self):
        return {"distributor": self.cleaned_data["distributor"].name}


@bulk_action
class SetDistributor(Action):
    """With it goes the way in which they are renewed."""

    code, label, form, order = "distributor", gettext_lazy("Set distributor"), DistributorForm, 70

    def title(self, said):
        return _("Set distributor: %s") % said["distributor"]

    def answers(self, said):
        return {"distributor": Partner.objects.distributing().filter(name=said["distributor"]).first()}

    def plan(self, device, said, asking):
        return _from_distributor(device, said["distributor"], asking)

    def undo(self, row, device, asking):
        pk = row.before.get("distributor")
        before = asking.find(Partner, pk)
        if pk and before is None:
            raise Refused(Reason("gone", _("The distributor that it had is no longer here.")))
        return _from_distributor(device, before, asking)


def _from_distributor(device, partner, asking):
    admitted(device, "edit", asking)
    if partner == device.distributor:
        return Planned()
    move = ("edit", {"facts": {"distributor": partner.pk if partner else None}})
    return Planned([move], [("distributor", str(device.distributor or ""), str(partner or ""))])
