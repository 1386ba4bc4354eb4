"""What the operators of the installation read before they switch a company's store off."""

from django.utils.translation import ngettext

from orders.models import ProductRequest
from velory.operators.effects import Effect, stops


@stops("store")
def requests_that_wait() -> list[Effect]:
    """Requests that nobody has answered."""
    n = ProductRequest.objects.pending().count()
    return [Effect(n, ngettext("%s request waits for an answer.", "%s requests wait for an answer.", n) % n)]
