"""What a lead did, or sales did with it: the append-only truth behind every engagement point (R2 to R5, R20)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

    from ..intake import NewActivity, Recorded


class FunnelStage(models.TextChoices):
    """How near to a decision a deed or a piece of content is (R4)."""

    TOP = "top", _("Top: awareness")
    MIDDLE = "middle", _("Middle: consideration")
    BOTTOM = "bottom", _("Bottom: decision")


class Category(models.TextChoices):
    """What kind of deed it is."""

    CONTENT = "content", _("Content")
    WEB = "web", _("Website")
    EVENT = "event", _("Events")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Social and ads")
    PRODUCT = "product", _("Product")
    CONTACT = "contact", _("Contact")
    SALES = "sales", _("Sales")


class Verdict(models.IntegerChoices):
    """Who did it: a person, or a machine (link scanner, mail proxy, bot), which earns nothing (product.md §2)."""

    PERSON = 1, _("Person")
    MACHINE = 2, _("Machine")


class ActivityType(models.Model):
    """A kind of deed. The built-in ones cover R2, R3, R5 and R20; a marketer may add more."""

    id = models.SmallAutoField(primary_key=True)
    key = models.SlugField(_("key"), max_length=40, unique=True)
    label = models.CharField(_("label"), max_length=80)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    funnel_stage = models.CharField(_("funnel stage"), max_length=8, choices=FunnelStage.choices)
    shows_intent = models.BooleanField(_("shows commercial intent"), default=False)
    is_builtin = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["category", "label"]

    def __str__(self) -> str:
        return str(_(self.label)) if self.is_builtin else self.label


class Asset(models.Model):
    """A piece of content: white paper, webinar, price list. Its funnel stage outranks that of the activity type (R4)."""

    key = models.CharField(_("name"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True, default="")
    url = models.CharField(_("address"), max_length=500, blank=True, default="")
    funnel_stage = models.CharField(
        _("funnel stage"), max_length=8, choices=FunnelStage.choices, blank=True, default=""
    )

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Activities, named by what the rows are."""

    def record_many(self, rows: "Sequence[NewActivity]", *, at: datetime, actor: str) -> "Recorded":
        """Store activities as one set, each once (`leads.intake_activities`)."""
        from ..intake_activities import record_many  # noqa: PLC0415 - it imports the models

        return record_many(rows, at=at, actor=actor)


class Activity(models.Model):
    """One deed. `funnel_stage` is resolved when stored: as given, else the asset's, else the type's.

    Unique by (source_system, external_id): sending it twice stores it once. No wider index (architecture.md §4).
    The database does not check `type` at each insert, which would lock the same thirty rows in every transaction; a used
    type cannot be deleted instead.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="activities", db_index=False)
    type = models.ForeignKey(
        ActivityType, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    subject = models.CharField(max_length=300, blank=True, default="")
    url = models.CharField(max_length=2000, blank=True, default="")
    # RFC 3986: the part between authority and `?` or `#`.
    path = models.GeneratedField(
        expression=Func(
            Func(
                F("url"),
                Value(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)"),
                function="substring",
                template="%(function)s(%(expressions)s)",
            ),
            Value(""),
            function="COALESCE",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    campaign = models.CharField(max_length=160, blank=True, default="")
    funnel_stage = models.CharField(max_length=8, choices=FunnelStage.choices)
    properties = models.JSONField(default=dict, blank=True)
    source_system = models.CharField(max_length=60, blank=True, default="")
    external_id = models.CharField(max_length=200)
    verdict = models.SmallIntegerField(choices=Verdict.choices, default=Verdict.PERSON)
    recorded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source_system", "external_id"], name="activity_once"),
            models.CheckConstraint(name="activity_external_id_known", condition=~Q(external_id="")),
            models.CheckConstraint(
                name="activity_after_2000", condition=Q(occurred_at__gte="2000-01-01T00:00:00+14:00")
            ),
        ]
        indexes = [models.Index(fields=["lead", "occurred_at"], name="activity_lead_occurred")]

    def __str__(self) -> str:
        return f"{self.type_id} {self.occurred_at:%Y-%m-%d}"

    def judge(self, verdict: int, *, by: "User", at: datetime) -> bool:
        """Say that a person or a machine did it; the score follows. Whether the verdict changed."""
        from ..intake_edits import judge  # noqa: PLC0415 - it imports the models

        return judge(self, verdict, by=by, at=at)
