"""Two leads that were one person: what a merge did, so that it can be taken back exactly for 30 days (quality.md D9)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from .lead import Lead

if TYPE_CHECKING:
    from accounts.models import User

#: How long a merge can be undone.
UNDO_DAYS = 30


class MergeRefused(Exception):
    """Two leads that cannot be merged, or parted again; the text is a sentence for people."""


class SameLead(MergeRefused):
    """A lead cannot be merged with itself."""


class LeadGone(MergeRefused):
    """One of the two is there no more: somebody merged it meanwhile."""


class DealsInTheWay(MergeRefused):
    """An open deal would end without anybody's decision."""


class UndoRefused(MergeRefused):
    """Too late, undone before, or what was merged has been worked on since."""


class MergeQuerySet(models.QuerySet["Merge"]):
    """Merges, named by what the rows are."""

    def standing(self) -> Self:
        """Those that were not undone."""
        return self.filter(undone_at=None)

    def into(self, lead: Lead) -> Self:
        """What was merged into this lead, newest first, with who did and undid it."""
        return self.filter(kept_id=lead.pk).select_related("by", "undone_by")

    def kept_of(self, gone_id: int) -> int | None:
        """The lead that a merged one is now, through any number of merges; None where it was not merged."""
        found, here = None, gone_id
        while (step := self.standing().filter(gone_id=here).values_list("kept_id", flat=True).first()) is not None:
            found = here = step
        return found


class Merge(models.Model):
    """One merge. The row of the lead that is gone is deleted and kept in `record`, with the number of every row that moved.

    `record` has what `leads.merge_record` writes: moved and dropped rows by table, and rows that changed as they were.
    """

    kept_id = models.BigIntegerField(db_index=True)
    gone_id = models.BigIntegerField()
    name = models.CharField(max_length=300)  # of the lead that is gone
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    record = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["gone_id"], condition=Q(undone_at=None), name="merge_gone_once"),
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept_id=models.F("gone_id"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def undo_until(self) -> datetime:
        return self.at + timedelta(days=UNDO_DAYS)

    def can_be_undone(self, now: datetime) -> bool:
        """As far as time says; what was worked on since is looked at by the verb."""
        return self.undone_at is None and now < self.undo_until

    def undo(self, *, by: "User", at: datetime) -> Lead:
        """Bring the lead back that is gone, and with it all that came from it. Raises `UndoRefused`; see `leads.parting`."""
        from ..parting import part  # noqa: PLC0415 - it imports the models

        return part(self, by=by, at=at)


class FormerAddress(models.Model):
    """An e-mail address that a merge brought to a lead: what comes with it is this lead's. `origin` is whose it was."""

    email_key = models.CharField(max_length=254, primary_key=True)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="former_addresses")
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="addresses")
    origin = models.BigIntegerField()


class Rerouted(models.Model):
    """A deed that came after a merge under a name of the lead that is gone (`origin`): an undo takes it back there."""

    activity = models.OneToOneField(
        "leads.Activity", primary_key=True, on_delete=models.CASCADE, related_name="rerouted"
    )
    origin = models.BigIntegerField()
