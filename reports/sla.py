"""The SLA figures of a set of handoffs, in all its groupings at once: one statement, exact percentiles (R17, P11)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import ExtractHour, TruncWeek

from handoff.models import Handoff

from .sla_rows import with_standing

GROUPINGS = ("rep", "week", "hour", "source")
_READ = ("standing", "offered_at", "claimed_at", "first_follow_up_at", "outcome")

_FIGURES = """
    count(*),
    count(*) FILTER (WHERE standing = 'met'), count(*) FILTER (WHERE standing = 'late'),
    count(*) FILTER (WHERE standing = 'overdue'), count(*) FILTER (WHERE standing = 'missed'),
    count(*) FILTER (WHERE standing = 'running'), count(*) FILTER (WHERE standing = 'set_aside'),
    count(to_claim), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_claim),
    count(to_follow_up), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_follow_up),
    count(*) FILTER (WHERE outcome <> ''), count(*) FILTER (WHERE outcome = 'accepted')
"""


@dataclass(frozen=True)
class SlaFigures:
    """What is counted of one group of handoffs. Percentiles are exact, over those that were claimed or followed up at all."""

    offered: int = 0
    met: int = 0
    late: int = 0
    overdue: int = 0
    missed: int = 0
    running: int = 0
    set_aside: int = 0
    claimed: int = 0
    claim_median: timedelta | None = None
    claim_p90: timedelta | None = None
    followed_up: int = 0
    follow_up_median: timedelta | None = None
    follow_up_p90: timedelta | None = None
    closed: int = 0
    accepted: int = 0

    @property
    def decided(self) -> int:
        """How many have met or missed their deadline: what SLA met % is a share of."""
        return self.met + self.late + self.overdue + self.missed

    @property
    def untouched(self) -> int:
        """Past the deadline without any logged contact, open or closed."""
        return self.overdue + self.missed

    @property
    def met_share(self) -> float | None:
        """SLA met as a fraction, or None when nothing is decided yet."""
        return self.met / self.decided if self.decided else None

    @property
    def accepted_share(self) -> float | None:
        """Of the handoffs that sales closed, the fraction accepted."""
        return self.accepted / self.closed if self.closed else None


@dataclass(frozen=True)
class SlaReport:
    """The figures of all and of each group; the key None of `rep` are those that nobody has claimed."""

    total: SlaFigures = SlaFigures()
    rep: dict[int | None, SlaFigures] = field(default_factory=dict)
    week: dict[date, SlaFigures] = field(default_factory=dict)
    hour: dict[int, SlaFigures] = field(default_factory=dict)
    source: dict[str, SlaFigures] = field(default_factory=dict)


def sla_report(
    handoffs: "QuerySet[Handoff]", *, now: datetime, zone: ZoneInfo, by: Sequence[str] = GROUPINGS
) -> SlaReport:
    """Count the handoffs as of `now`; weeks begin on Monday and hours are those of `zone`."""
    found: dict[str, dict[Any, SlaFigures]] = {grouping: {} for grouping in by}
    total = SlaFigures()
    for mask, *row in _counted(handoffs, now, zone, by):
        figures = _figures(row[len(by) :])
        # grouping() sets a bit for each column that is not grouped by, the last column being the lowest bit.
        chosen = [i for i in range(len(by)) if not mask >> (len(by) - 1 - i) & 1]
        if chosen:
            key = row[chosen[0]]
            found[by[chosen[0]]][key.date() if isinstance(key, datetime) else key] = figures
        else:
            total = figures
    return SlaReport(total=total, **found)


def _counted(handoffs: "QuerySet[Handoff]", now: datetime, zone: ZoneInfo, by: Sequence[str]) -> list[Any]:
    columns = {
        "rep": F("claimed_by"),
        "week": TruncWeek("offered_at", tzinfo=zone),
        "hour": ExtractHour("offered_at", tzinfo=zone),
        "source": F("lead__source"),
    }
    keys = {f"key_{name}": columns[name] for name in by}
    rows = with_standing(handoffs.order_by(), now).annotate(**keys)
    inner, params = rows.values(*_READ, *keys).query.sql_with_params()
    listed = "".join(f"{key}, " for key in keys)
    mask = f"grouping({', '.join(keys)})" if keys else "0"
    sets = ", ".join(["()", *(f"({key})" for key in keys)])
    statement = f"""
        SELECT {mask}, {listed}{_FIGURES}
        FROM (SELECT *, date_part('epoch', claimed_at - offered_at) AS to_claim,
                     date_part('epoch', first_follow_up_at - offered_at) AS to_follow_up FROM ({inner}) AS h) AS handoffs
        GROUP BY GROUPING SETS ({sets})
    """  # noqa: S608 (only names from this module and what the ORM compiled)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _figures(row: Sequence[Any]) -> SlaFigures:
    *counts, claimed, claims, followed, follow_ups, closed, accepted = row
    claim_median, claim_p90 = _spans(claims)
    follow_median, follow_p90 = _spans(follow_ups)
    return SlaFigures(
        *counts, claimed, claim_median, claim_p90, followed, follow_median, follow_p90, closed=closed, accepted=accepted
    )


def _spans(seconds: list[float] | None) -> list[timedelta | None]:
    return [timedelta(seconds=s) if s is not None else None for s in seconds or (None, None)]
