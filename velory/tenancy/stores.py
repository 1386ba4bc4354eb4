"""What is kept outside the database carries the company in its key or path (reliability R54, R56)."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from velory.tenancy.context import current_company, inside_a_company


def cache_key(key, prefix, version):
    """A cache key that names its company; the platform's own keys say `public`."""
    owner = current_company().uuid if inside_a_company() else "public"
    return f"{owner}:{prefix}:{version}:{key}"


class CompanyFiles(FileSystemStorage):
    """Files below the current company's folder; there is no URL to them but through a view that asks who you are."""

    @property
    def base_location(self):
        return str(settings.MEDIA_ROOT / str(current_company().uuid))

    @property
    def location(self):
        return self.base_location

    def url(self, name):
        raise ValueError("Files are served by a view, never by their path.")
