"""What letters leave for the admins to do."""

from django.urls import reverse
from django.utils.translation import gettext as _

from velory.post.models import OwnWords, RefusedAddress
from velory.ui.todos import Todo, todo


@todo(order=800)
def what_letters_ask_for(today):
    """Addresses that refuse mail, and texts that could not be used: each as the list behind it counts."""
    failed = OwnWords.objects.that_failed().values("template").distinct().count()
    return [
        Todo("refused_mail", RefusedAddress.objects.count(), _("Refused mail"),
             _("Correct the address, or reach the person in another way"), reverse("post:refused")),
        Todo("texts_failed", failed, _("Letters’ texts that could not be used"),
             _("The letters went with Velory’s own words"), f"{reverse('post:texts')}?own=failed"),
    ]  # fmt: skip
