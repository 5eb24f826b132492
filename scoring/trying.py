"""What a model would do to all leads there are, against the published one: looked at slice by slice, nothing is stored (what-if)."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Self

import numpy as np
from django.db import connection, transaction

from leads.stages import Stage

from . import board, promotions
from .days import workspace_day
from .definition import Definitions, Model
from .definitions import Standing, leaves_mql
from .effects import KINDS, crossing
from .models import LeadScore, ScoringModel, Sweep
from .trying_sides import Rows, Sides, Whole, Work, rows_after
from .vectors import scoring_day

#: Leads looked at in one go; fewer where the facts of all must be matched, or where raw activities must and these are many.
SLICE, SMALL_SLICE, ACTIVITIES = 25_000, 5_000, 400_000
#: How many leads of each kind are named.
NAMED = 20
#: Totals of the histogram: ten points a bar; the first and the last bar hold what lies beyond.
EDGES = np.arange(-50, 160, 10)
NO_BARS = (0,) * len(EDGES)


@dataclass(frozen=True)
class Mover:
    """A lead and its total in hundredths by the one and by the other model."""

    lead: int
    before: int
    after: int


@dataclass(frozen=True)
class Movers:
    """Leads that newly meet a definition, or no longer do: how many, and the first of them, highest score first."""

    count: int = 0
    first: tuple[Mover, ...] = ()

    def __add__(self, other: "Movers") -> "Movers":
        first = sorted((*self.first, *other.first), key=lambda one: (-max(one.before, one.after), one.lead))
        return Movers(self.count + other.count, tuple(first[:NAMED]))


#: The moves that publishing makes at once, by where they lead.
MOVES = (Stage.MARKETING_QUALIFIED.value, Stage.SALES_QUALIFIED.value, Stage.LEAD.value)


@dataclass(frozen=True)
class Tried:
    """The published model against another over `leads` of all the leads there are, up to the id `upto`.

    `other` leads get another total; `before` and `after` are the bars of the histogram; `moves` counts by stage who would be
    moved at once on top of what the published model does. `mark` says what exactly was tried.
    """

    mark: str = ""
    of: int = 0
    leads: int = 0
    upto: int = 0
    ended: bool = False
    other: int = 0
    before: tuple[int, ...] = NO_BARS
    after: tuple[int, ...] = NO_BARS
    movers: Mapping[str, Movers] = field(default_factory=lambda: dict.fromkeys(KINDS, Movers()))
    moves: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(MOVES, 0))
    works: tuple[Work, ...] = ()

    def with_more(self, more: "Tried") -> Self:
        """These and the next leads."""
        works = {work.key: work for work in self.works}
        return replace(
            self,
            leads=self.leads + more.leads, upto=more.upto, other=self.other + more.other,
            before=tuple(map(sum, zip(self.before, more.before, strict=True))),
            after=tuple(map(sum, zip(self.after, more.after, strict=True))),
            movers={kind: self.movers[kind] + more.movers[kind] for kind in KINDS},
            moves={to: self.moves[to] + more.moves[to] for to in MOVES},
            works=tuple(works[work.key] + work if work.key in works else work for work in more.works),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        movers = {
            kind: Movers(one["count"], tuple(Mover(**mover) for mover in one["first"]))
            for kind, one in said["movers"].items()
        }
        bars = {name: tuple(said[name]) for name in ("before", "after")}
        return cls(**{**said, **bars, "movers": movers, "works": tuple(Work(**work) for work in said["works"])})


def effect_of(
    model: Model,
    *,
    at: datetime,
    watched: Collection[str] = (),
    so_far: Tried | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> Tried:
    """What the model would do today to all leads, or to as many as can be looked at before it is `enough`.

    `so_far` is an earlier answer to go on from; one about anything else is begun anew. `watched` are the keys of rules whose
    work is added up. Raises `TooManyClasses`. All that is read is of one moment; nothing is written.
    """
    with one_moment():
        published, day = ScoringModel.objects.published(), workspace_day(at)
        mark = _mark(model, published, day, watched)
        found = so_far if so_far and so_far.mark == mark else Tried(mark=mark, of=LeadScore.objects.count())
        sides = _sides(model, published, at, watched)
        while not found.ended:
            rows = rows_after(found.upto, size := _size(sides))
            found = found.with_more(_tried(sides, rows, at)) if len(rows.leads) else found
            found = replace(found, ended=len(rows.leads) < size)
            if enough():
                break
        return found


def movers_after(
    model: Model, kind: str, lead: int, *, at: datetime, most: int, enough: Callable[[], bool]
) -> tuple[list[Mover], int | None]:
    """Leads of one kind past a lead id, in order of id, and the id after which to go on; None where all were looked at."""
    found: list[Mover] = []
    with one_moment():
        sides = _sides(model, ScoringModel.objects.published(), at, ())
        while len((rows := rows_after(lead, _size(sides))).leads):
            before, after, _works = sides.of(rows)
            which = crossing(sides.published.definitions, before, model.definitions, after)[kind]
            found += _each(rows.leads, np.flatnonzero(which), before, after)
            lead = int(rows.leads[-1])
            if len(found) > most:
                return found[:most], found[most - 1].lead
            if enough():
                return found, lead
    return found, None


def _sides(model: Model, published: ScoringModel, at: datetime, watched: Collection[str]) -> Sides:
    day = workspace_day(at)
    ended = Sweep.objects.filter(finished_at__isnull=False).order_by("-day")
    swept = ended.values_list("day", flat=True).first()  # none while a version that was just published is swept
    holds = {"fit_holds": swept is not None, "holds": swept == day}
    return Sides(published.model, model, scoring_day(day), **holds, watched=watched)


def _size(sides: Sides) -> int:
    if not sides.takes_longer:
        return SLICE
    some = 0 if sides.matches_all_facts else ACTIVITIES / (sides.deeds_a_lead or ACTIVITIES)
    return min(SLICE, max(SMALL_SLICE, int(some)))


def _mark(model: Model, published: ScoringModel, day: Any, watched: Collection[str]) -> str:
    said = [model.fingerprint, str(published.pk), published.digest, str(day), *sorted(watched)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is of one moment, and nothing can be written; inside another transaction that one's rules hold."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _tried(sides: Sides, rows: Rows, at: datetime) -> Tried:
    before, after, works = sides.of(rows)
    was, says = sides.published.definitions, sides.model.definitions
    return Tried(
        leads=len(rows.leads),
        upto=int(rows.leads[-1]),
        other=int(np.count_nonzero(before.total != after.total)),
        before=_bars(before.total),
        after=_bars(after.total),
        movers={
            kind: _movers(rows.leads, which, before, after)
            for kind, which in crossing(was, before, says, after).items()
        },
        moves=_moves(rows, was, before, says, after, at),
        works=tuple(works),
    )


def _bars(totals: Whole) -> tuple[int, ...]:
    places = np.clip((totals // 100 - EDGES[0]) // 10, 0, len(EDGES) - 1)
    return tuple(np.bincount(places, minlength=len(EDGES)).tolist())


def _movers(leads: Whole, which: Any, before: Standing, after: Standing) -> Movers:
    places = np.flatnonzero(which)
    highest = np.maximum(before.total, after.total)[places]
    first = places[np.lexsort((leads[places], -highest))[:NAMED]]
    return Movers(len(places), tuple(_each(leads, first, before, after)))


def _each(leads: Whole, places: Whole, before: Standing, after: Standing) -> Iterator[Mover]:
    columns = (leads[places].tolist(), before.total[places].tolist(), after.total[places].tolist())
    return (Mover(*one) for one in zip(*columns, strict=True))


def _moves(
    rows: Rows, was: Definitions, before: Standing, says: Definitions, after: Standing, at: datetime
) -> dict[str, int]:
    """The moves of stage that the one model would make now and the other does not, with leave marks and cooling."""
    places = np.flatnonzero(_near_a_move(was, before, says, after))
    if not places.size:
        return dict.fromkeys(MOVES, 0)
    scores = board.read(rows.leads[places].tolist())
    cooling = np.isin(scores.leads, promotions.cooling(scores.leads.tolist(), at))
    now, then = (_called_for(scores, _at(side, places), said, cooling) for side, said in ((before, was), (after, says)))
    return {to: int(np.count_nonzero(then[to] & ~now[to])) for to in MOVES}


def _near_a_move(was: Definitions, before: Standing, says: Definitions, after: Standing) -> Any:
    """Whose stage may follow, whatever it is: the few whose stage is worth reading."""
    crossed = crossing(was, before, says, after)
    fell = _under(says, after) & (~_under(was, before) if was.mql == says.mql else True)
    return crossed["mql_in"] | crossed["sql_in"] | fell


def _under(says: Definitions, standing: Standing) -> Any:
    return leaves_mql(replace(says.mql, min_stay_days=0), standing, 0)


def _at(standing: Standing, places: Whole) -> Standing:
    columns = (standing.fit, standing.total, standing.last_active, standing.last_intent)
    fit, total, active, intent = (column[places] for column in columns)
    return Standing(fit, total, active, intent, standing.day)


def _called_for(scores: board.Board, standing: Standing, says: Definitions, cooling: Any) -> dict[str, Any]:
    """Who is to be moved, by where to."""
    found = {to: np.zeros(len(scores), bool) for to in MOVES}
    for to, _cause, which, _why in promotions.wanted(scores, standing, says):
        found[to] |= which if to == Stage.LEAD else which & ~cooling
    return found
