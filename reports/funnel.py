"""The funnel of a cohort: how far leads ever came and how long each step took, from the history of moves (R29)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import TruncMonth

from leads.models import Lead
from leads.stages import PATH, Stage

#: The steps after coming in. A step counts as reached by whoever entered it or any step after it.
STEPS = PATH[1:]
#: Until enough leads became customers to tell from, a cohort needs this long to show what becomes of it.
USUAL_RIPENING = timedelta(days=90)
ENOUGH_TO_TELL = 20

_MEDIANS = "".join(
    f", percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', {step} - {before}))"
    for before, step in zip(("created_at", "mql_at", "sql_at", "opportunity_at"), ("mql_at", "sql_at", "opportunity_at", "customer_at"), strict=True)
)  # fmt: skip
_FIGURES = f"""
    count(*), count(mql_at), count(sql_at), count(opportunity_at), count(customer_at){_MEDIANS},
    percentile_cont(0.9) WITHIN GROUP (ORDER BY date_part('epoch', customer_at - created_at))
"""


@dataclass(frozen=True)
class Cohort:
    """How many of a group of leads came, and ever reached each step; `took` is the median time from the step before."""

    reached: tuple[int, ...] = (0,) * len(PATH)
    took: tuple[timedelta | None, ...] = (None,) * len(STEPS)
    to_customer_p90: timedelta | None = None

    @property
    def size(self) -> int:
        return self.reached[0]

    @property
    def steps(self) -> list["StepFigures"]:
        """The figures of each step of the path, the first being all that came."""
        return [
            StepFigures(
                stage=stage,
                count=self.reached[n],
                of_before=_share(self.reached[n], self.reached[n - 1]) if n else None,
                of_all=_share(self.reached[n], self.size),
                took=self.took[n - 1] if n else None,
            )
            for n, stage in enumerate(PATH)
        ]

    @property
    def sql_to_customer(self) -> float | None:
        """Of those that sales got, the fraction that bought."""
        return _share(self.reached[4], self.reached[2])


@dataclass(frozen=True)
class StepFigures:
    """One step: how many reached it, as a fraction of the step before and of all, and the median time it took."""

    stage: Stage
    count: int
    of_before: float | None
    of_all: float | None
    took: timedelta | None


@dataclass(frozen=True)
class Funnel:
    """The whole cohort, and its parts by source and by the month in which the leads came."""

    total: Cohort = Cohort()
    source: dict[str, Cohort] = field(default_factory=dict)
    month: dict[date, Cohort] = field(default_factory=dict)

    @property
    def ripens_in(self) -> timedelta:
        """How long a lead may take: in nine of ten cases customers needed no longer. Younger cohorts are immature."""
        p90 = self.total.to_customer_p90
        return p90 if p90 and self.total.reached[-1] >= ENOUGH_TO_TELL else USUAL_RIPENING


def with_steps(leads: "QuerySet[Lead]") -> "QuerySet[Lead]":
    """The leads, each with the first moment it reached each step (`mql_at` … `customer_at`), or null."""
    reached = {
        f"{step.value}_at": Min("stage_moves__at", filter=Q(stage_moves__to_stage__in=STEPS[n:]))
        for n, step in enumerate(STEPS)
    }
    return leads.annotate(**reached)


def funnel(leads: "QuerySet[Lead]", *, zone: ZoneInfo) -> Funnel:
    """Follow the leads from their coming to now; months are those of `zone`. One statement."""
    by_source: dict[str, Cohort] = {}
    by_month: dict[date, Cohort] = {}
    total = Cohort()
    for mask, source, month, *row in _counted(leads, zone):
        if mask == 3:
            total = _cohort(row)
        elif mask == 1:
            by_source[source] = _cohort(row)
        else:
            by_month[month.date()] = _cohort(row)
    return Funnel(total, by_source, by_month)


def _counted(leads: "QuerySet[Lead]", zone: ZoneInfo) -> list[Any]:
    keyed = leads.order_by().values(
        "id", "created_at", key_source=F("source"), key_month=TruncMonth("created_at", tzinfo=zone)
    )
    inner, params = with_steps(keyed).query.sql_with_params()  # type: ignore[arg-type]
    statement = f"""
        SELECT grouping(key_source, key_month), key_source, key_month, {_FIGURES} FROM ({inner}) AS leads
        GROUP BY GROUPING SETS ((), (key_source), (key_month))
    """  # noqa: S608 (only names from this module and what the ORM compiled)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _cohort(row: Sequence[Any]) -> Cohort:
    steps = len(PATH)
    spans = [timedelta(seconds=s) if s is not None else None for s in row[steps:]]
    return Cohort(reached=tuple(row[:steps]), took=tuple(spans[:-1]), to_customer_p90=spans[-1])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
