"""Links in letters, kept by their secret."""

from django.db import models


class LinkQuerySet(models.QuerySet):
    """What one can say of links."""

    def about(self, thing):
        """Links about one thing."""
        return self.filter(about_type=thing._meta.label_lower, about_id=thing.pk)

    def of_purpose(self, purpose):
        """For one purpose; for any, where none is named."""
        return self.filter(purpose=purpose) if purpose else self

    def good_at(self, at):
        """Neither void nor expired at a moment."""
        return self.filter(voided_at=None, expires_at__gt=at)

    def to_open(self, purpose, about, whose, binding):
        """For one purpose, thing, recipient and state of that thing; `whose`: a person, or an address outside."""
        recipient = {"person": None, "address": whose.lower()} if isinstance(whose, str) else {"person": whose}
        return self.about(about).of_purpose(purpose).filter(binding=binding, **recipient)


class Link(models.Model):
    """A link in a letter: what it is for, whose it is, until when (UTC). It never signs anyone in (R29).

    The token in the address is this row's secret, signed for the company; `binding` is what it holds good
    for (the holding of the device when it was written), so that it is void when the holder changes. It is a
    person's own, or goes to an address outside the company.
    """

    secret = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=40)
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    address = models.EmailField(blank=True)
    binding = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["about_type", "about_id"], name="link_about")]

    def __str__(self):
        return f"{self.purpose} {self.about_type} {self.about_id}"
