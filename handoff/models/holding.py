"""Who held a handoff from when to when: the chain of owners, written by the database itself (R16; issue of record)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Ended(models.TextChoices):
    """How somebody's hold on a handoff ended."""

    RELEASED = "released", _("Put back")
    PASSED_ON = "passed_on", _("Given to another")
    CLOSED = "closed", _("Decided")


class Holding(models.Model):
    """One person's time with one handoff; `until` is null while it lasts. At most one lasts per handoff.

    A trigger writes it, whichever verb or set-wise statement changed who holds the handoff. `given_by` and `ended_by`
    name the actor as audit does (`user:7`, `system:routing`; blank where none was named); a person's own claim names that person.
    """

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="holdings", db_index=False)
    holder = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    since = models.DateTimeField()
    given_by = models.CharField(max_length=60, blank=True, default="")
    until = models.DateTimeField(null=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True, default="")
    ended_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handoff"], condition=Q(until=None), name="holding_one_lasts"),
            models.CheckConstraint(name="holding_in_order", condition=Q(until=None) | Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="holding_ended_says_how",
                condition=Q(until=None, ended="") | Q(until__isnull=False, ended__in=Ended.values),
            ),
        ]
        indexes = [
            models.Index(fields=["handoff", "since"], name="holding_of_handoff"),
            models.Index(fields=["holder", "-since"], name="holding_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} {self.since:%Y-%m-%d %H:%M}"
