"""Imports as rows: what was asked, how far it is, and each refused row with its number and reason."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


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
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

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


class ImportFault(models.Model):
    """One refused row: its number in the file (the header is row 1) and why. The row itself is read from the file again."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="faults")
    row_number = models.IntegerField()
    reason = models.CharField(max_length=300)

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
