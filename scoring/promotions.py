"""Who becomes MQL or SQL, or lead again, by score: found in arrays, moved as sets (R9, R10, R15; product.md §3, §4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from leads.models import Lead
from leads.moving import told_together
from leads.stages import Cause, Stage

from .board import Board
from .definition import Definitions
from .definitions import Standing, is_mql, is_sql, is_sql_by_intent, leaves_mql, why_left, why_mql, why_sql
from .models import ScoringModel

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Promotion:
    """Leads whose score calls for one move, and what the history row of each says besides the stages."""

    to: Stage
    cause: Cause
    marks: dict[int, dict[str, Any]]


def called_for(scores: Board, standing: Standing, version: ScoringModel, at: datetime) -> list[Promotion]:
    """The moves that the scores call for. A lead in its cooling period is not promoted."""
    found = []
    for to, cause, which, why in wanted(scores, standing, version.model.definitions):
        places = np.flatnonzero(which)
        if to != Stage.LEAD and places.size:
            places = places[~np.isin(scores.leads[places], cooling(scores.leads[places].tolist(), at))]
        if places.size:
            marks = {int(scores.leads[n]): _mark(scores, n, version, why(_one(standing, n))) for n in places.tolist()}
            found.append(Promotion(to, cause, marks))
    return found


def lock(promotions: list[Promotion]) -> None:
    """Lock the leads that will move, in order of id and before any score row: the order of everybody who changes both."""
    leads = sorted(lead for promotion in promotions for lead in promotion.marks)
    if leads:
        list(Lead.objects.order_by("id").filter(id__in=leads).select_for_update(no_key=True).values_list("id"))


def move(promotions: list[Promotion], at: datetime) -> int:
    """Move them, each promotion as a set; how many moved."""
    with told_together():
        return sum(
            len(Lead.objects.move(list(one.marks), to=one.to, at=at, cause=one.cause, marks=one.marks))
            for one in promotions
        )


def wanted(
    scores: Board, standing: Standing, says: Definitions
) -> list[tuple[Stage, Cause, Flags, Callable[[Standing], str]]]:
    """Moves in order: to SQL by intent, to SQL by score, to MQL, back to lead."""
    at_lead, at_mql = scores.stage == Stage.LEAD, scores.stage == Stage.MARKETING_QUALIFIED
    sql = is_sql(says.sql, standing) & (at_lead | at_mql)
    intent = sql & is_sql_by_intent(says.sql, standing)
    mql = at_lead & ~sql & is_mql(says.mql, standing)
    left = at_mql & ~sql & leaves_mql(says.mql, standing, standing.day - scores.stage_day)
    return [
        (Stage.SALES_QUALIFIED, Cause.INTENT, intent, lambda lead: why_sql(says.sql, lead)),
        (Stage.SALES_QUALIFIED, Cause.SCORE, sql & ~intent, lambda lead: why_sql(says.sql, lead)),
        (Stage.MARKETING_QUALIFIED, Cause.SCORE, mql, lambda lead: why_mql(says.mql, lead)),
        (Stage.LEAD, Cause.SCORE, left, lambda lead: why_left(says.mql, lead)),
    ]


def cooling(leads: list[int], at: datetime) -> list[int]:
    """Of these leads those that sales sent back for a time that is not over."""
    return list(Lead.objects.filter(id__in=leads, cooling_until__gt=at).values_list("id", flat=True))


def _one(standing: Standing, place: int) -> Standing:
    columns = (standing.fit, standing.total, standing.last_active, standing.last_intent)
    fit, total, active, intent = (int(column[place]) for column in columns)
    return Standing(fit, total, active, intent, standing.day)


def _mark(scores: Board, place: int, version: ScoringModel, reason: str) -> dict[str, Any]:
    """What the history row of the move says besides the stages."""
    return {
        "fit": int(scores.fit[place]),
        "engagement": int(scores.engagement[place]),
        "total": int(scores.total[place]),
        "model_version": version.version,
        "reason": reason,
    }
