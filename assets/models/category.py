from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

DEFAULTS = [  # code, English name, drawing, quota without a budget (spec 2, the store's gate)
    ("phones", gettext_noop("Phones"), "phone", 1),
    ("computers", gettext_noop("Computers"), "laptop", 1),
    ("tablets", gettext_noop("Tablets"), "tablet", 1),
    ("screens", gettext_noop("Screens"), "screen", None),
    ("accessories", gettext_noop("Accessories"), "accessory", None),
]


class Category(models.Model):
    """A kind of device. `quota`: how many a person without a budget may hold at once; empty is no limit."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    art = models.CharField(max_length=20, default="accessory")
    quota = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="category_name_once")]
        verbose_name = _("category")

    def __str__(self):
        return gettext(self.name)

    @property
    def has_imei(self) -> bool:
        """Whether devices of this kind have an IMEI that receipt asks for."""
        return self.code == "phones"
