"""What both teams say about a version before it counts: approvals, one for each side, and comments (R12)."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """The two teams whose managers must agree."""

    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Approvals, named by what the rows are."""

    def standing(self) -> Self:
        """Those that were not voided by a later change."""
        return self.filter(voided_at=None)

    def void(self, *, at: datetime, why: str) -> int:
        """They do not count any more, and stay in the history; how many did until now."""
        return self.standing().update(voided_at=at, voided_because=why)


class Approval(models.Model):
    """A manager agreed, for one side, to a version as it read then: `digest` is that of its document.

    One person stands for one side only, whatever roles they hold: two people agree on what both teams go by.
    """

    version = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="approvals")
    side = models.CharField(max_length=9, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True)
    voided_because = models.CharField(max_length=200, blank=True, default="")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "side"], condition=Q(voided_at=None), name="approval_one_for_each_side"
            ),
            models.UniqueConstraint(
                fields=["version", "by"], condition=Q(voided_at=None), name="approval_one_of_each_person"
            ),
        ]


class Comment(models.Model):
    """What somebody said about a version; it stays readable as long as the version is kept."""

    version = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["at", "pk"]
