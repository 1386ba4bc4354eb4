from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assets.lifecycle import Status
from orders.lifecycle import OrderLife, OrderStatus
from velory.post.links import void_links
from velory.references import reference


def order_reference() -> str:
    """An order's reference."""
    return reference("VO")


class OrderQuerySet(models.QuerySet):
    """What one can say of orders."""

    def unsent(self):
        """Not yet with the distributor."""
        return self.filter(status__in=[OrderStatus.QUEUED, OrderStatus.FAILED])

    def failed(self):
        """Those that did not get there."""
        return self.filter(status=OrderStatus.FAILED)

    def concerning(self, person):
        """Those with a line that concerns somebody."""
        return self.filter(pk__in=OrderLine.objects.concerning(person).values("order"))

    def newest_first(self):
        """For pages."""
        return self.order_by("-ordered_at", "-pk")

    def with_what_a_reader_sees(self):
        """For its page: distributor, place and request."""
        return self.select_related("distributor", "location", "request__requester", "request__person", "request__space")

    def with_what_a_list_shows(self):
        """For pages: distributor, request, lines with their devices."""
        return self.select_related("distributor", "request__requester").prefetch_related(
            "lines__device__category", "lines__device__holder", "lines__device__space"
        )


class Order(OrderLife):
    """What one distributor is to deliver, from one request or from an admin. Moments are UTC.

    `number` is the distributor's own, and `heard` says which message named it. `tries` counts how often its machine was
    asked since somebody last pressed; `fault` is the English sentence of why it did not get there.
    """

    class Way(models.TextChoices):
        MAIL = "mail", _("By mail, with a link")
        HTTP = "http", _("By machine, signed")

    ref = models.CharField(max_length=12, unique=True, default=order_reference, editable=False)
    request = models.ForeignKey("orders.ProductRequest", models.PROTECT, null=True, related_name="orders")
    distributor = models.ForeignKey("assets.Partner", models.PROTECT, related_name="orders")
    number = models.CharField(_("distributor's order number"), max_length=80, blank=True)
    way = models.CharField(max_length=5, choices=Way, default=Way.MAIL)
    location = models.ForeignKey("people.Location", models.PROTECT, null=True, related_name="+")
    address = models.TextField(_("delivery address"), max_length=500, blank=True)
    ordered_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    heard = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    fault_answer = models.CharField(max_length=20, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        indexes = [
            models.Index(fields=["-ordered_at", "-id"], name="order_newest"),
            models.Index(fields=["status", "ordered_at"], name="order_status"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=OrderStatus.values), name="order_status_known"),
            models.UniqueConstraint(
                fields=["request", "distributor"],
                condition=models.Q(request__isnull=False),
                name="order_once_a_request",
            ),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("orders:order", args=[self.ref])

    @property
    def is_unsent(self) -> bool:
        """Whether the distributor has not got it yet."""
        return self.status in {OrderStatus.QUEUED, OrderStatus.FAILED}

    def end_links(self, at) -> None:
        """Whatever link opens it now opens nothing any more."""
        from orders.reports.link import PURPOSE

        void_links(self, at=at, purpose=PURPOSE)

    @property
    def written_to(self) -> str:
        """The address that its distributor has for orders; empty where there is none."""
        from orders.ordering.channels import address_of

        return address_of(self.distributor)

    @property
    def why_not_sent(self) -> str:
        """Why it did not get there, in the reader's language."""
        return f"{gettext(self.fault)} {self.fault_answer}".strip() if self.fault else ""

    @property
    def lines_in_order(self) -> list["OrderLine"]:
        """Its devices, as the distributor counts them."""
        return sorted(self.lines.all(), key=lambda line: line.number)


class OrderLineQuerySet(models.QuerySet):
    """What one can say of lines of orders."""

    def left(self):
        """Those whose device was not cancelled."""
        return self.exclude(device__status=Status.CANCELLED)

    def cancelled(self):
        """Those whose device was."""
        return self.filter(device__status=Status.CANCELLED)

    def concerning(self, person):
        """Those that somebody asked for, are for them, or whose device they have, or had until it was cancelled.

        Asked by itself, each way of being concerned by its own index: beside everything that a page shows of a line the
        planner would go through all lines first, and home asks this of every person.
        """
        lines = OrderLine.objects.order_by().values_list("pk", flat=True)
        found = lines.filter(order__request__requester=person).union(
            lines.filter(order__request__person=person),
            lines.filter(device__holder=person),
            lines.filter(device__last_holder=person, device__status=Status.CANCELLED),
        )
        return self.filter(pk__in=list(found.order_by()))

    def of(self, device):
        """The line by which a device came, if one did."""
        return self.filter(device=device)

    def of_devices(self, devices):
        """The lines by which some devices came."""
        return self.filter(device__in=[device.pk for device in devices])

    def delivered_of(self, orders):
        """Those of some orders that the carrier has handed over and nobody has received, with their devices."""
        delivered = self.filter(order__in=orders, device__status=Status.DELIVERED)
        return delivered.select_related("device__category", "device__contract").order_by("device")

    def under_way(self):
        """Those that have not come and were not cancelled."""
        return self.exclude(device__received_at__isnull=False).exclude(device__status=Status.CANCELLED)

    def not_under_way(self):
        """Those that have come or were cancelled."""
        return self.filter(models.Q(device__received_at__isnull=False) | models.Q(device__status=Status.CANCELLED))

    def for_following(self):
        """For pages and letters: device, order, distributor, whoever asked: without a further query."""
        return self.select_related(
            "device__category", "device__holder", "device__space", "device__distributor", "device__contract__provider",
            "order__distributor", "order__request__requester",
        )  # fmt: skip

    def with_what_a_cancellation_needs(self):
        """Device, order, and the line of the request with whoever sent it: without a further query."""
        return self.select_related(
            "device__category", "order__distributor", "request_line__request__requester",
            "request_line__request__person", "request_line__category", "request_line__replaces",
        )  # fmt: skip


class OrderLine(models.Model):
    """One device of an order, and what the distributor has said of it.

    `heard` keeps for each fact the message that last settled it, so that late messages change nothing (R80).
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    device = models.OneToOneField("assets.Device", models.PROTECT, related_name="order_line")
    request_line = models.OneToOneField("orders.RequestLine", models.PROTECT, null=True, related_name="order_line")
    article_number = models.CharField(max_length=60, blank=True)
    expected_on = models.DateField(_("expected delivery"), null=True, blank=True)
    heard = models.JSONField(default=dict)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an order")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="order_line_number_once")]

    def __str__(self):
        return f"{self.order.ref}/{self.number}"
