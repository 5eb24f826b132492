"""The audit history of facts: who changed what, when, from what to what; written by database triggers (quality.md D4)."""

from django.db import models
from django.db.models import Q


class FactChange(models.Model):
    """One changed fact of one lead or company. Rows are written by triggers only, so bulk writes and COPY are seen too.

    `old` and `new` are JSON values (null = unknown). A fact as of a day is `old` of the first change after that day,
    else today's value. `field` is a column name, or `custom.NAME`. `actor` is `user:ID`, `key:ID`, `import:ID` or `system:WHAT`.
    """

    lead = models.ForeignKey("leads.Lead", null=True, on_delete=models.CASCADE, related_name="fact_changes")
    company = models.ForeignKey("leads.Company", null=True, on_delete=models.CASCADE, related_name="fact_changes")
    field = models.CharField(max_length=80)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="factchange_of_one",
                condition=Q(lead=None, company__isnull=False) | Q(lead__isnull=False, company=None),
            )
        ]
        indexes = [
            models.Index(fields=["lead", "at"], name="factchange_lead_at"),
            models.Index(fields=["company", "at"], name="factchange_company_at"),
        ]
