"""A reminder of a handoff, recorded once whoever sweeps (R17; quality.md I1, I2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminder(models.Model):
    """One moment of one handoff. `told` is false for those an outage swallowed: only the latest of them is told."""

    class Kind(models.TextChoices):
        UNCLAIMED = "unclaimed", _("Nobody has claimed it")
        SOON = "soon", _("Due soon")
        DUE = "due", _("Due now")
        LATE = "late", _("Late")

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField()  # the moment it speaks of
    number = models.PositiveSmallIntegerField(default=1)  # late reminders repeat
    sent_at = models.DateTimeField()
    told = models.BooleanField(default=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handoff", "kind", "due_at", "number"], name="reminder_once"),
            models.CheckConstraint(
                name="reminder_kind_known", condition=models.Q(kind__in=["unclaimed", "soon", "due", "late"])
            ),
            models.CheckConstraint(name="reminder_not_early", condition=models.Q(sent_at__gte=models.F("due_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
