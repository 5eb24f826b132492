"""Lists of leads: static, or dynamic by conditions (product.md §6)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models import Lead


class LeadList(models.Model):
    """A list. Dynamic ones hold conditions of the shared language (`leads.conditions`); static ones hold members."""

    class Kind(models.TextChoices):
        STATIC = "static", _("Static")
        DYNAMIC = "dynamic", _("Dynamic")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    description = models.CharField(_("what it is for"), max_length=300, blank=True, default="")
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A lead's place in a static list: put there once, by whom and when."""

    list = models.ForeignKey(LeadList, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="memberships")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "lead"], name="membership_once")]
