"""Nurture programs: what they do, version by version; who is on them stands in `enrolments` (R23, R24)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from scoring.lead_fields import LIST_FIELDS

from ..track import Track
from ..track_reading import Fault, read_track

if TYPE_CHECKING:
    from accounts.models import User


class ProgramRefused(Exception):
    """What this program does not allow; the text is a sentence for people."""


class ProgramQuerySet(models.QuerySet["Program"]):
    """Programs, named by what the rows are."""

    def in_use(self) -> Self:
        return self.exclude(state="ended")

    def ended(self) -> Self:
        return self.filter(state="ended")

    def active(self) -> Self:
        return self.filter(state="active", current__isnull=False).select_related("current")

    def in_use_as(self, name: str) -> Self:
        """Programs in use that have this name already, without case."""
        return self.in_use().filter(name__iexact=name)

    def with_goal_of_stage(self, stage: str) -> Self:
        """Those whose goal is that the lead reaches the stage."""
        return self.filter(current__document__goal__by="stage", current__document__goal__stage=stage)

    def entered_by_activity(self) -> Self:
        """Active ones into which a kind of activity leads."""
        return self.active().filter(current__document__entry__by="form")

    def for_overview(self) -> Self:
        return self.select_related("current", "created_by")


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
    activated_at = models.DateTimeField(null=True)  # for the first time
    entered_until = models.DateTimeField(null=True)  # whoever fulfilled the entry until then has come in

    objects = ProgramQuerySet.as_manager()

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

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state != self.State.ENDED

    def draft(self) -> "ProgramVersion | None":
        """The version that does not count yet."""
        return self.versions.filter(activated_at=None).first()

    def keep(self) -> None:
        """Save a new or renamed program; raises `ProgramRefused` when another took its name in the same moment."""
        from ..programs import keep  # noqa: PLC0415 - it imports the models

        keep(self)

    def begin_draft(self, *, by: "User", at: datetime) -> "ProgramVersion":
        """The draft; where there is none, a copy of what counts. Raises `ProgramRefused` once it has ended."""
        from ..programs import begin_draft  # noqa: PLC0415 - it imports the models

        return begin_draft(self, by=by, at=at)

    def activate(self, *, by: "User", at: datetime, reason: str = "") -> bool:
        """Let the draft count; False when it concerns so many that a second person must look first. Raises `ProgramRefused`."""
        from ..programs import activate  # noqa: PLC0415 - it imports the models

        return activate(self, by=by, at=at, reason=reason)

    def pause(self, *, at: datetime) -> None:
        """Nobody moves on and nobody comes in; letters that wait are called off and written again after the pause."""
        from ..programs import pause  # noqa: PLC0415 - it imports the models

        pause(self, at=at)

    def resume(self, *, at: datetime) -> None:
        """Everybody goes on; who was waiting some time waits the rest of it."""
        from ..programs import resume  # noqa: PLC0415 - it imports the models

        resume(self, at=at)

    def end(self, *, at: datetime) -> int:
        """End it for everybody and for good; how many were on the way."""
        from ..programs import end  # noqa: PLC0415 - it imports the models

        return end(self, at=at)


class ProgramVersionQuerySet(models.QuerySet["ProgramVersion"]):
    """Versions, named by what the rows are."""

    def that_count_or_will(self) -> Self:
        """Of programs in use: the version that counts, and the draft."""
        return self.filter(Q(activated_at=None) | Q(pk=models.F("program__current"))).exclude(program__state="ended")


class ProgramVersion(models.Model):
    """What a program does, whole: entry, goal, hours, hold-out share and steps with keys that never change meaning."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    document = models.JSONField(default=dict)
    reason = models.CharField(_("why"), max_length=300, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True)  # when the first of two people let it count
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    activated_at = models.DateTimeField(null=True)

    objects = ProgramVersionQuerySet.as_manager()

    class Meta:
        ordering = ["program", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="programversion_number_once"),
            models.UniqueConstraint(
                fields=["program"], condition=Q(activated_at=None), name="programversion_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.number}"

    def read(self) -> tuple[Track, list[Fault]]:
        """As much of the track as can be read, and what is wrong with it."""
        return read_track(self.document, LIST_FIELDS)

    @property
    def track(self) -> Track:
        return self.read()[0]

    def write(self, document: dict[str, Any]) -> None:
        """Change the draft; whoever let an earlier wording count has to look again. Raises `ProgramRefused` once it counts."""
        changed = ProgramVersion.objects.filter(pk=self.pk, activated_at=None).update(
            document=document, asked_by=None, asked_at=None
        )
        if not changed:
            raise ProgramRefused(_("This version counts already; begin a new draft."))
        self.document, self.asked_by, self.asked_at = document, None, None
