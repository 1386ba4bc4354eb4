"""The pictures of a product: how many, in which order, each change in the product's journal."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from orders.catalogue.keeping import hold_catalogue, note
from orders.models.picture import MOST_PICTURES, Picture
from velory.journal.reason import Reason, Refused
from velory.ui.pictures import decoded, delete_files, write_files


def add_picture(product, content: bytes, *, by, at) -> Picture:
    """One more picture of a product. Raises NoPicture, or Refused where there are enough."""
    picture = decoded(content)
    made = Picture(product=product, added_at=at)
    try:
        with transaction.atomic():
            hold_catalogue()
            known = product.pictures.count()
            if known >= MOST_PICTURES:
                raise Refused(Reason("enough", _("A product has six pictures at most. Remove one first.")))
            made.position = known
            write_files(made, picture)
            made.save(force_insert=True)
            note([(product, "add_picture", {})], by=by, at=at)
    except BaseException:
        delete_files(made.large.name, made.small.name)
        raise
    return made


def remove_picture(picture: Picture, *, by, at) -> None:
    """It is not shown any more; its files go when that is committed."""
    with transaction.atomic():
        hold_catalogue()
        note([(picture.product, "remove_picture", {})], by=by, at=at)
        transaction.on_commit(partial(delete_files, str(picture.large.name), str(picture.small.name)))
        picture.delete()
