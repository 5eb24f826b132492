"""The flap report: leads that the score moved to MQL and back, and how often that happens (hysteresis: product.md §3, §4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, DateTimeField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import TruncWeek

from leads.models import Lead, StageMove
from leads.paging import Order, Page
from leads.stages import Cause, Stage

LEAD, MQL = Stage.LEAD.value, Stage.MARKETING_QUALIFIED.value
#: So many moves by score between lead and MQL within the days looked at make a lead one that flaps.
FEWEST_MOVES = 3
#: The days that can be looked at, the first by default.
PERIODS = (30, 90, 180)
#: How soon a promotion must come back to be counted as having come back.
SOON, LATER = 7, 30
WEEKS = 12
MOST_MOVES_FIRST = Order({"moves": int, "pk": int}, descending=True)


def moves_by_score() -> "QuerySet[StageMove]":
    """Moves between lead and MQL that the score made."""
    there_and_back = Q(from_stage=LEAD, to_stage=MQL) | Q(from_stage=MQL, to_stage=LEAD)
    return StageMove.objects.filter(there_and_back, cause=Cause.SCORE).order_by()


def flapping(leads: "QuerySet[Lead]", *, since: datetime) -> "QuerySet[Lead, Any]":
    """Of these leads those that the score moved at least three times since then, with `moves`."""
    often = moves_by_score().filter(at__gte=since).values("lead").annotate(moves=Count("pk"))
    of_lead = often.filter(lead=OuterRef("pk")).values("moves")
    flappy = often.filter(moves__gte=FEWEST_MOVES).values("lead")
    return leads.filter(pk__in=flappy).annotate(moves=Subquery(of_lead)).select_related("company")


@dataclass(frozen=True)
class Step:
    """One move: where to, when, at which score (hundredths), by which version, and how many days after the one before."""

    to: str
    at: datetime
    total: int | None
    version: int | None
    days: float | None


@dataclass(frozen=True)
class Flapper:
    """A lead that flaps and its moves, oldest first."""

    lead: Lead
    steps: list[Step]


def page_of(leads: "QuerySet[Lead]", *, since: datetime, asked: Mapping[str, str]) -> tuple[Page, list[Flapper]]:
    """A page of flapping leads, most moves first, with their moves: two queries."""
    page = Page.of(flapping(leads, since=since), MOST_MOVES_FIRST, asked)
    return page, _with_steps(page.rows, since)


def _with_steps(leads: Iterable[Lead], since: datetime) -> list[Flapper]:
    moves: dict[int, list[StageMove]] = {lead.pk: [] for lead in leads}
    for move in moves_by_score().filter(lead__in=list(moves), at__gte=since).order_by("at", "pk"):
        moves[move.lead_id].append(move)
    return [Flapper(lead, _steps(moves[lead.pk])) for lead in leads]


def _steps(moves: list[StageMove]) -> list[Step]:
    apart = [None, *((later.at - earlier.at) / timedelta(days=1) for earlier, later in pairwise(moves))]
    return [
        Step(move.to_stage, move.at, move.total, move.model_version, days)
        for move, days in zip(moves, apart, strict=True)
    ]


def promotions(*, since: datetime) -> "QuerySet[StageMove, Any]":
    """Promotions by score since then, with `back`: when the score took the lead back, null where it did not."""
    left = StageMove.objects.filter(lead=OuterRef("lead"), from_stage=MQL, at__gt=OuterRef("at")).order_by("at", "pk")
    when = Case(When(to_stage=LEAD, cause=Cause.SCORE, then=F("at")), output_field=DateTimeField())
    found = moves_by_score().filter(to_stage=MQL, at__gte=since)
    return found.annotate(back=Subquery(left.annotate(back=when).values("back")[:1]))


@dataclass(frozen=True)
class Returns:
    """Of one version's promotions old enough to tell those that came back within 7 and within 30 days."""

    version: int | None
    promotions: int
    old_enough_7: int
    back_7: int
    old_enough_30: int
    back_30: int

    @property
    def share_7(self) -> float | None:
        return self.back_7 / self.old_enough_7 if self.old_enough_7 else None

    @property
    def share_30(self) -> float | None:
        return self.back_30 / self.old_enough_30 if self.old_enough_30 else None


def returns_by_version(now: datetime, *, days: int) -> list[Returns]:
    """What came of the promotions of the last days, newest version first; one query."""
    rows = promotions(since=now - timedelta(days=days)).values("model_version").annotate(
        promotions=Count("pk"),
        old_enough_7=Count("pk", filter=_old_enough(now, SOON)),
        back_7=Count("pk", filter=_old_enough(now, SOON) & _back_within(SOON)),
        old_enough_30=Count("pk", filter=_old_enough(now, LATER)),
        back_30=Count("pk", filter=_old_enough(now, LATER) & _back_within(LATER)),
    )  # fmt: skip
    newest_first = rows.order_by(F("model_version").desc(nulls_last=True))
    return [Returns(*row) for row in newest_first.values_list("model_version", *_COUNTED)]


_COUNTED = ("promotions", "old_enough_7", "back_7", "old_enough_30", "back_30")


def _old_enough(now: datetime, days: int) -> Q:
    return Q(at__lte=now - timedelta(days=days))


def _back_within(days: int) -> Q:
    return Q(back__lte=ExpressionWrapper(F("at") + timedelta(days=days), output_field=DateTimeField()))


@dataclass(frozen=True)
class Week:
    """The promotions that came back in one week (named by its Monday) within 30 days of being made."""

    monday: date
    flaps: int


def flaps_by_week(now: datetime) -> list[Week]:
    """The last twelve weeks, oldest first, the running one last; one query."""
    zone = settings.WORKSPACE_ZONE
    today = now.astimezone(zone).date()
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=n) for n in range(WEEKS - 1, -1, -1)]
    first = datetime.combine(mondays[0], datetime.min.time(), zone)
    came_back = promotions(since=first - timedelta(days=LATER)).filter(_back_within(LATER) & Q(back__gte=first))
    rows = came_back.annotate(week=TruncWeek("back", tzinfo=zone)).values("week").annotate(flaps=Count("pk")).order_by()
    counted = {row["week"].date(): row["flaps"] for row in rows}
    return [Week(monday, counted.get(monday, 0)) for monday in mondays]
