"""What the conditions of routing rules may name: every fact of a lead, and its score at the moment of the offer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.condition_fields import LEAD_FIELDS
from leads.conditions import Facts, Field, FieldSet
from leads.stages import Cause

ROUTING_FIELDS = FieldSet(
    Field("score", _("Score"), "number"),
    Field("fit", _("Fit"), "number"),
    Field("engagement", _("Engagement"), "number"),
    Field("label", _("Grid label")),
    Field("sql_cause", _("Became SQL by"), "choice", tuple(Cause.choices)),
    *LEAD_FIELDS,
    open_ended=LEAD_FIELDS.open_ended,
)


def facts_for_routing(facts: Facts, brief: Mapping[str, Any], *, cause: str) -> Facts:
    """The lead's facts, what made it SQL, and its score as frozen in the brief, in points. The brief holds hundredths."""
    score = brief.get("score") or {}
    points = {name: _points(score.get(wanted)) for name, wanted in _SCORES.items()}
    return {**facts, **points, "label": score.get("label") or None, "sql_cause": cause}


_SCORES = {"score": "total", "fit": "fit", "engagement": "engagement"}


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100
