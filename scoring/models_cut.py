"""What of a lead's engagement counts less since sales sent it back: one row for each such move (product.md §4)."""

from django.db import models
from django.db.models import Q

from leads.models import Lead, StageMove


class Cut(models.Model):
    """From `day` on, deeds of the lead up to and with that day count `share` per cent: 50 or 0. Several cuts multiply.

    Written with the move and never changed. A merge gives it to the lead that is kept, whose deeds it then cuts.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="cuts")
    move = models.OneToOneField(StageMove, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()
    share = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="cut_halves_or_resets", condition=Q(share__in=[0, 50]))]

    def __str__(self) -> str:
        return f"#{self.lead_id}: {self.share} % up to {self.day}"
