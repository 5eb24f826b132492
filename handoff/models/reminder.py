"""A reminder of a handoff, recorded once whoever sweeps (R17; quality.md I1, I2)."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outbox.models import Mail, Notice

from ..schedule import Moment

if TYPE_CHECKING:
    from .handoff import Handoff


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders, named by what became of them."""

    def of(self, handoffs: "models.QuerySet[Handoff]") -> Self:
        return self.filter(handoff__in=handoffs).select_related("handoff__lead", "handoff__claimed_by")

    def due_between(self, since: datetime, until: datetime) -> Self:
        return self.filter(due_at__gt=since, due_at__lte=until)

    @staticmethod
    def conditions() -> dict[str, Q]:
        """What can have become of a reminder; each is exactly one of them, but for mails that wait and fail both."""
        notices = Notice.objects.filter(about=OuterRef("key"))
        shown = Q(Exists(notices))
        waiting = Q(Exists(notices.filter(mail__state=Mail.State.WAITING)))
        failed = Q(Exists(notices.filter(mail__state=Mail.State.FAILED)))
        told = Q(told=True)
        return {
            "swallowed": ~told,
            "unshown": told & ~shown,
            "waiting": told & waiting,
            "failed": told & failed,
            "done": told & shown & ~waiting & ~failed,
        }


class Reminder(models.Model):
    """One moment of one handoff. `told` is false for those an outage swallowed: only the latest of them is told.

    `key` names what is told of it: notices carry it (`Notice.about`), and by them it finds its mails.
    """

    class Kind(models.TextChoices):
        UNCLAIMED = "unclaimed", _("Nobody has claimed it")
        SOON = "soon", _("Due soon")
        DUE = "due", _("Due now")
        LATE = "late", _("Late")
        RELEASE = "release", _("Back to everybody")

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField()  # the moment it speaks of
    number = models.PositiveSmallIntegerField(default=1)  # late reminders repeat
    sent_at = models.DateTimeField()
    told = models.BooleanField(default=True)
    key = models.CharField(max_length=100, default="", editable=False)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handoff", "kind", "due_at", "number"], name="reminder_once"),
            models.CheckConstraint(
                name="reminder_kind_known", condition=Q(kind__in=["unclaimed", "soon", "due", "late", "release"])
            ),
            models.CheckConstraint(name="reminder_not_early", condition=Q(sent_at__gte=models.F("due_at"))),
        ]
        indexes = [models.Index(fields=["due_at"], name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @classmethod
    def of(cls, handoff: "Handoff", moment: Moment, *, sent_at: datetime, told: bool = True) -> "Reminder":
        """The reminder of a moment, unsaved."""
        key = f"reminder:{handoff.pk}:{moment.kind}:{moment.at:%Y%m%d%H%M%S}:{moment.number}"
        facts = {"kind": moment.kind, "due_at": moment.at, "number": moment.number}
        return cls(handoff=handoff, sent_at=sent_at, told=told, key=key, **facts)
