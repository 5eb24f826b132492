"""Leads that are there no more, so that whoever reads changes of scores can let go of them (see `scoring.changes`)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

#: How long the feed tells that a lead is gone; a reader that stays away longer begins anew.
KEPT = timedelta(days=90)


class GoneLeadQuerySet(models.QuerySet["GoneLead"]):
    """Leads that were deleted, named by what the rows are."""

    def told(self) -> "GoneLeadQuerySet":
        return self.filter(forgotten=False)

    def floor(self) -> int:
        """Cursors up to this transaction may have missed a lead that is not told any more; −1 where there is none."""
        return self.filter(forgotten=True).aggregate(last=models.Max("changed_in"))["last"] or -1

    def forget(self, now: datetime) -> None:
        """Tell no more of those that were deleted long ago, and remember up to where that goes; idempotent."""
        last = self.told().filter(at__lt=now - KEPT).order_by("changed_in", "lead_id").last()
        if last is not None:
            self.filter(pk=last.pk).update(forgotten=True)
            self.filter(changed_in__lte=last.changed_in).exclude(pk=last.pk).delete()


class GoneLead(models.Model):
    """A lead was deleted; a trigger of the database writes it, whatever deleted the lead. It keeps nothing about the person.

    One that is `forgotten` is the newest of those not told any more: it stands for them all.
    """

    lead_id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    changed_in = models.BigIntegerField()
    forgotten = models.BooleanField(default=False)

    objects = GoneLeadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["changed_in", "lead_id"], name="gonelead_changed"),
            models.Index(fields=["changed_in"], condition=Q(forgotten=True), name="gonelead_floor"),
        ]

    def __str__(self) -> str:
        return f"#{self.lead_id}"
