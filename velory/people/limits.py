"""How often one may knock: for each address, each client and in all, counted in the cache (reliability R59).

Every cache key names its company. Where the cache is down the doors stay open, so that people can sign in, and
each knock that went uncounted is an error in the log: that is the alarm.
"""

import hashlib
import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from velory import clock

log = logging.getLogger(__name__)

# Door: for whom, how many times in how many seconds
LIMITS = {
    "sign_in": {"address": (8, 300), "client": (40, 60), "all": (1200, 60)},
    "code": {"address": (4, 900), "client": (20, 60), "all": (600, 60)},
    "reset": {"address": (4, 900), "client": (20, 60), "all": (600, 60)},
    "link": {"client": (40, 60), "all": (1200, 60)},
    "password": {"address": (8, 300)},
    "second": {"address": (6, 300), "client": (40, 60), "all": (600, 60)},
    "second_all_day": {"address": (40, 86_400)},
    "passkey": {"client": (40, 60), "all": (1200, 60)},
    "federated": {"client": (160, 60), "all": (1200, 60)},
    "try_provider": {"address": (10, 600), "all": (30, 600)},
    "calendar": {"client": (60, 60), "all": (1200, 60)},
    "find": {"client": (20, 60)},
    "sign_up": {"client": (12, 3600), "all": (300, 3600)},
    "sign_up_to": {"address": (3, 3600), "all": (200, 3600)},
    "report": {"address": (60, 600), "client": (120, 600)},
    "answer": {"address": (20, 600), "client": (120, 600)},
    "feed": {"client": (600, 60), "all": (3000, 60)},
    "feed_of": {"address": (300, 60)},
}
NOBODY = "unknown"
TOO_OFTEN = _("That was too often. Wait a few minutes and try again.")


def may_knock(door: str, request, address: str = "") -> bool:
    """Count one knock at a door and say whether it is still within every limit."""
    try:
        counted = [(_count(key, seconds), times) for key, times, seconds in _counters(door, request, address)]
        return all(count <= times for count, times in counted)
    except (RedisError, OSError) as down:
        log.error("Knocks at “%s” are not counted, the cache is down: %s", door, type(down).__name__)
        return True


def take_back(door: str, request, address: str = "") -> None:
    """Forget one knock: it was somebody who belongs here."""
    try:
        for key, _times, _seconds in _counters(door, request, address):
            cache.decr(key)
    except (RedisError, OSError, ValueError):
        pass


def client_of(request) -> str:
    """Whom a request comes from, seen through the configured number of proxies; of IPv6 the network."""
    address = request.META.get("REMOTE_ADDR", "")
    if proxies := settings.ENV.velory_trusted_proxies:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-proxies].strip() if len(hops) >= proxies else address
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return NOBODY
    return str(ip if ip.version == 4 else ipaddress.ip_network((ip, 64), strict=False))


def _counters(door, request, address):
    now = int(clock.wall().timestamp())
    whose = {"address": address.strip().lower(), "client": client_of(request), "all": ""}
    for who, (times, seconds) in LIMITS[door].items():
        digest = hashlib.sha256(whose[who].encode("utf-8", "replace")).hexdigest()[:32]
        yield f"limit:{door}:{who}:{digest}:{now // seconds}", times, seconds


def _count(key, seconds):
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        return 1
