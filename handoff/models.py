"""From marketing's hand to sales' hand: handoffs, follow-ups, BANT, reasons and reminders."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.models import Activity, Lead, StageMove


class Outcome(models.TextChoices):
    """How a handoff ended."""

    ACCEPTED = "accepted", _("Accepted")
    SENT_BACK = "sent_back", _("Sent back")
    DISQUALIFIED = "disqualified", _("Disqualified")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Reason(models.Model):
    """An editable reason for sending back or disqualifying (product.md §5, R22)."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(_("reason"), max_length=120)
    sends_back = models.BooleanField(default=True)
    disqualifies = models.BooleanField(default=False)
    asks_for_date = models.BooleanField(default=False)
    asks_for_text = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class HandoffQuerySet(models.QuerySet["Handoff"]):
    """Handoffs, named by what the rows are."""

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def waiting(self) -> Self:
        """Open and claimed by nobody."""
        return self.open().filter(claimed_by=None)


class Handoff(models.Model):
    """One offer of one SQL to sales; at most one open per lead (R16). All times UTC; `due_at` is the follow-up's (R17)."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="handoffs")
    move = models.OneToOneField(StageMove, on_delete=models.PROTECT, related_name="handoff")
    cycle = models.PositiveSmallIntegerField()
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(_("note for sales"), blank=True, default="")
    brief = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="handoffs", db_index=False
    )
    claimed_at = models.DateTimeField(null=True)
    first_follow_up_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    reason = models.ForeignKey(Reason, null=True, on_delete=models.PROTECT, related_name="handoffs")
    reason_text = models.CharField(max_length=500, blank=True, default="")
    return_on = models.DateField(null=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(closed_at=None), name="handoff_one_open"),
            models.CheckConstraint(
                name="handoff_claim_whole",
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="handoff_closed_has_outcome",
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(name="handoff_due_after_offer", condition=Q(due_at__gte=F("offered_at"))),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(closed_at=None, claimed_by=None), name="handoff_waiting"
            ),
            models.Index(fields=["claimed_by", "due_at"], condition=Q(closed_at=None), name="handoff_mine"),
            models.Index(fields=["offered_at"], name="handoff_offered"),
        ]


class FollowUp(models.Model):
    """A logged call, meeting or e-mail to the lead (R20); the first one stops the clock. Its deed is the activity."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        EMAIL = "email", _("E-mail")

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        LEFT_MESSAGE = "left_message", _("Left a message")

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="follow_ups")
    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="follow_up")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    notes = models.TextField(_("notes"), blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]


class Qualification(models.Model):
    """BANT as sales found it (R18, R19, R21): each item's answer, evidence and how it was verified."""

    class Answer(models.TextChoices):
        UNKNOWN = "unknown", _("Unknown")
        NO = "no", _("No")
        PARTLY = "partly", _("Partly")
        YES = "yes", _("Yes")

    class Verified(models.TextChoices):
        NOT = "", _("Not verified")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        EMAIL = "email", _("E-mail")
        FORM = "form", _("Form")

    handoff = models.OneToOneField(Handoff, primary_key=True, on_delete=models.CASCADE, related_name="qualification")
    budget = models.CharField(_("budget"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    budget_amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    budget_evidence = models.TextField(_("evidence"), blank=True, default="")
    budget_verified = models.CharField(_("verified by"), max_length=8, choices=Verified.choices, blank=True, default="")
    authority = models.CharField(_("authority"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    authority_role = models.CharField(_("role in the decision"), max_length=120, blank=True, default="")
    authority_evidence = models.TextField(_("evidence"), blank=True, default="")
    authority_verified = models.CharField(_("verified by"), max_length=8, choices=Verified.choices, blank=True, default="")
    need = models.CharField(_("need"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    need_evidence = models.TextField(_("evidence"), blank=True, default="")
    need_verified = models.CharField(_("verified by"), max_length=8, choices=Verified.choices, blank=True, default="")
    timeline = models.CharField(_("timeline"), max_length=8, choices=Answer.choices, default=Answer.UNKNOWN)
    timeline_on = models.DateField(_("plans to buy on"), null=True, blank=True)
    timeline_evidence = models.TextField(_("evidence"), blank=True, default="")
    timeline_verified = models.CharField(_("verified by"), max_length=8, choices=Verified.choices, blank=True, default="")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")


class Reminder(models.Model):
    """One reminder of one handoff for one due moment, recorded once whoever sweeps (quality.md I1, I2)."""

    class Kind(models.TextChoices):
        UNCLAIMED = "unclaimed", _("Nobody has claimed it")
        SOON = "soon", _("Due soon")
        DUE = "due", _("Due now")
        LATE = "late", _("Late")

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField()  # the moment it speaks of
    number = models.PositiveSmallIntegerField(default=1)  # late reminders repeat
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "kind", "due_at", "number"], name="reminder_once")
        ]
