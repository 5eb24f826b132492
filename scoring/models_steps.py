"""The steps by which a draft became what it is: each can be taken back and done again."""

from typing import Self

from django.conf import settings
from django.db import models


class DraftStepQuerySet(models.QuerySet["DraftStep"]):
    """Steps of drafts, named by what the rows are."""

    def done(self) -> Self:
        """Those that hold, the latest first."""
        return self.filter(undone=False).order_by("-number")

    def undone(self) -> Self:
        """Those that were taken back and can be done again, the next one first."""
        return self.filter(undone=True).order_by("number")

    def newest_first(self) -> Self:
        """The latest first, with who made each, and without their documents: for a list."""
        return self.order_by("-number").select_related("by").defer("document")


class DraftStep(models.Model):
    """One change of a draft, in words. `document` is the other side of it: how the draft was before, or, once undone, after.

    `result` is the digest of the document that the draft must have for the step to be taken back, or done again.
    """

    draft = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    result = models.CharField(max_length=64)
    what = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone = models.BooleanField(default=False)

    objects = DraftStepQuerySet.as_manager()

    class Meta:
        ordering = ["draft", "number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draftstep_once")]

    def __str__(self) -> str:
        return self.what
