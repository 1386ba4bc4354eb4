from django.db import models


class HoldQuerySet(models.QuerySet):
    """What one can say of letters that are held back."""

    def on(self, keys):
        """On letters with some keys."""
        return self.filter(key__in=keys)


class Hold(models.Model):
    """A letter to come, held back by an admin: until it is lifted, no letter with this key goes out.

    `source` and `planned` are what planned mail knows it by. Who and since when are kept as words and a moment (UTC).
    """

    key = models.CharField(max_length=200, unique=True)
    source = models.CharField(max_length=30)
    planned = models.CharField(max_length=60)
    by_name = models.CharField(max_length=200)
    since = models.DateTimeField()

    objects = HoldQuerySet.as_manager()

    def __str__(self):
        return self.key
