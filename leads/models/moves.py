"""The history of stages: one row a move, written by `LeadQuerySet.move` only (product.md §4)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..stages import Cause, Stage


class MoveRefused(Exception):
    """A move of stage that the table of moves does not allow; the text is a sentence for people."""


class StageMove(models.Model):
    """One line of a lead's stage history, written in the transaction of the move. Scores are in hundredths of a point."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="stage_moves", db_index=False)
    from_stage = models.CharField(max_length=12, choices=Stage.choices)
    to_stage = models.CharField(max_length=12, choices=Stage.choices)
    at = models.DateTimeField()
    cause = models.CharField(max_length=8, choices=Cause.choices)
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    cycle = models.PositiveSmallIntegerField()
    fit = models.IntegerField(null=True)
    engagement = models.IntegerField(null=True)
    total = models.IntegerField(null=True)
    model_version = models.IntegerField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(name="stagemove_moves", condition=~Q(from_stage=F("to_stage"))),
        ]
        indexes = [
            models.Index(fields=["lead", "-at"], name="stagemove_of_lead"),
            models.Index(fields=["to_stage", "at"], name="stagemove_entered"),
        ]
