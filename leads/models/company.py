"""The company a lead works for; found by e-mail domain, else by name."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FirmFacts(models.Model):
    """Facts of the ideal customer profile that a company has (R1). Blank text or null means unknown.

    A lead has the same columns for what is known of it where no company holds it; `location` is always its own.
    The effective fact is the lead's where known, else the company's.
    """

    industry = models.CharField(_("industry"), max_length=120, blank=True, default="")
    business_type = models.CharField(_("type of business"), max_length=120, blank=True, default="")
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    revenue = models.CharField(_("revenue"), max_length=60, blank=True, default="")
    country = models.CharField(_("country"), max_length=80, blank=True, default="")
    city = models.CharField(_("city"), max_length=120, blank=True, default="")

    class Meta:
        abstract = True


class Company(FirmFacts):
    """A company. `name_key` is the folded name under which it is found when no domain tells."""

    name = models.CharField(_("company"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    domain = models.CharField(_("domain"), max_length=253, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = [Lower("name"), "id"]
        constraints = [
            models.CheckConstraint(name="company_name_known", condition=~Q(name="")),
            models.CheckConstraint(name="company_domain_not_blank", condition=Q(domain=None) | ~Q(domain="")),
        ]
        indexes = [
            models.Index(Lower("name"), "id", name="company_by_name"),
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="company_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name
