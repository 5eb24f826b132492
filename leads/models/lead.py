"""The lead: a person at a company, where it stands, and the one writer of its stage."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..signals import stages_changed
from ..stages import MOVES, SALES_STAGES, Cause, Stage, entered_from
from .company import Company, FirmFacts

if TYPE_CHECKING:
    from accounts.models import User


class MoveRefused(Exception):
    """A move of stage that the table of moves does not allow; the text is a sentence for people."""


class CustomField(models.Model):
    """A fact added without code; its values live in `Lead.custom` under `key` and rules may use `custom.KEY`."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads, named by what the rows are."""

    def visible_to(self, user: "User") -> Self:
        """The leads a person may know of (quality.md §4): a rep's own and the unassigned SQLs, everybody else all."""
        from ..permissions import sees_every_lead, sees_own_leads

        if sees_every_lead(user):
            return self
        if sees_own_leads(user):
            return self.filter(Q(owner=user) | Q(stage=Stage.SALES_QUALIFIED, owner=None))
        return self.none()

    def at(self, *stages: str) -> Self:
        return self.filter(stage__in=stages)

    def with_people(self) -> Self:
        """With the company and the owner, for rows that show both."""
        return self.select_related("company", "owner")

    def move(
        self,
        ids: Iterable[int],
        *,
        to: Stage,
        at: datetime,
        cause: Cause,
        reason: str = "",
        by: "User | None" = None,
        owner: "User | None" = None,
        marks: "dict[int, dict[str, Any]] | None" = None,
        note: str = "",
    ) -> "list[StageMove]":
        """Move the leads whose stage allows it; the only writer of `stage`. Returns the history rows written.

        Leads whose stage does not allow the move are left alone, so a repeated call does nothing (R16, product.md §4).
        `marks` gives each lead's score at the moment (fit, engagement, total in hundredths, model version).
        `owner` owns the lead in a stage of sales; other stages have no owner. Sends `stages_changed` in the transaction.
        """
        with transaction.atomic():
            rows = list(
                self.model._base_manager.select_for_update()
                .filter(id__in=list(ids), stage__in=entered_from(to))
                .order_by("id")
                .values_list("id", "stage", "cycle", "owner_id")
            )
            if cause in (Cause.SCORE, Cause.INTENT):
                rows = [row for row in rows if MOVES[Stage(row[1]), to].automatic]
            moves = [
                StageMove(
                    lead_id=pk, from_stage=stage, to_stage=to, at=at, cause=cause, reason=reason[:500], by=by,
                    cycle=cycle + MOVES[Stage(stage), to].cycle, **(marks or {}).get(pk, {}),
                )
                for pk, stage, cycle, _owner in rows
            ]  # fmt: skip
            keep_owner = to in SALES_STAGES and to != Stage.SALES_QUALIFIED and owner is None
            for fresh in (False, True):
                group = [m.lead_id for m in moves if MOVES[Stage(m.from_stage), to].cycle is fresh]
                if group:
                    self.model._base_manager.filter(id__in=group).update(
                        stage=to, stage_since=at, cycle=F("cycle") + int(fresh), updated_at=at,
                        owner=F("owner") if keep_owner else owner,
                    )  # fmt: skip
            StageMove.objects.bulk_create(moves, batch_size=5_000)
            if moves:
                stages_changed.send(sender=self.model, moves=moves, at=at, by=by, note=note)
        return moves


class Lead(FirmFacts):
    """A person at a company (R1). Known by e-mail (normalised, unique) or, without one, by its external id."""

    email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    email_key = models.CharField(max_length=254, null=True, unique=True, editable=False)
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
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.SET_NULL, related_name="leads"
    )
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField()
    # Kept by a trigger (migration 0002): name, e-mail, external id and company, lower case, for one trigram index.
    search = models.TextField(editable=False, default="")

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="lead_has_identity", condition=Q(email_key__isnull=False) | Q(external_id__isnull=False)),
            models.CheckConstraint(name="lead_email_key_not_blank", condition=Q(email_key=None) | ~Q(email_key="")),
            models.CheckConstraint(name="lead_external_id_not_blank", condition=Q(external_id=None) | ~Q(external_id="")),
            models.CheckConstraint(name="lead_email_has_key", condition=Q(email="", email_key=None) | ~Q(email="")),
            models.CheckConstraint(name="lead_stage_known", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="lead_marketing_has_no_owner", condition=Q(owner=None) | ~Q(stage__in=[Stage.LEAD, Stage.MARKETING_QUALIFIED])
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "-id"], name="lead_by_stage"),
            models.Index(fields=["-created_at", "-id"], name="lead_newest"),
            models.Index(fields=["source"], name="lead_by_source"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="lead_search_trgm"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What people call the lead: its name, else its e-mail, else its external id."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.email or self.external_id or f"#{self.pk}"

    def move(self, *, to: Stage, at: datetime, cause: Cause = Cause.PERSON, **details: Any) -> "StageMove":
        """Move this lead, or raise `MoveRefused` with a sentence. A lead is a set of one (`LeadQuerySet.move`)."""
        moves: Sequence[StageMove] = Lead.objects.move([self.pk], to=to, at=at, cause=cause, **details)
        if not moves:
            self.refresh_from_db(fields=["stage"])
            raise MoveRefused(
                _t("%(lead)s is %(stage)s now and cannot become %(to)s from there.")
                % {"lead": self.name, "stage": Stage(self.stage).label, "to": to.label}
            )
        self.refresh_from_db(fields=["stage", "stage_since", "cycle", "owner"])
        return moves[0]


class StageMove(models.Model):
    """One line of a lead's stage history, written in the transaction of the move. Scores are in hundredths of a point."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="stage_moves", db_index=False)
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


class Consent(models.Model):
    """One statement of consent or its withdrawal, append-only: what, when, from where, under which text."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="consents")
    status = models.CharField(max_length=60)
    at = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True, default="")
    text_version = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
