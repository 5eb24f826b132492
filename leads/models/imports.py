"""Imports as rows: what was asked, how far it is, and each refused row with its number and reason."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    """Imports, named by what the rows are."""

    def abandoned(self, now: datetime, patience: timedelta) -> Self:
        """Those that should run and that nobody runs: not begun for longer than `patience`, or their run died."""
        waiting = Q(state=ImportJob.State.QUEUED, queued_at__lt=now - patience) | Q(state=ImportJob.State.RUNNING)
        return self.filter(waiting).filter(Q(lease_until=None) | Q(lease_until__lt=now)).order_by("id")

    def visible_to(self, user: "User") -> Self:
        """A marketer's own; who may run any import sees all."""
        from ..permissions import may_preview_imports, may_run_any_import  # noqa: PLC0415 - it imports the models

        if may_run_any_import(user):
            return self
        return self.filter(created_by=user) if may_preview_imports(user) else self.none()

    def with_spent_file(self, before: datetime) -> Self:
        """Those whose uploaded file may go: discarded, or over since before the moment. Files of commands stay theirs."""
        over = Q(state=ImportJob.State.CANCELLED) | Q(
            state__in=(ImportJob.State.DONE, ImportJob.State.FAILED), ended_at__lt=before
        )
        return self.filter(over, file__startswith="imports/")

    def with_people(self) -> Self:
        return self.select_related("created_by")


class ImportRefused(Exception):
    """What was asked of an import cannot be done now; the text is a sentence for people."""


class ImportJob(models.Model):
    """One import of one file. Rows read = created + updated + unchanged + refused (quality.md I15)."""

    class Kind(models.TextChoices):
        LEADS = "leads", _("Leads")
        ACTIVITIES = "activities", _("Activities")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Waiting for columns to be matched")
        QUEUED = "queued", _("Waiting to start")
        RUNNING = "running", _("Running")
        CHECKED = "checked", _("Checked, nothing written")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    dry_run = models.BooleanField(default=False)  # the present run writes nothing but its counts and faults
    file = models.CharField(max_length=300, blank=True, default="")
    name = models.CharField(_("file"), max_length=255)
    bytes = models.BigIntegerField(default=0)
    reading = models.JSONField(default=dict)  # encoding, delimiter, date order: how the file is read
    mapping = models.JSONField(default=dict)
    rows_total = models.IntegerField(null=True)  # known when the whole file is staged
    staged_to = models.IntegerField(default=1)  # number of the last row staged or refused; the header is row 1
    staged = models.IntegerField(default=0)
    merged = models.IntegerField(default=0)  # how many staged rows are written: the checkpoint
    rows_read = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True, default="")
    attempts = models.IntegerField(default=0)  # each run has its number; one that was overtaken writes nothing (R9)
    stalls = models.PositiveSmallIntegerField(default=0)  # runs that ended without progress
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="import_counts_add_up",
                condition=Q(rows_read=F("created") + F("updated") + F("unchanged") + F("refused")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (self.State.DONE, self.State.CANCELLED)

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    def match_columns(self, mapping: Mapping[str, Any]) -> None:
        """Keep how the columns are matched; a check made before is void."""
        self._change_unless_open(
            mapping=dict(mapping), reading=self.reading | {"matched": False}, state=self.State.UPLOADED, problem=""
        )

    def start(self, *, dry_run: bool, at: datetime) -> None:
        """Let it run from the beginning: as a check that writes nothing but its counts and faults, or for real."""
        if self.state == self.State.DONE:
            raise ImportRefused(_t("This file has been imported already."))
        self._change_unless_open(
            state=self.State.QUEUED,
            dry_run=dry_run,
            queued_at=at,
            started_at=None,
            ended_at=None,
            lease_until=None,
            stalls=0,
            problem="",
        )

    def cancel(self, at: datetime) -> None:
        """Stop it; what is written stays written, the counts say how much. Nothing happens when it is over."""
        ImportJob.objects.filter(
            pk=self.pk, state__in=(self.State.UPLOADED, self.State.QUEUED, self.State.RUNNING, self.State.CHECKED)
        ).update(state=self.State.CANCELLED, ended_at=at, lease_until=None)
        ImportRow.objects.filter(job=self.pk).delete()
        self.refresh_from_db()

    def _change_unless_open(self, **values: Any) -> None:
        """Write the values unless it waits or runs; counts are the run's own business."""
        still = ImportJob.objects.filter(pk=self.pk).exclude(
            state__in=(self.State.QUEUED, self.State.RUNNING, self.State.CANCELLED)
        )
        if not still.update(**values):
            raise ImportRefused(_t("This import runs or is over; it cannot be changed now."))
        self.refresh_from_db()


class ImportFaultQuerySet(models.QuerySet["ImportFault"]):
    """Refused rows, named by what the rows are."""

    def first_rows(self, most: int) -> "models.QuerySet[ImportFault]":
        return self.order_by("row_number")[:most]


class ImportFault(models.Model):
    """One refused row: its number in the file (the header is row 1) and why. The row itself is read from the file again."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="faults")
    row_number = models.IntegerField()
    reason = models.CharField(max_length=300)

    objects = ImportFaultQuerySet.as_manager()

    class Meta:
        ordering = ["row_number", "id"]
        constraints = [models.UniqueConstraint(fields=["job", "row_number"], name="importfault_once_a_row")]


class ImportRow(models.Model):
    """A row read and not yet written. The table is UNLOGGED (migration 0002): a crash of the database empties it.

    `key` brings rows of one lead or company together, so that they are written together; `row` is JSON.
    """

    pk = models.CompositePrimaryKey("job", "number")
    job = models.BigIntegerField()
    number = models.IntegerField()
    key = models.CharField(max_length=300)
    row = models.TextField()
