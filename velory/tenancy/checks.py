"""What has to be so for companies to stay apart (reliability R48, R54, R55): said by `manage.py check`."""

from django.conf import settings
from django.core.checks import Error, Tags, register

BOTH_ALLOWED: set[str] = set()  # apps whose tables may stand in `public` and in a company's schema


@register(Tags.security)
def companies_stay_apart(app_configs=None, **kwargs):
    """Settings that would let one company's things be found by another."""
    found = []
    if both := set(settings.SHARED_APPS) & set(settings.TENANT_APPS) - BOTH_ALLOWED:
        found.append(Error(f"{', '.join(sorted(both))}: both the platform's and the companies'.", id="velory.E010"))
    for name, cache in settings.CACHES.items():
        if cache.get("KEY_FUNCTION") != "velory.tenancy.stores.cache_key":
            found.append(Error(f"The keys of the cache “{name}” do not name the company.", id="velory.E011"))
    if settings.SESSION_ENGINE != "velory.tenancy.sessions":
        found.append(Error("Sessions are not bound to their company.", id="velory.E012"))
    if settings.SESSION_COOKIE_DOMAIN or settings.CSRF_COOKIE_DOMAIN:
        found.append(Error("A cookie is sent to more than one company's host.", id="velory.E013"))
    if settings.USE_X_FORWARDED_HOST or getattr(settings, "SHOW_PUBLIC_IF_NO_TENANT_FOUND", False):
        found.append(Error("A request's headers may choose the company.", id="velory.E014"))
    if settings.STORAGES["default"]["BACKEND"] != "velory.tenancy.stores.CompanyFiles":
        found.append(Error("Files are not kept in a folder of their company.", id="velory.E015"))
    if "velory.tenancy.routing.CompanyMiddleware" not in settings.MIDDLEWARE:
        found.append(Error("No company is found by the request's host.", id="velory.E016"))
    return found
