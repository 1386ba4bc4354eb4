"""What Stripe tells, before anybody knows which company it concerns. Platform tables, in `public`."""

from django.db import models


class EventQuerySet(models.QuerySet):
    """What one can say of events."""

    def unprocessed(self):
        """Those with which nothing has been done yet."""
        return self.filter(state=Event.State.NEW)

    def waiting(self):
        """Both of them."""
        return self.filter(state__in=[Event.State.NEW, Event.State.UNROUTED])

    def due(self, at):
        """Waiting, and it is time to try."""
        return self.waiting().filter(due_at__lte=at)


class Event(models.Model):
    """One event as Stripe sent it: kept once under Stripe's id, worked off later. Moments are the machine's own, UTC.

    Nothing is decided from what it says; it only tells where to look.
    """

    class State(models.TextChoices):
        NEW = "new", "New"
        UNROUTED = "unrouted", "Unrouted"
        DONE = "done", "Done"
        IGNORED = "ignored", "Ignored"

    id = models.CharField(max_length=255, primary_key=True)
    account = models.CharField(max_length=60, blank=True)
    livemode = models.BooleanField()
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255, blank=True)
    raw = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    reason = models.CharField(max_length=60, blank=True)
    tries = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="event_due", condition=models.Q(state__in=["new", "unrouted"])),
            models.Index(fields=["received_at"], name="event_received"),
        ]

    def __str__(self):
        return f"{self.type} {self.id}"


class Route(models.Model):
    """To which company an object at Stripe belongs, and to which attempt or saved card there (`attempt`, its uuid).

    An object is a session, an intent, or a card.
    """

    object_id = models.CharField(max_length=120, primary_key=True)
    company = models.ForeignKey("tenancy.Company", models.CASCADE, related_name="+")
    attempt = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["attempt"], name="route_attempt")]

    def __str__(self):
        return self.object_id


class OwnAccount(models.Model):
    """Whose own an account at Stripe is. A partner's account may serve many companies; a company's own only itself.

    Written when a company opens an account of its own, and asked before anybody names an account as a partner's.
    """

    account = models.CharField(max_length=60, primary_key=True)
    company = models.ForeignKey("tenancy.Company", models.CASCADE, related_name="+")

    def __str__(self):
        return self.account
