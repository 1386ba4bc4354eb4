from django.db import models
from django.utils.translation import gettext_lazy as _


class OwnWordsQuerySet(models.QuerySet):
    """What one can say of a company's own words."""

    def of(self, template, language):
        """Those of one kind of letter in one language."""
        return self.filter(template=template, language=language)

    def said(self):
        """Those that say anything: a reset leaves an empty row behind, with its story in the journal."""
        return self.exclude(subject="", opening="", closing="")

    def that_failed(self):
        """Those that could not be used, so that the letter went with the product's words."""
        return self.said().filter(failed_at__isnull=False)


class OwnWords(models.Model):
    """What a company says in its own words in one kind of letter and one language; an empty part is the product's own.

    `failed_at` and `fault` tell of the last letter in which they could not be used; saving them anew clears both.
    """

    template = models.CharField(max_length=80)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("sv", "Svenska")])
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    opening = models.TextField(_("opening"), max_length=1000, blank=True)
    closing = models.TextField(_("closing"), max_length=1000, blank=True)
    failed_at = models.DateTimeField(null=True, editable=False)
    fault = models.CharField(max_length=255, blank=True, editable=False)

    objects = OwnWordsQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "language"], name="own_words_once")]

    def __str__(self):
        from velory.post.letters import name_of

        return f"{name_of(self.template)} ({self.language})"

    @property
    def says_anything(self) -> bool:
        """Whether any part is the company's own."""
        return bool(self.subject or self.opening or self.closing)
