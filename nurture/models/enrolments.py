"""Who is on a program, where, and what became of each step for each of them (R24, quality.md I13)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.models import Lead

from .letters import Letter
from .programs import Program

if TYPE_CHECKING:
    from accounts.models import User


#: What pages say of a pending step whose letter is doubtful.
DOUBTFUL = "doubtful"


class EndReason(models.TextChoices):
    """Why somebody's way through a program ended."""

    SQL = "sql", _("Became SQL")
    MOVED = "moved", _("Left marketing’s hand")
    GOAL = "goal", _("Reached the goal")
    EXHAUSTED = "exhausted", _("Went through every step")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("The address bounced")
    COMPLAINED = "complained", _("Complained about mail from us")
    SUPPRESSED = "suppressed", _("Is not to be written to")
    REMOVED = "removed", _("Removed by hand")
    PROGRAM = "program", _("The program ended")


class Held(models.TextChoices):
    """Why a step that would be due waits."""

    HOURS = "hours", _("Outside the sending hours")
    CAP = "cap", _("Enough e-mails lately")
    OTHER = "other", _("A program of higher priority writes first")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Ways through programs, named by what the rows are."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(lead__in=Lead.objects.visible_to(user).values("pk"))

    def open(self) -> Self:
        """Those that have not ended."""
        return self.exclude(state="ended")

    def active(self) -> Self:
        return self.filter(state="active")

    def paused(self) -> Self:
        return self.filter(state="paused")

    def ended(self) -> Self:
        return self.filter(state="ended")

    def of_leads(self, lead_ids: Iterable[int]) -> Self:
        return self.filter(lead__in=list(lead_ids))

    def of_program(self, program: Program) -> Self:
        return self.filter(program=program)

    def at_step(self, key: str) -> Self:
        return self.open().filter(step=key)

    def asked_for(self, first: str, *, step: str = "", outcome: str = "", state: str = "", end: str = "") -> Self:
        """Those a page asks for: who is at a step, of whom a step became so, who are in a state or ended so; junk finds nobody."""
        rows = self.for_rows()
        if end:
            return rows.filter(end_reason=end)
        if step and outcome:
            return rows.filter(pk__in=StepEntry.objects.filter(step=step).said_to_be(outcome).values("enrolment"))
        if step:
            return rows.open().filter(step__in=[step, ""] if step == first else [step])
        return rows.filter(state=state) if state else rows

    def for_rows(self) -> Self:
        """With what a row of a page shows."""
        return self.select_related("lead__company", "program__current")


class Enrolment(models.Model):
    """A lead's way through a program, once per cycle. `due_at` is when its next step comes; nobody is due without one."""

    class State(models.TextChoices):
        ACTIVE = "active", _("On the way")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="enrolments", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="enrolments", db_index=False)
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    holds_out = models.BooleanField(default=False)  # of the share that gets nothing, for comparison
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)  # in words: which list, stage, form or recycle reason
    step = models.CharField(max_length=12, blank=True, default="")  # key of the step that comes next; blank: the first
    due_at = models.DateTimeField(null=True)
    held = models.CharField(max_length=8, choices=Held.choices, blank=True, default="")
    paused_at = models.DateTimeField(null=True)
    paused_with_program = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True, default="")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "program", "cycle"], name="enrolment_once_a_cycle"),
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

    def pause(self, *, at: datetime) -> bool:
        """Hold this person where they are; whether that changed anything."""
        from ..stopping import pause  # noqa: PLC0415 - it imports the models

        return bool(pause(Enrolment.objects.filter(pk=self.pk), at=at))

    def resume(self, *, at: datetime) -> bool:
        """Let this person go on; whether that changed anything."""
        from ..stopping import resume  # noqa: PLC0415 - it imports the models

        return bool(resume(Enrolment.objects.filter(pk=self.pk), at=at))

    def remove(self, *, at: datetime) -> bool:
        """Take this person out for good; whether they were on the way."""
        from ..stopping import end  # noqa: PLC0415 - it imports the models

        return bool(end(Enrolment.objects.filter(pk=self.pk), EndReason.REMOVED, at=at))


class StepEntryQuerySet(models.QuerySet["StepEntry"]):
    """What became of steps, named by what the rows are."""

    def of_step(self, program: Program, key: str) -> Self:
        return self.filter(enrolment__program=program, step=key)

    def doubtful(self) -> Self:
        """Pending, and nobody can tell whether their letters left; a person decides."""
        return self.filter(outcome=StepEntry.Outcome.PENDING, letter__state=Letter.State.UNKNOWN)

    def said_to_be(self, outcome: str) -> Self:
        """Those of which a page says so: “doubtful” is told apart from “pending”."""
        if outcome == DOUBTFUL:
            return self.doubtful()
        known = self.filter(outcome=outcome)
        return known.exclude(letter__state=Letter.State.UNKNOWN) if outcome == StepEntry.Outcome.PENDING else known


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

    objects = StepEntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "step"], name="stepentry_once")]
        indexes = [models.Index(fields=["step", "outcome"], name="stepentry_by_outcome")]

    @property
    def is_doubtful(self) -> bool:
        """Pending since nobody can tell whether its letter left."""
        pending = self.outcome == self.Outcome.PENDING
        return pending and self.letter is not None and self.letter.state == Letter.State.UNKNOWN

    @property
    def said(self) -> str:
        """What became of it, in a word."""
        return str(Letter.State.UNKNOWN.label if self.is_doubtful else self.get_outcome_display())
