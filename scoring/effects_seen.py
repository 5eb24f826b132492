"""What was seen after a version began to count: moves by its score in the first day, and how many became MQL and SQL a week (R12)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from .effects import Effect
from .models import ScoringModel
from .models_effect import BlockEffect

#: The days after publishing that are compared with as many days before it.
SPANS = (7, 28)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
#: Of a list the newest so many are looked at: each costs the moves of eight weeks (0.07 s where 12,000 leads move a week).
MOST = 6


@dataclass(frozen=True)
class Span:
    """Leads that became MQL and SQL in the days after publishing and in as many before; shorter than `days` while they run."""

    days: int
    length: timedelta
    mql: int
    mql_before: int
    sql: int
    sql_before: int

    @property
    def is_over(self) -> bool:
        return self.length >= self.days * DAY

    @property
    def says_something(self) -> bool:
        """A part of a day is no rate."""
        return self.length >= DAY

    @property
    def rows(self) -> list[tuple[str, float, float]]:
        """The stage, and how many became it a week before and after."""
        weeks = self.length / WEEK
        return [("mql", self.mql_before / weeks, self.mql / weeks), ("sql", self.sql_before / weeks, self.sql / weeks)]


@dataclass(frozen=True)
class History:
    """What is known of a version that counted. `forecast`: None for the first version; `first_day`: moves by score to each stage."""

    version: ScoringModel
    forecast: Effect | None
    is_whole: bool
    first_day: dict[str, int] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)


def span_of(version: ScoringModel, days: int, now: datetime) -> timedelta:
    """How long the version counted within so many days of its publishing, until now."""
    ended = min(filter(None, [version.retired_at, now]))
    return max(timedelta(0), min(days * DAY, ended - version.published_at))  # type: ignore[operator]


def histories(versions: Sequence[ScoringModel], now: datetime, most: int = MOST) -> dict[int, History]:
    """The history of each of these versions that counts or did, by primary key; what was seen of the newest `most`. Three queries."""
    counted = sorted((one for one in versions if one.published_at), key=lambda one: one.published_at, reverse=True)  # type: ignore[arg-type, return-value]
    told = BlockEffect.objects.of_versions(one.pk for one in counted)
    days, spans = _first_days(counted[:most]), _spans(counted[:most], now)
    found = {}
    for one in counted:
        forecast, is_whole = told.get(one.pk, (None, True))
        found[one.pk] = History(one, forecast, is_whole, days.get(one.pk, {}), spans.get(one.pk, []))
    return found


_FIRST_DAYS = """
    SELECT v.id, m.to_stage, count(*) FROM scoring_scoringmodel v JOIN leads_stagemove m
        ON m.to_stage IN ('lead', 'mql', 'sql') AND m.at >= v.published_at AND m.at < v.published_at + interval '1 day'
    WHERE v.id = ANY(%s) AND m.model_version = v.version AND m.cause IN ('score', 'intent') GROUP BY v.id, m.to_stage
"""


def _first_days(versions: Sequence[ScoringModel]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {one.pk: {"lead": 0, "mql": 0, "sql": 0} for one in versions}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_DAYS, [list(found)])
        for version, stage, moves in cursor.fetchall():
            found[version][stage] = moves
    return found


# A lead that sales sent back to MQL did not become one.
_SPANS = """
    SELECT v.id, v.days, v.length,
        count(*) FILTER (WHERE m.to_stage = 'mql' AND m.at >= v.at), count(*) FILTER (WHERE m.to_stage = 'mql' AND m.at < v.at),
        count(*) FILTER (WHERE m.to_stage = 'sql' AND m.at >= v.at), count(*) FILTER (WHERE m.to_stage = 'sql' AND m.at < v.at)
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::interval[]) AS v (id, days, at, length)
    LEFT JOIN leads_stagemove m ON m.to_stage IN ('mql', 'sql') AND m.at >= v.at - v.length AND m.at < v.at + v.length
        AND NOT (m.to_stage = 'mql' AND m.from_stage = 'sql')
    GROUP BY v.id, v.days, v.length ORDER BY v.id, v.days
"""


def _spans(versions: Sequence[ScoringModel], now: datetime) -> dict[int, list[Span]]:
    asked = [(one.pk, days, one.published_at, span_of(one, days, now)) for one in versions for days in SPANS]
    found: dict[int, list[Span]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, [list(column) for column in zip(*asked, strict=True)] or [[], [], [], []])
        for version, *figures in cursor.fetchall():
            found.setdefault(version, []).append(Span(*figures))
    return found
