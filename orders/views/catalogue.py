"""The catalogue, as an admin keeps it: the list, a product, its variants and pictures."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import pictures
from orders.catalogue.exporting import catalogue_rows
from orders.catalogue.forms import PictureForm, ProductForm, VariantForm
from orders.catalogue.keeping import hold_catalogue, note
from orders.catalogue.table import Catalogue
from orders.doors import for_the_stores_admins
from orders.models import Product, StoreSettings, Variant
from orders.models.picture import MOST_PICTURES
from velory import clock
from velory.journal.deeds import refuse_stale
from velory.journal.reason import Refused
from velory.tenancy.context import current_company
from velory.ui.files import as_csv
from velory.ui.pictures import NoPicture
from velory.ui.steps import conflict, see_other, seen_version, sent


@require_safe
@for_the_stores_admins
def catalogue(request):
    """Every product: views, search, filters, order, pages."""
    return render(request, "orders/catalogue.html", {"table": Catalogue(request).fetch()})


@require_safe
@for_the_stores_admins
def export_catalogue(request):
    """The same products as a CSV that the import takes back."""
    return as_csv(f"catalogue-{clock.today()}.csv", catalogue_rows(Catalogue(request).products))


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def add_product(request):
    """A new product; what it costs is said of its variants, on the next page."""
    form = ProductForm(sent(request))
    if _save(form, lambda: [(form.instance, "add", {})], request):
        messages.success(request, _("%s is in the catalogue. Add a variant with its price.") % form.instance)
        return see_other(reverse("orders:add_variant", args=[form.instance.ref]))
    page = {"form": form, "title": _("Add product"), "back": reverse("orders:catalogue"), "trail": []}
    return render(request, "orders/form.html", page, status=422 if form.is_bound else 200)


@require_safe
@for_the_stores_admins
def product(request, ref):
    """One product: what it is, its variants, its pictures, what happened."""
    return _page(request, _product(ref))


def _page(request, product, form=None):
    vat = StoreSettings.here().vat
    context = {
        "product": product,
        "variants": [(variant, variant.prices(vat)) for variant in sorted(product.variants.all(), key=_standing)],
        "pictures": product.pictures_in_order,
        "has_room": len(product.pictures.all()) < MOST_PICTURES,
        "picture_form": form or PictureForm(),
        "entries": product.journal.newest_first()[:50],
        "version": product.journal.version_of(product),
    }
    return render(request, "orders/product.html", context, status=422 if form is not None else 200)


def _standing(variant):
    return variant.archived_at is not None, variant.pk


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def edit_product(request, ref):
    """Other facts about a product."""
    product = _product(ref)
    sent = request.method == "POST"
    seen = seen_version(request) if sent else product.journal.version_of(product)
    form = ProductForm(request.POST if sent else None, instance=_product(ref))
    try:
        done = _save(form, lambda: _changed(form, form.instance, "change", {}), request, product, seen)
    except Refused as stale:
        return conflict(request, product, stale.reason)
    if done:
        messages.success(request, _("%s is saved.") % form.instance)
        return see_other(form.instance.get_absolute_url())
    page = {"form": form, "title": str(product), "back": product.get_absolute_url(), "version": seen}
    page["trail"] = [(product, product.get_absolute_url())]
    return render(request, "orders/form.html", page, status=422 if form.is_bound else 200)


@require_POST
@for_the_stores_admins
def archive_product(request, ref):
    """Not offered any more: all its variants are archived."""
    return _turn(request, _product(ref), archived=True)


@require_POST
@for_the_stores_admins
def restore_product(request, ref):
    """Offered again: all its variants are."""
    return _turn(request, _product(ref), archived=False)


def _turn(request, product, *, archived):
    at = clock.now()
    with transaction.atomic():
        hold_catalogue()
        moved = product.variants.filter(archived_at__isnull=archived)
        if moved.update(archived_at=at if archived else None):
            note([(product, "archive" if archived else "restore", {})], by=request.user, at=at)
    messages.success(request, _("%s is archived.") % product if archived else _("%s is offered again.") % product)
    return see_other(product.get_absolute_url())


# Variants


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def add_variant(request, ref):
    """One more colour or storage, with its prices."""
    product = _product(ref)
    variant = Variant(product=product, currency=current_company().currency)
    return _edit_variant(request, product, variant, _("Add variant"), "add_variant")


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def variant(request, ref, variant):
    """Other facts or prices of a variant."""
    product = _product(ref)
    return _edit_variant(request, product, _variant(product, variant), _("Change variant"), "change_variant")


def _edit_variant(request, product, variant, title, deed):
    sent = request.method == "POST"
    seen = seen_version(request) if sent else product.journal.version_of(product)
    form = VariantForm(request.POST if sent else None, instance=variant)
    called = variant.in_short
    facts = {"variant": called} if variant.pk else None
    try:
        done = _save(form, lambda: _changed(form, product, deed, facts), request, product, seen)
    except Refused as stale:
        return conflict(request, product, stale.reason)
    if done:
        messages.success(request, _("%s is saved.") % form.instance)
        return see_other(product.get_absolute_url())
    page = {"form": form, "title": title, "back": product.get_absolute_url(), "version": seen}
    page["trail"] = [(product, product.get_absolute_url())]
    return render(request, "orders/form.html", page, status=422 if form.is_bound else 200)


@require_POST
@for_the_stores_admins
def archive_variant(request, ref, variant):
    """Not offered any more; those that are left stay."""
    return _turn_variant(request, ref, variant, archived=True)


@require_POST
@for_the_stores_admins
def restore_variant(request, ref, variant):
    """Offered again."""
    return _turn_variant(request, ref, variant, archived=False)


def _turn_variant(request, ref, variant, *, archived):
    product, at = _product(ref), clock.now()
    variant = _variant(product, variant)
    with transaction.atomic():
        hold_catalogue()
        moved = product.variants.filter(pk=variant.pk, archived_at__isnull=archived)
        if moved.update(archived_at=at if archived else None):
            deed = "archive_variant" if archived else "restore_variant"
            note([(product, deed, {"variant": variant.in_short})], by=request.user, at=at)
    messages.success(request, _("%s is archived.") % variant if archived else _("%s is offered again.") % variant)
    return see_other(product.get_absolute_url())


# Pictures


@require_POST
@for_the_stores_admins
def add_picture(request, ref):
    """A picture, looked at and written anew."""
    product = _product(ref)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            pictures.add_picture(product, form.cleaned_data["picture"].read(), by=request.user, at=clock.now())
        except NoPicture as unusable:
            form.add_error("picture", str(unusable))
        except Refused as refused:
            return conflict(request, product, refused.reason)
    if not form.is_valid():
        return _page(request, product, form)
    messages.success(request, _("The picture is added."))
    return see_other(product.get_absolute_url())


@require_POST
@for_the_stores_admins
def remove_picture(request, ref, picture):
    """It is not shown any more."""
    product = _product(ref)
    pictures.remove_picture(get_object_or_404(product.pictures, ref=picture), by=request.user, at=clock.now())
    messages.success(request, _("The picture is removed."))
    return see_other(product.get_absolute_url())


def _product(ref) -> Product:
    return get_object_or_404(Product.objects.with_what_a_list_shows(), ref=ref)


def _variant(product, ref) -> Variant:
    return get_object_or_404(
        Variant.objects.select_related("product__distributor", "provider"), product=product, ref=ref
    )


def _save(form, told, request, product=None, seen=None) -> bool:
    """Check and keep a form while the catalogue is held, and write what it changed. Raises Refused where it is late."""
    if not form.is_bound:
        return False
    with transaction.atomic():
        hold_catalogue()
        if product is not None:
            refuse_stale(product, seen)
        if not form.is_valid():
            return False
        form.save()
        note(told(), by=request.user, at=clock.now())
    return True


def _changed(form, product, deed, facts):
    """What the journal is told: nothing where nothing changed; of a new variant how it is called."""
    if facts is None:
        return [(product, deed, {"variant": form.instance.in_short})]
    return [(product, deed, facts | {"changes": form.changes})] if form.changes else []
