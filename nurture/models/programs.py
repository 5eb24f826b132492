"""Nurture programs: a track of steps, who is on it, and what became of each step for each of them (R23, R24)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from leads.models import Lead

from .letters import Letter


class Program(models.Model):
    """A nurture program. What it does is its `current` version; people who are on it stay where they are when that changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    priority = models.PositiveSmallIntegerField(_("priority"), default=50)  # 1 goes before 99 where two collide
    current = models.ForeignKey("nurture.ProgramVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = [Lower("name"), "id"]
        constraints = [
            models.CheckConstraint(name="program_name_known", condition=~Q(name="")),
            models.CheckConstraint(name="program_priority_in_range", condition=Q(priority__range=(1, 99))),
            models.UniqueConstraint(
                Lower("name"),
                condition=~Q(state="ended"),
                name="program_name_once",
                violation_error_message=_("There is a program with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgramVersion(models.Model):
    """What a program does, whole: entry, goal, windows, cap, hold-out share and steps with keys that never change meaning."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    document = models.JSONField(default=dict)
    reason = models.CharField(_("why"), max_length=300, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    activated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["program", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="programversion_number_once"),
            models.UniqueConstraint(
                fields=["program"], condition=Q(activated_at=None), name="programversion_one_draft"
            ),
        ]


class Enrolment(models.Model):
    """A lead's way through a program, once per cycle. `due_at` is when its next step comes; nobody is due without one."""

    class State(models.TextChoices):
        ACTIVE = "active", _("On the way")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="enrolments", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="enrolments")
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    holds_out = models.BooleanField(default=False)  # of the share that gets nothing, for comparison
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)  # in words: which list, stage, form or recycle reason
    step = models.CharField(max_length=12, blank=True, default="")  # key of the step that comes next
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "lead", "cycle"], name="enrolment_once_a_cycle"),
            models.UniqueConstraint(
                fields=["program", "lead"], condition=~Q(state="ended"), name="enrolment_one_at_a_time"
            ),
            models.CheckConstraint(
                name="enrolment_ended_has_moment", condition=Q(state="ended") ^ Q(ended_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="active", due_at__isnull=False), name="enrolment_due"
            ),
            models.Index(fields=["program", "step", "id"], condition=~Q(state="ended"), name="enrolment_at_step"),
            models.Index(fields=["program", "-id"], name="enrolment_of_program"),
        ]


class StepEntry(models.Model):
    """What became of one step for one enrolment: written before its effect, once. Pending until its letter is settled."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Skipped")
        DONE = "done", _("Done")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="entries", db_index=False)
    step = models.CharField(max_length=12)
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.PENDING)
    reason = models.CharField(max_length=200, blank=True, default="")
    letter = models.OneToOneField(Letter, null=True, on_delete=models.SET_NULL, related_name="entry")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "step"], name="stepentry_once")]
        indexes = [models.Index(fields=["step", "outcome"], name="stepentry_by_outcome")]
