"""The lead: a person at a company, and where it stands."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Lower
from django.utils.translation import gettext_lazy as _

from ..stages import Stage
from .company import Company, FirmFacts
from .lead_queries import LeadQuerySet
from .lead_verbs import LeadVerbs


class Lead(LeadVerbs, FirmFacts):
    """A person at a company (R1). Known by e-mail (normalised, unique) or, without one, by its external id."""

    email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    email_key = models.CharField(max_length=254, null=True, unique=True, editable=False)  # noqa: DJ001 - unique where known
    external_id = models.CharField(_("external id"), max_length=120, null=True, blank=True, unique=True)
    first_name = models.CharField(_("first name"), max_length=120, blank=True, default="")
    last_name = models.CharField(_("last name"), max_length=120, blank=True, default="")
    job_title = models.CharField(_("job title"), max_length=160, blank=True, default="")
    seniority = models.CharField(_("seniority"), max_length=60, blank=True, default="")
    department = models.CharField(_("department"), max_length=80, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=60, blank=True, default="")
    company = models.ForeignKey(
        Company, verbose_name=_("company"), null=True, blank=True, on_delete=models.SET_NULL, related_name="leads"
    )
    custom = models.JSONField(_("custom fields"), default=dict, blank=True)
    # First touch and latest touch (product.md §2); `source` is where the lead was first known from.
    source = models.CharField(_("source"), max_length=80, blank=True, default="")
    campaign = models.CharField(_("campaign"), max_length=160, blank=True, default="")
    latest_source = models.CharField(_("latest source"), max_length=80, blank=True, default="")
    latest_campaign = models.CharField(_("latest campaign"), max_length=160, blank=True, default="")
    consent = models.CharField(_("consent"), max_length=60, blank=True, default="")
    suppressed_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.LEAD)
    stage_since = models.DateTimeField()
    cycle = models.PositiveSmallIntegerField(default=1)
    cooling_until = models.DateTimeField(null=True, blank=True)  # sent back "not now": no automatic SQL before this
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="leads",
    )
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField()
    # Kept by a trigger (migration 0002): name, e-mail, external id and company, lower case, for one trigram index.
    search = models.TextField(editable=False, default="")

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="lead_has_identity", condition=Q(email_key__isnull=False) | Q(external_id__isnull=False)
            ),
            models.CheckConstraint(name="lead_email_key_not_blank", condition=Q(email_key=None) | ~Q(email_key="")),
            models.CheckConstraint(
                name="lead_external_id_not_blank", condition=Q(external_id=None) | ~Q(external_id="")
            ),
            models.CheckConstraint(name="lead_email_has_key", condition=Q(email="", email_key=None) | ~Q(email="")),
            models.CheckConstraint(name="lead_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="lead_marketing_has_no_owner",
                condition=Q(owner=None) | ~Q(stage__in=[Stage.LEAD, Stage.MARKETING_QUALIFIED]),
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "-id"], name="lead_by_stage"),
            models.Index(fields=["-created_at", "-id"], name="lead_newest"),
            models.Index(fields=["source"], name="lead_by_source"),
            models.Index(Lower("source"), name="lead_by_source_folded"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="lead_search_trgm"),
            models.Index(Left("search", 80), "id", name="lead_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people call the lead: its name, else its e-mail, else its external id."""
        return (
            " ".join(filter(None, (self.first_name, self.last_name))) or self.email or self.external_id or f"#{self.pk}"
        )


class Consent(models.Model):
    """One statement of consent or its withdrawal, append-only: what, when, from where, under which text."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="consents")
    status = models.CharField(max_length=60)
    at = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True, default="")
    text_version = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]


class OtherId(models.Model):
    """A further id under which a source knows a lead: two records of one e-mail address are one lead, both ids find it."""

    external_id = models.CharField(max_length=120, primary_key=True)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="other_ids")
    merge = models.ForeignKey(
        "leads.Merge", null=True, on_delete=models.CASCADE, related_name="ids"
    )  # that brought it here
    origin = models.BigIntegerField(null=True)  # the lead it came from, where a merge moved it
