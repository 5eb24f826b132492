"""What conditions on leads may name, for lists, deadlines and routes: every fact, and where it stands: stage, owner, score, last activity."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import (
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from leads.activity_types import BUILTIN
from leads.condition_fields import LEAD_FIELDS
from leads.condition_queries import as_query
from leads.conditions import Condition, Field, FieldSet, sentence_of
from leads.models import Activity, Lead, StageMove, Verdict
from leads.stages import Cause, Stage


def _in_points(path: str) -> Any:
    """A column of hundredths as points, exactly."""
    return ExpressionWrapper(
        F(path) * Value(Decimal("0.01")), output_field=DecimalField(max_digits=12, decimal_places=2)
    )


def _days_since(day: Any) -> Any:
    """Whole days from a day until today, both of the workspace's calendar."""
    today = TruncDate(Now(), tzinfo=settings.WORKSPACE_ZONE)
    return Func(today, day, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def _cause_of_sql() -> Any:
    """What made the lead SQL, the last time it became it."""
    moves = StageMove.objects.filter(lead=OuterRef("pk"), to_stage=Stage.SALES_QUALIFIED).order_by("-at", "-id")
    return Subquery(moves.values("cause")[:1])


#: Names of fields that are computed, and what they are computed by.
COMPUTED: dict[str, Callable[[], Any]] = {
    "list_cause": _cause_of_sql,
    "list_idle": lambda: _days_since(F("score__last_active_on")),
    "list_age": lambda: _days_since(TruncDate("created_at", tzinfo=settings.WORKSPACE_ZONE)),
    "list_score": lambda: _in_points("score__total"),
    "list_fit": lambda: _in_points("score__fit"),
    "list_engagement": lambda: _in_points("score__engagement"),
}
#: The field that asks what a lead has ever done; a machine's hits do not count.
DEED = "activity"
#: Fields that say who somebody is; whoever reads leads masked cannot ask for them. Custom facts may be free text.
PERSONAL_FIELDS = frozenset({"email", "phone", "first_name", "last_name", "external_id", "custom"})
LIST_FIELDS = FieldSet(
    Field("stage", _("Stage"), "choice", tuple(Stage.choices), paths=("stage",)),
    Field("owner", _("Owner"), paths=("owner__name",)),
    Field("score", _("Score"), "number", paths=("list_score",)),
    Field("fit", _("Fit"), "number", paths=("list_fit",)),
    Field("engagement", _("Engagement"), "number", paths=("list_engagement",)),
    Field("label", _("Grid label"), paths=("score__label",)),
    Field("last_active", _("Last active"), "date", paths=("score__last_active_on",)),
    Field("idle_days", _("Days since last active"), "number", paths=("list_idle",)),
    Field("created", _("Created"), "date", paths=("created_at",)),
    Field("age_days", _("Days since created"), "number", paths=("list_age",)),
    Field("sql_cause", _("Became SQL by"), "choice", tuple(Cause.choices), paths=("list_cause",)),
    Field(DEED, _("Activity"), "choice"),
    *LEAD_FIELDS,
    open_ended=LEAD_FIELDS.open_ended,
)


def is_personal(name: str) -> bool:
    """Whether a condition on the field could tell who somebody is."""
    return name.partition(".")[0] in PERSONAL_FIELDS


def leads_matching(leads: "QuerySet[Lead]", conditions: Sequence[Condition]) -> "QuerySet[Lead]":
    """Those of the leads that fulfil every condition."""
    for deed in [one for one in conditions if one.field == DEED]:
        leads = leads.filter(_has_done(deed))
    conditions = [one for one in conditions if one.field != DEED]
    named = [field for one in conditions if (field := LIST_FIELDS.get(one.field))]
    needed = {path for field in named for path in field.paths if path in COMPUTED}
    leads = leads.alias(**{name: COMPUTED[name]() for name in needed})
    return leads.filter(as_query(conditions, LIST_FIELDS)) if conditions else leads


def _has_done(condition: Condition) -> Q:
    """Whether the lead has done one of the named kinds of deed, or none of them."""
    deeds = Activity.objects.filter(lead=OuterRef("pk"), verdict=Verdict.PERSON)
    named = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if condition.op not in ("known", "unknown"):
        deeds = deeds.filter(type__key__in=[str(key).strip().lower() for key in named])
    found = Q(Exists(deeds))
    return ~found if condition.op in ("is_not", "not_in", "unknown") else found


def sentence_of_list(conditions: Sequence[Condition]) -> str:
    """The conditions in plain words, kinds of deed by their names."""
    names = {kind[0]: str(_(kind[1])) for kind in BUILTIN}
    return sentence_of(
        [replace(one, value=_named(one.value, names)) if one.field == DEED else one for one in conditions], LIST_FIELDS
    )


def _named(value: Any, names: dict[str, str]) -> Any:
    return tuple(names.get(key, key) for key in value) if isinstance(value, tuple) else names.get(value, value)
