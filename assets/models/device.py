from contextlib import contextmanager
from datetime import date

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models.functions import Concat, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.lifecycle import ARCHIVED, PHASE_OF, PHASES, DeviceLife, Status
from assets.models.holding import HandOvers, Holding
from velory.folding import Folded, words_of
from velory.journal.models import Entry
from velory.references import device_reference

MANY = 2000  # people or spaces that a word of a search is looked up in


class DeviceQuerySet(models.QuerySet):
    """What one can say of devices."""

    def visible_to(self, person):
        """The one gate through which a person reaches a device: admins all, others their own.

        Colleagues' devices are readable where the company does not hide them (spec 5).
        """
        from assets.models.settings import AssetSettings

        if person.is_admin or not AssetSettings.here().hide_company_assets:
            return self
        return self.filter(holder=person)

    def held_by(self, person):
        """Devices that a person has."""
        return self.filter(holder=person)

    def in_hand_of(self, person):
        """Devices on which a person may act or see more than the facts: admins all, others their own."""
        return self if person.is_admin else self.held_by(person)

    def matching(self, q: str):
        """Devices in whose name, serial number, IMEI, number, reference, holder or space every word occurs.

        People and spaces are looked up first: two index scans a word instead of one walk over all devices.
        """
        from assets.models.space import Space
        from velory.people.models import Person

        found = self
        for word in words_of(q):
            people = Person.objects.filter(search__contains=word).values_list("pk", flat=True)
            spaces = Space.objects.filter(name__folded__contains=word).values_list("pk", flat=True)
            found = found.filter(
                models.Q(search__contains=word)
                | models.Q(holder__in=list(people[:MANY]))
                | models.Q(space__in=list(spaces[:MANY]))
            )
        return found

    def called(self, said: str):
        """The device that somebody means by a reference, the company's own number or a serial number."""
        said = said.strip()
        return self.filter(models.Q(ref__iexact=said) | models.Q(number__iexact=said) | models.Q(serial__iexact=said))

    def referred(self, refs):
        """Devices by their references."""
        return self.filter(ref__in=refs)

    def delivered(self):
        """Handed over by the carrier, and not received yet."""
        return self.filter(status=Status.DELIVERED)

    def with_serial(self, serial: str):
        """The device with a serial number, whatever its case."""
        return self.filter(serial__iexact=serial)

    def with_imei(self, imei: str):
        """The device with an IMEI."""
        return self.filter(imei=imei)

    def with_number(self, number: str):
        """The device with the company's own number, whatever its case."""
        return self.filter(number__iexact=number)

    def in_the_house(self):
        """Every device that is not archived."""
        return self.exclude(status__in=ARCHIVED)

    def archived(self):
        """Devices whose life here is over."""
        return self.filter(status__in=ARCHIVED)

    def in_phase(self, phase: str):
        """Devices in a phase of spec 1: delivery, in use, leaving, repair, archived."""
        return self.filter(status__in=PHASES[phase])

    def unassigned(self):
        """In the house, in use, with neither a holder nor a space."""
        return self.filter(holder=None, space=None, status__in=[*PHASES["in use"], Status.RECEIVED])

    def without_renewal_date(self):
        """In use and following no path."""
        return self.in_phase("in use").filter(renewal_on=None)

    def renewing_by(self, day):
        """In use, with a renewal date in the next three months or past."""
        return self.in_phase("in use").filter(renewal_on__lte=day + relativedelta(months=3))

    def needing_repair(self):
        """Somebody has reported a fault."""
        return self.filter(status=Status.NEEDS_REPAIR)

    def counted_for(self, person, category):
        """What fills a person's places in a category (spec 2): not leaving; in repair, if they had it last."""
        theirs = models.Q(holder=person, status__in=[*PHASES["delivery"], *PHASES["in use"]])
        return self.filter(theirs | models.Q(last_holder=person, status=Status.IN_REPAIR), category=category)

    def gaps(self) -> dict[str, int]:
        """How many lack a holder, a payor or a renewal date, counted in one query."""
        in_use = models.Q(status__in=PHASES["in use"])
        nobody = models.Q(holder=None, space=None, status__in=[*PHASES["in use"], Status.RECEIVED])
        return self.aggregate(
            unassigned=models.Count("pk", filter=nobody),
            payor=models.Count("pk", filter=in_use & models.Q(payor="")),
            renewal_date=models.Count("pk", filter=in_use & models.Q(renewal_on=None)),
        )

    def with_what_a_list_shows(self):
        """For pages: a row is shown without a further query."""
        return self.select_related(
            "category", "holder__location", "holder__team", "space__location", "distributor", "contract__provider"
        )


class Device(DeviceLife):
    """A phone, a computer or something like it, from the order to the archive. Prices are net, in `currency`."""

    class Payor(models.TextChoices):
        COMPANY = "company", _("Company")
        EMPLOYEE = "employee", _("Employee")

    class Outcome(models.TextChoices):
        RETURNED = "returned", _("Returned")
        BOUGHT = "bought", _("Bought from the distributor")

    ref = models.CharField(max_length=12, unique=True, default=device_reference, editable=False)
    number = models.CharField(_("company's own number"), max_length=60, blank=True)
    name = models.CharField(_("product"), max_length=120)
    category = models.ForeignKey("assets.Category", models.PROTECT, related_name="devices", verbose_name=_("category"))
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    imei = models.CharField(_("IMEI"), max_length=15, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="devices",
        verbose_name=_("holder"),
    )
    space = models.ForeignKey(
        "assets.Space", models.PROTECT, null=True, blank=True, related_name="devices", verbose_name=_("space")
    )
    last_holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    last_space = models.ForeignKey("assets.Space", models.PROTECT, null=True, blank=True, related_name="+")
    payor = models.CharField(_("payor"), max_length=10, choices=Payor, blank=True)
    payor_cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    distributor = models.ForeignKey(
        "assets.Partner", models.PROTECT, null=True, blank=True, related_name="devices", verbose_name=_("distributor")
    )
    purchase_price = models.DecimalField(_("purchase price"), max_digits=12, decimal_places=2, null=True, blank=True)
    buyout_price = models.DecimalField(_("buy-out price"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    purchased_on = models.DateField(_("purchase date"), null=True, blank=True)
    renewal_on = models.DateField(_("renewal date"), null=True, blank=True)
    received_at = models.DateTimeField(null=True, editable=False)
    return_outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    tracking_url = models.URLField(_("tracking link"), blank=True)
    registered_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=Folded(
            Concat(
                "name", models.Value(" "), "serial", models.Value(" "), "imei", models.Value(" "),
                "ref", models.Value(" "), "number", output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="device_status_known"),
            models.CheckConstraint(
                condition=models.Q(holder=None) | models.Q(space=None), name="device_holder_or_space"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=ARCHIVED) | models.Q(holder=None, space=None),
                name="device_archived_is_nobodys",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.IN_REPAIR) | models.Q(holder=None, space=None, payor=""),
                name="device_in_repair_is_nobodys",
            ),
            models.CheckConstraint(
                condition=models.Q(purchase_price=None) | models.Q(purchase_price__gte=0), name="device_purchase_price"
            ),
            models.CheckConstraint(
                condition=models.Q(buyout_price=None) | models.Q(buyout_price__gte=0), name="device_buyout_price"
            ),
            models.UniqueConstraint(Upper("serial"), condition=~models.Q(serial=""), name="device_serial_once"),
            models.UniqueConstraint(fields=["imei"], condition=~models.Q(imei=""), name="device_imei_once"),
            models.UniqueConstraint(Upper("number"), condition=~models.Q(number=""), name="device_number_once"),
        ]
        indexes = [
            models.Index(fields=["status", "renewal_on"], name="device_status_renewal"),
            models.Index(fields=["renewal_on", "id"], name="device_renewal"),
            models.Index(fields=["name", "id"], name="device_name"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="device_search"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The device's page."""
        return reverse("assets:device", args=[self.ref])

    @classmethod
    @transaction.atomic
    def register(cls, *, by, at, to=None, contract=None, facts):
        """A device that the company has already: known by hand, not by an order. Starts in `active`."""
        from velory.journal.steps import entry_for, follow

        device = cls(registered_at=at, version=1, **facts)
        device.holder, device.space = _person_or_space(to)
        device.save(force_insert=True)
        if to is not None:
            Holding.objects.create(device=device, person=device.holder, space=device.space, from_at=at)
        if contract:
            from assets.models.contract import Contract

            Contract.objects.create(device=device, **contract)
        entry_for(device, "register", by=by, role="admin", at=at, details={"to": str(to or "")}).save(force_insert=True)
        follow(cls, "register", [device], at=at)
        return device

    # Facts

    @property
    def phase(self) -> str:
        """The phase of spec 1 that the status belongs to."""
        return PHASE_OF[self.status]

    @property
    def is_archived(self) -> bool:
        """Whether its life here is over."""
        return self.status in ARCHIVED

    @property
    def open_contract(self):
        """The leasing contract, unless there is none or it is closed."""
        contract = getattr(self, "contract", None)
        return contract if contract is not None and contract.closed_on is None else None

    @property
    def is_leased(self) -> bool:
        """Whether it is leased at the moment."""
        return self.open_contract is not None

    @property
    def leased_from_id(self) -> int | None:
        """The leasing provider's key, if it is leased."""
        return self.open_contract.provider_id if self.is_leased else None

    @property
    def may_be_bought_from_distributor(self) -> bool:
        """Whether its holder may have settled with a distributor outside the store (seed: external renewal)."""
        return self.distributor is not None and not self.distributor.integrated

    @property
    def whose(self):
        """The person or the space that has it, or None."""
        return self.holder or self.space

    @property
    def tracking_page(self) -> str:
        """The carrier's page as a link may lead to it; empty where what was given is no address of the web."""
        return self.tracking_url if self.tracking_url.lower().startswith(("https://", "http://")) else ""

    # What the steps say of it

    def hand_to(self, to, at) -> None:
        """It is now a person's or a space's; the payor is to be set again (seed: repair)."""
        self.let_go(at)
        self.holder, self.space = _person_or_space(to)
        self.payor = self.payor_cost_centre = ""
        self._hand_over(at, begun=[Holding(device=self, person=self.holder, space=self.space, from_at=at)])

    def let_go(self, at) -> None:
        """It is nobody's; who had it last is remembered."""
        if self.holder_id or self.space_id:
            self.last_holder, self.last_space = self.holder, self.space
            self.holder = self.space = None
            self._hand_over(at, ended=[self.pk])

    def _hand_over(self, at, *, ended=(), begun=()) -> None:
        """Kept at once; or with the others', where a step is taken of many."""
        gathered = self.__dict__.get("_gathered")
        overs = gathered or HandOvers()
        overs.ended += ended
        overs.begun += begun
        if gathered is None:
            overs.write(at)

    @classmethod
    @contextmanager
    def gathering(cls, devices, at):
        """While a step is taken of many, what their rules write beside them is written for all of them at the end."""
        gathered = HandOvers()
        for device in devices:
            device.__dict__["_gathered"] = gathered
        yield
        for device in devices:
            del device.__dict__["_gathered"]
        gathered.write(at)

    def kept_since(self) -> tuple:
        """The original renewal date, and the months for which it has been kept beyond it: none where it never was, or
        where its date was set anew since."""
        last = self.journal.filter(step="keep").last()
        if last is None or self.renewal_on is None or last.details.get("renewal_on") != self.renewal_on.isoformat():
            return self.renewal_on, 0
        return date.fromisoformat(last.details["original_on"]), last.details["months"]

    def take_over(self, facts: dict, contract: dict) -> None:
        """Take corrected facts over and note what each of them was before."""
        from assets.models.contract import Contract

        changes = _take(self, facts)
        terms = getattr(self, "contract", None)
        if contract:
            terms = terms or Contract(device=self, currency=self.currency or "")
            changes |= {f"contract.{name}": change for name, change in _take(terms, contract).items()}
        if terms is not None and (contract or "currency" in changes):
            terms.currency = (self.currency if "currency" in changes else "") or terms.currency  # one field says both
            terms.save()
        self.note_fact("changes", changes)
        self.note_fact("facts", None)  # the changes say it, with what was before
        self.note_fact("contract", None)

    def remark(self, text: str, *, by, at, admin_only: bool = False):
        """A signed and dated note on it."""
        signed = {"by_ref": getattr(by, "ref", ""), "by_name": str(by or "")}
        return self.notes.create(text=text, at=at, admin_only=admin_only, **signed)

    def entries(self):
        """Its journal for the page, the latest first."""
        return Entry.objects.about(self).reverse()


def _person_or_space(to):
    from assets.models.space import Space

    return (None, to) if isinstance(to, Space) else (to, None)


def _take(thing, facts):
    from velory.journal.steps import plain

    changes = {}
    for name, value in facts.items():
        before = getattr(thing, name)
        if before != value:
            changes[name] = ["" if v is None else plain(v) for v in (before, value)]
            setattr(thing, name, value)
    return changes
