"""What the conditions of routing rules may name: every fact of a lead, and its score at the moment of the offer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.condition_fields import LEAD_FIELDS
from leads.conditions import Facts, Field, FieldSet

ROUTING_FIELDS = FieldSet(
    Field("score", _("Score"), "number"),
    Field("fit", _("Fit"), "number"),
    Field("engagement", _("Engagement"), "number"),
    Field("label", _("Grid label")),
    Field("by_hand", _("Handed over by a marketer"), "flag"),
    *LEAD_FIELDS,
    open_ended=LEAD_FIELDS.open_ended,
)


def facts_for_routing(facts: Facts, brief: Mapping[str, Any], *, by_hand: bool) -> Facts:
    """The lead's facts and its score as frozen in the brief, in points. The brief holds hundredths."""
    score = brief.get("score") or {}
    points = {name: _points(score.get(wanted)) for name, wanted in _SCORES.items()}
    return {**facts, **points, "label": score.get("label") or None, "by_hand": by_hand}


_SCORES = {"score": "total", "fit": "fit", "engagement": "engagement"}


def _points(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths) / 100
