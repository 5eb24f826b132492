"""The scores of many leads as arrays: read in chunks, and only what differs written back (architecture.md §4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection

from leads.stages import Stage

from .columns import array_text, numbers, these_leads
from .labels import DIGITS, LETTERS
from .vectors import FIRST_DAY

Whole = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]
STAGES = np.array(Stage.values)
LABELS = np.array([letter + digit for letter in LETTERS for digit in DIGITS])
#: Leads scored at once: memory stays flat (near 180 MB) however many there are.
CHUNK = 100_000
#: Every statement that changes points, label or stage says so to those who read changes (`scoring.changes`).
CHANGED = "changed_in = (SELECT pg_current_xact_id()::text::bigint)"


@dataclass
class Board:
    """Scores in hundredths and day numbers (−1: never), one place per lead, in order of lead id.

    `stage_day` is the day since which an MQL is one, and 0 of others: a day in the workspace's zone costs most of a row.
    """

    leads: Whole
    stage: Texts
    label: Texts
    fit: Whole
    engagement: Whole
    total: Whole
    last_active: Whole
    last_intent: Whole
    stage_day: Whole

    def __len__(self) -> int:
        return len(self.leads)


def chunks(size: int = CHUNK) -> Iterator[list[int]]:
    """The ids of all leads that have a score row, in ascending ranges."""
    last = 0
    while ids := _ids_after(last, size):
        yield ids
        last = ids[-1]


def _ids_after(last: int, size: int) -> list[int]:
    query = "SELECT lead_id FROM scoring_leadscore WHERE lead_id > %s ORDER BY lead_id LIMIT %s"
    return numbers(query, [last, size], columns=1)[0].tolist()


def read(lead_ids: Sequence[int]) -> Board:
    """The stored scores of these leads, those that have any."""
    which, params = these_leads(lead_ids)
    columns = numbers(
        "SELECT lead_id, array_position(%s::text[], stage), strpos(%s, label), fit, engagement, total,"  # noqa: S608
        " coalesce(last_active_on - %s::date, -1), coalesce(last_intent_on - %s::date, -1),"
        " CASE WHEN stage = %s THEN (stage_since AT TIME ZONE %s)::date - %s::date ELSE 0 END"
        f" FROM scoring_leadscore WHERE {which} ORDER BY lead_id",
        [
            STAGES.tolist(),
            "".join(LABELS),
            FIRST_DAY,
            FIRST_DAY,
            Stage.MARKETING_QUALIFIED,
            settings.WORKSPACE_TIME_ZONE,
            FIRST_DAY,
            *params,
        ],
        columns=9,
    )
    asked = np.isin(columns[0], lead_ids)
    leads, stage, label, *others = (column[asked] for column in columns)
    return Board(leads, STAGES[stage - 1], LABELS[label // 2], *others)


def write_changes(before: Board, after: Board, day: date) -> int:
    """Store the rows that differ; how many they were."""
    same = np.ones(len(before), bool)
    for name in ("label", "fit", "engagement", "total", "last_active", "last_intent"):
        same &= getattr(before, name) == getattr(after, name)
    which = np.flatnonzero(~same)
    if which.size:
        _write(after, which, day)
    return int(which.size)


def _write(after: Board, which: Whole, day: date) -> None:
    names = ("leads", "fit", "engagement", "total", "label", "last_active", "last_intent")
    columns = [array_text(getattr(after, name)[which]) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE scoring_leadscore s SET {CHANGED}, fit = n.fit, engagement = n.engagement, total = n.total, label = n.label,"  # noqa: S608
            " last_active_on = CASE WHEN n.active >= 0 THEN %s::date + n.active END,"
            " last_intent_on = CASE WHEN n.intent >= 0 THEN %s::date + n.intent END, scored_on = %s"
            " FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::text[], %s::int[], %s::int[])"
            " AS n (lead, fit, engagement, total, label, active, intent) WHERE s.lead_id = n.lead",
            [FIRST_DAY, FIRST_DAY, day, *columns],
        )


def labels(fit: Whole, engagement: Whole, fit_cutoffs: Any, engagement_cutoffs: Any) -> Texts:
    """The grid label of every lead (`labels.grid_label` for sets)."""
    letters = _steps(fit, fit_cutoffs, LETTERS)
    return np.char.add(letters, _steps(engagement, engagement_cutoffs, DIGITS))


def _steps(score: Whole, cutoffs: Any, steps: tuple[str, ...]) -> Texts:
    named = [name for name in steps[:-1] if name in cutoffs]
    return (
        np.select([score >= cutoffs[name] for name in named], named, steps[-1])
        if named
        else np.full(len(score), steps[-1])
    )


def ensure_rows(lead_ids: Sequence[int], day: date) -> None:
    """A score of nothing for each lead that has none yet (nothing matched is 0, never blank)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_leadscore (lead_id, stage, owner_id, stage_since, fit, engagement, total, label, scored_on)"
            " SELECT id, stage, owner_id, stage_since, 0, 0, 0, 'D3', %s FROM leads_lead WHERE id = ANY(%s)"
            " ON CONFLICT (lead_id) DO NOTHING",
            [day, list(lead_ids)],
        )


#: Leads without a score; where both tables hold as many rows there is none, which two counts tell at a tenth of the cost.
UNKNOWN = (
    "FROM leads_lead l WHERE (SELECT count(*) FROM leads_lead) > (SELECT count(*) FROM scoring_leadscore)"
    " AND NOT EXISTS (SELECT FROM scoring_leadscore s WHERE s.lead_id = l.id)"
)


def ensure_all_rows(day: date) -> None:
    """The same for all leads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_leadscore (lead_id, stage, owner_id, stage_since, fit, engagement, total, label, scored_on)"
            f" SELECT id, stage, owner_id, stage_since, 0, 0, 0, 'D3', %s {UNKNOWN} ON CONFLICT DO NOTHING",
            [day],
        )


def follow_stage(lead_ids: Sequence[int]) -> int:
    """Copy stage, owner and since when from the leads, where lists are answered from one index; to how many scores."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE scoring_leadscore s SET {CHANGED}, stage = l.stage, owner_id = l.owner_id, stage_since = l.stage_since"  # noqa: S608
            " FROM leads_lead l WHERE l.id = s.lead_id AND s.lead_id = ANY(%s)",
            [list(lead_ids)],
        )
        return cursor.rowcount
