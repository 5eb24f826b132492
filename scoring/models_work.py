"""Work that goes over all leads: its parts, which any worker takes, and the publishing of a version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PartQuerySet(models.QuerySet["Part"]):
    """Parts, named by what the rows are."""

    def of_work(self, work: str) -> "PartQuerySet":
        return self.filter(work=work)

    def waiting(self) -> "PartQuerySet":
        """Not done; another worker may be at it this moment."""
        return self.filter(done_at=None)

    def plan(self, work: str, blocks: Iterable[int]) -> None:
        """Have a part for each block; planning again changes nothing."""
        Part.objects.bulk_create([Part(work=work, block=block) for block in blocks], ignore_conflicts=True)

    def take(self, work: str, block: int | None = None) -> "Part | None":
        """A part that nobody is at, locked until the transaction ends; where it is cut off the part waits again."""
        free = self.of_work(work).waiting().order_by("block").select_for_update(skip_locked=True)
        return (free if block is None else free.filter(block=block)).first()


class Part(models.Model):
    """One block of a work; done once, in the transaction that notes it (quality.md I9)."""

    work = models.CharField(max_length=40)
    block = models.IntegerField()
    done_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "block"], name="part_once")]
        indexes = [models.Index(fields=["work", "block"], condition=Q(done_at=None), name="part_waiting")]

    def __str__(self) -> str:
        return f"{self.work} {self.block}"

    def end(self, at: datetime) -> None:
        """It is done; call it in the transaction of the work itself."""
        self.done_at = at
        self.save(update_fields=["done_at"])


@dataclass(frozen=True)
class Progress:
    """How far a publishing is: `done` of `parts` blocks of the step it is at; `step` is learn, score or end."""

    step: str
    done: int
    parts: int


class PublishingQuerySet(models.QuerySet["Publishing"]):
    """Publishings, named by what the rows are."""

    def running(self) -> "PublishingQuerySet":
        return self.filter(ended_at=None).order_by("asked_at", "pk")

    def newest(self) -> "Publishing | None":
        return self.order_by("-asked_at", "-pk").first()


class Publishing(models.Model):
    """A version on its way to count, as asked by a person: learnt by the vectors, swapped in, every lead scored (R12).

    `document` is the fingerprint of what was looked at when it was asked for; `problem` why it came to nothing.
    """

    version = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="publishings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    document = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    learnt_at = models.DateTimeField(null=True)
    swapped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True, default="")

    objects = PublishingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(ended_at=None), name="publishing_one_running")
        ]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def work(self) -> str:
        """What the parts of its learning are filed under."""
        return f"learn:{self.pk}"

    @property
    def progress(self) -> Progress:
        """How far it is."""
        if self.ended_at:
            return Progress("end", 1, 1)
        step, work = ("score", "sweep:") if self.swapped_at else ("learn", self.work)
        parts = Part.objects.filter(work__startswith=work)
        return Progress(step, parts.exclude(done_at=None).count(), parts.count())
