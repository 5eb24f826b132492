"""What scoring stores: model versions, packed event vectors, narrow scores, and what still waits to be counted."""

import hashlib
import json
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from leads.models import Lead, StageMove
from leads.stages import Stage

from . import models_effect, models_gone, models_work  # noqa: F401 - Django looks for models here
from .definition import Model
from .definition_reading import parse
from .models_agreement import Approval
from .models_cut import Cut  # noqa: F401 - Django finds models here
from .models_health import RuleHealth  # noqa: F401 - Django finds models here
from .models_steps import DraftStep  # noqa: F401 - Django finds models here


class ModelState(models.TextChoices):
    """A version's life: draft → proposed → published → retired (product.md §3)."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


@lru_cache(maxsize=16)
def parsed(document: str) -> Model:
    """The model in a stored document, which was valid when it was stored."""
    return parse(json.loads(document))


class ScoringModelQuerySet(models.QuerySet["ScoringModel"]):
    """Versions, named by what the rows are."""

    def published(self) -> "ScoringModel":
        """The one published version."""
        return self.get(state=ModelState.PUBLISHED)

    def drafts(self) -> Self:
        return self.filter(state__in=[ModelState.DRAFT, ModelState.PROPOSED])

    def counting_at(self, moment: datetime) -> "ScoringModel | None":
        """The version by which leads were scored at that moment."""
        return (
            self.filter(published_at__lte=moment)
            .exclude(retired_at__lte=moment)
            .order_by("-published_at", "-version")
            .first()
        )

    def before(self, version: "ScoringModel") -> "ScoringModel | None":
        """What a version is compared with: the published one for a draft, else the one that counted before it."""
        if version.published_at is None:
            return self.filter(state=ModelState.PUBLISHED).first()
        return self.filter(published_at__lt=version.published_at).order_by("-published_at", "-version").first()

    def numbered(self, text: str) -> "ScoringModel | None":
        """The version whose number somebody typed, or None."""
        known = text.isascii() and text.isdigit() and len(text) < 10
        return self.filter(version=int(text)).first() if known else None

    def with_history(self) -> Self:
        """Versions, newest first, with who made, proposed, approved and published each, and how many comments it has."""
        return (
            self.order_by("-version")
            .select_related("created_by", "proposed_by", "published_by")
            .prefetch_related(models.Prefetch("approvals", Approval.objects.select_related("by")))
            .annotate(comment_count=models.Count("comments", distinct=True))
        )


class ScoringModel(models.Model):
    """A version of the rules. `document` is the JSON form of product.md §3; a published one never changes."""

    version = models.PositiveIntegerField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(max_length=10, choices=ModelState.choices, default=ModelState.DRAFT)
    document = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    retired_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True, default="")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    #: The published version whose rules the draft has seen; where nothing is written, the one that counted when it was made.
    based_on = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    #: Parts that this draft and a version published meanwhile changed both, as [kind, key]; the draft's choice holds.
    conflicts = models.JSONField(default=list)

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=ModelState.PUBLISHED), name="scoringmodel_one_published"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.version})"

    @cached_property
    def model(self) -> Model:
        """The document as plain objects; parsed once per distinct document."""
        return parsed(json.dumps(self.document, sort_keys=True))

    @property
    def digest(self) -> str:
        """What tells this document from any other, as `model.fingerprint` does: an approval holds for exactly this one."""
        return hashlib.sha256(json.dumps(self.document, sort_keys=True).encode()).hexdigest()

    def base(self) -> "ScoringModel | None":
        """The published version that this one set out from."""
        return self.based_on or ScoringModel.objects.counting_at(self.created_at)


class Matcher(models.Model):
    """What some engagement rule looks for. New deeds are told apart by all of these; once `learnt`, so is every vector."""

    key = models.CharField(primary_key=True, max_length=32)
    deed = models.JSONField()
    learnt = models.BooleanField(default=False)


class MatchClass(models.Model):
    """A set of matchers that one activity can match: `signature` holds their keys, in order. A few dozen exist."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    signature = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)


class EventVector(models.Model):
    """Per lead the scored deeds, packed: see `scoring.kernel`. Derived state, rebuilt by `rebuild_vectors`."""

    lead = models.OneToOneField(Lead, primary_key=True, on_delete=models.CASCADE, related_name="+")
    ev = models.BinaryField()


class LeadScore(models.Model):
    """A lead's current score in hundredths of a point: narrow, and the holder of every list index (architecture.md §4).

    `stage` and `owner` are copies kept by `stages_changed`, so that lists are answered from one index.
    `last_active_on` is the day of the last counted activity, `last_intent_on` of the last that showed intent.
    `scored_on` is the day on which these figures last changed; `Sweep` says for which day all of them hold.
    """

    lead = models.OneToOneField(Lead, primary_key=True, on_delete=models.CASCADE, related_name="score")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    fit = models.IntegerField(default=0)
    engagement = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    label = models.CharField(max_length=2, default="D3")
    last_active_on = models.DateField(null=True)
    last_intent_on = models.DateField(null=True)
    scored_on = models.DateField()
    stage_since = models.DateTimeField()
    # Which transaction last changed fit, engagement, total, label or stage: see `scoring.changes`.
    changed_in = models.BigIntegerField(
        db_default=Cast(Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()),
        editable=False,
    )

    class Meta:
        indexes = [
            models.Index(fields=["changed_in", "lead"], name="leadscore_changed"),
            models.Index(fields=["-total", "-lead"], name="leadscore_best"),
            models.Index(fields=["stage", "-total", "-lead"], name="leadscore_stage_best"),
            models.Index(
                fields=["owner", "-total", "-lead"], name="leadscore_owner_best", condition=Q(owner__isnull=False)
            ),
            models.Index(fields=["-last_active_on", "-lead"], name="leadscore_active"),
        ]


class Pending(models.Model):
    """Something that may change a score and has not been counted yet; written in the transaction of its cause.

    With an activity: append it to the lead's vector. Without: match the lead's facts (and vector, if `rebuild`) anew.
    The database does not check the references: rows live for seconds, and one that points to nothing counts nothing.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    activity = models.ForeignKey(
        "leads.Activity", null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    rebuild = models.BooleanField(default=False)


class Sweep(models.Model):
    """One daily sweep: from then on every score holds for that day of the workspace."""

    day = models.DateField(primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class Snapshot(models.Model):
    """The ledger of a lead frozen when its stage changed; lines sum exactly to the score (product.md §3)."""

    move = models.OneToOneField(StageMove, primary_key=True, on_delete=models.CASCADE, related_name="snapshot")
    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    ledger = models.JSONField()
