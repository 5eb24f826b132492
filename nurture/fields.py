"""What the conditions of a list may name: every fact of a lead, and where it stands: stage, owner, score, last activity."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from leads.condition_fields import LEAD_FIELDS
from leads.condition_queries import as_query
from leads.conditions import Condition, Field, FieldSet
from leads.models import Lead
from leads.stages import Stage


def _in_points(path: str) -> Any:
    """A column of hundredths as points, exactly."""
    return ExpressionWrapper(
        F(path) * Value(Decimal("0.01")), output_field=DecimalField(max_digits=12, decimal_places=2)
    )


#: Names of fields that are computed, and what they are computed by.
COMPUTED = {
    "list_score": _in_points("score__total"),
    "list_fit": _in_points("score__fit"),
    "list_engagement": _in_points("score__engagement"),
}
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
    Field("created", _("Created"), "date", paths=("created_at",)),
    *LEAD_FIELDS,
    open_ended=LEAD_FIELDS.open_ended,
)


def is_personal(name: str) -> bool:
    """Whether a condition on the field could tell who somebody is."""
    return name.partition(".")[0] in PERSONAL_FIELDS


def leads_matching(leads: "QuerySet[Lead]", conditions: Sequence[Condition]) -> "QuerySet[Lead]":
    """Those of the leads that fulfil every condition."""
    named = [field for one in conditions if (field := LIST_FIELDS.get(one.field))]
    needed = {path for field in named for path in field.paths if path in COMPUTED}
    leads = leads.alias(**{name: COMPUTED[name] for name in needed})
    return leads.filter(as_query(conditions, LIST_FIELDS)) if conditions else leads
