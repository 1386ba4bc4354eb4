"""Where an erased company was, nobody opens for a year (R86)."""

from velory.erasing.models import KeptHost
from velory.tenancy.opening import keeps_free

keeps_free(KeptHost.is_kept)
