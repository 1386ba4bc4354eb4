from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.prices import Mode


class Cart(models.Model):
    """What somebody has put aside to ask for, and for whom: themselves, unless they may order for others.

    `sent` is the request that was made of it last, `sent_seen` the digest of what was shown then: whoever presses twice
    finds that request and sends no second one.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cart")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    space = models.ForeignKey("assets.Space", models.CASCADE, null=True, blank=True, related_name="+")
    for_company = models.BooleanField(default=False)
    sent = models.ForeignKey("orders.ProductRequest", models.SET_NULL, null=True, editable=False, related_name="+")
    sent_seen = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("cart")

    def __str__(self):
        return f"{self.owner}"

    @property
    def receiver(self) -> Any:
        """The person or the space that it is for; None where it is for the company itself."""
        return None if self.for_company else self.space or self.person or self.owner


class CartItem(models.Model):
    """One variant in a cart, in one of the ways in which it can be had, so many times; and what it cost then."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    variant = models.ForeignKey("orders.Variant", models.CASCADE, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode)
    quantity = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    put_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("cart", "item")
        ordering = ["put_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant", "mode"], name="cart_item_once"),
            models.CheckConstraint(condition=models.Q(quantity__range=(1, 50)), name="cart_item_quantity"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.variant}"
