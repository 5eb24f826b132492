"""The SLA figures of a set of handoffs, in all its groupings at once: one scan, exact percentiles (R17, P11)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import QuerySet

from handoff.models import Handoff
from scoring.columns import Whole

from .sla_columns import ACCEPTED, Columns, Counted, day_of, hours_of, source_names, weeks_of
from .sla_rows import Standing

GROUPINGS = ("rep", "week", "hour", "source")


@dataclass(frozen=True)
class SlaFigures:
    """What is counted of one group of handoffs. Percentiles are exact, over those that were claimed or followed up at all.

    `claimed` by whoever holds it; `given` to them by rules or a manager, which takes no time and is no claim.
    """

    offered: int = 0
    met: int = 0
    late: int = 0
    overdue: int = 0
    missed: int = 0
    running: int = 0
    set_aside: int = 0
    claimed: int = 0
    given: int = 0
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
    rows = Columns.read(handoffs, now, zone, sources="source" in by)
    cuts: dict[str, Callable[[], dict[Any, SlaFigures]]] = {
        "rep": lambda: {(key if key >= 0 else None): _figures(part) for key, part in rows.counted.groups(rows.rep)},
        "week": lambda: {day_of(key): _figures(part) for key, part in rows.counted.groups(weeks_of(rows.local))},
        "hour": lambda: {key: _figures(part) for key, part in rows.counted.groups(hours_of(rows.local))},
        "source": lambda: _by_source(rows),
    }
    return SlaReport(total=_figures(rows.counted), **{name: cuts[name]() for name in by})


def _by_source(rows: Columns) -> dict[str, SlaFigures]:
    names = source_names() if len(rows.source) else {}
    return {names[key]: _figures(part) for key, part in rows.counted.groups(rows.source) if key in names}


def _figures(rows: Counted) -> SlaFigures:
    standings = np.bincount(rows.standing, minlength=len(Standing)).tolist()
    claims, follow_ups = rows.to_claim[rows.to_claim >= 0], rows.to_follow_up[rows.to_follow_up >= 0]
    (claim_median, claim_p90), (follow_up_median, follow_up_p90) = _percentiles(claims), _percentiles(follow_ups)
    return SlaFigures(
        offered=len(rows.standing),
        **{standing.key: standings[standing] for standing in Standing},
        claimed=len(claims),
        given=int(np.count_nonzero(rows.given)),
        claim_median=claim_median,
        claim_p90=claim_p90,
        followed_up=len(follow_ups),
        follow_up_median=follow_up_median,
        follow_up_p90=follow_up_p90,
        closed=int(np.count_nonzero(rows.outcome)),
        accepted=int(np.count_nonzero(rows.outcome == ACCEPTED)),
    )


def _percentiles(microseconds: Whole) -> tuple[timedelta | None, timedelta | None]:
    """Median and 90th percentile, exact: between two neighbours in proportion, as `percentile_cont` does."""
    if not len(microseconds):
        return None, None
    below = [divmod((len(microseconds) - 1) * percent, 100) for percent in (50, 90)]
    places = [(place, min(place + 1, len(microseconds) - 1), rest) for place, rest in below]
    ordered = np.partition(microseconds, sorted({place for low, high, _rest in places for place in (low, high)}))
    found = [int(ordered[low]) + int(ordered[high] - ordered[low]) * rest / 100 for low, high, rest in places]
    return timedelta(microseconds=found[0]), timedelta(microseconds=found[1])
