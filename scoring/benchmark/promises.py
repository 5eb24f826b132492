"""The promises of quality.md §6, each measured against a floor or another way in the same run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

import numpy as np
from django.db import connection

from leads.models import Activity, Lead
from leads.paging import Order, Page, Place
from scoring import board, explain, store, sweep
from scoring.days import workspace_day
from scoring.definition_reading import parse
from scoring.kernel import engagement
from scoring.matchers import matcher_key, plan_for, queries_of
from scoring.models import LeadScore, ScoringModel
from scoring.trying import effect_of
from scoring.vectors import scoring_day

from .clock import Taken, peak_megabytes, timed
from .data import NOW
from .one_statement import engagement_statement
from .orm_loop import engagement_of

TODAY = workspace_day(NOW)
LOOPED = 2_000
NEW_DEEDS = 10_000
FAR = 6_000
TRIED = "page-/pricing"
#: A rule that no vector knows, about one page in a hundred.
NEW_RULE: dict[str, Any] = {
    "key": "new", "group": "web", "points": 7, "fade": {"kind": "never"}, "count": {"kind": "every"},
    "activity": {"types": ["page_visit"], "when": [{"field": "path", "op": "starts_with", "value": "/pricing/3"}]},
}  # fmt: skip
FLOOR = "SELECT count(*), sum(n) FROM (SELECT lead_id, count(*) AS n FROM leads_activity GROUP BY lead_id) AS q"
BY_INDEX = ("enable_seqscan", "enable_bitmapscan", "enable_hashagg")
BY_HASH = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan", "enable_sort")


@dataclass(frozen=True)
class Kept:
    """One promise: what was measured, against what, and the ratio that is allowed (`at_most`) or asked for (`at_least`)."""

    code: str
    promise: str
    measured: str
    ratio: float
    limit: float
    at_most: bool = True

    @property
    def ok(self) -> bool:
        return self.ratio <= self.limit if self.at_most else self.ratio >= self.limit


def run_sql(statement: Any, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def without(*ways: str) -> Callable[[], None]:
    """Forbid the planner these ways and extra processes, so that one session does all the work."""

    def set_up() -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ALL; SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '256MB'")
            for way in ways:
                cursor.execute(f"SET {way} = off")

    return set_up


class Bench:
    """The measurements, on a filled database whose leads are all scored for today."""

    def __init__(self, leads: int) -> None:
        self.leads = leads
        self.version = ScoringModel.objects.published()
        self.model = self.version.model
        self.floor = timed(lambda: run_sql(FLOOR), before=without(*BY_INDEX))
        without()()
        self.compute = timed(self.score_all)

    def score_all(self, most: int | None = None) -> int:
        """What a full recalculation computes: vectors read and scored, chunk by chunk."""
        plan, day, done = plan_for(self.model), scoring_day(TODAY), 0
        for start in range(1, (most or self.leads) + 1, board.CHUNK):
            ids = range(start, min(start + board.CHUNK, (most or self.leads) + 1))
            done += len(engagement(plan, store.read(ids), day).total)
        return done

    def promises(self) -> Iterator[Kept]:
        """In order, each measured when asked for."""
        yield from self.full_recalculation()
        yield from self.other_ways()
        yield self.touched_leads()
        yield self.ledgers()
        yield self.pages()
        if self.leads >= 100_000:  # of fewer leads only the cost of asking a dozen small questions is told
            yield from (self.what_if(), self.what_if_of_something_new())
        yield from self.daily_sweep()
        if self.leads >= 1_000_000:
            yield from self.ten_times_the_data()

    def full_recalculation(self) -> Iterator[Kept]:
        hashed = timed(lambda: run_sql(FLOOR), 3, before=without(*BY_HASH))
        without()()
        said = f"{in_seconds(self.compute)} / {in_seconds(self.floor)}"
        yield Kept("P1", "full recalculation, floor: index-only GROUP BY", said, self.compute.cpu / self.floor.cpu, 1.5)
        said = f"{in_seconds(self.compute)} / {in_seconds(hashed)}"
        yield Kept("P1", "full recalculation, hash aggregate over raw rows", said, self.compute.cpu / hashed.cpu, 0.5)

    def other_ways(self) -> Iterator[Kept]:
        statement = engagement_statement(self.model, TODAY)
        one = timed(lambda: run_sql(statement), 1)
        said = f"{in_seconds(self.compute)} / {in_seconds(one)}"
        yield Kept("P2", "faster than one compiled SQL statement", said, one.cpu / self.compute.cpu, 8, at_most=False)
        looped = timed(self.loop, 1)
        whole = Taken(looped.wall * self.leads / LOOPED, looped.cpu * self.leads / LOOPED)
        said = f"{in_seconds(self.compute)} / {in_seconds(whole)}"
        yield Kept(
            "P2",
            "faster than an ORM loop per lead (extrapolated)",
            said,
            whole.cpu / self.compute.cpu,
            300,
            at_most=False,
        )

    def loop(self) -> int:
        """A sample of leads from all over."""
        step = max(1, self.leads // LOOPED)
        some = Lead.objects.filter(id__in=range(3, self.leads + 1, step)).order_by("id")[:LOOPED]
        return sum(engagement_of(lead, self.model, TODAY) for lead in some)

    def touched_leads(self) -> Kept:
        """The leads of 10,000 new activities, from their vectors and from their raw rows."""
        touched = np.unique(np.random.default_rng(7).integers(1, self.leads + 1, NEW_DEEDS)).tolist()
        plan, day = plan_for(self.model), scoring_day(TODAY)
        packed = timed(lambda: engagement(plan, store.read(touched), day))
        statement = engagement_statement(self.model, TODAY, of_leads=True)
        raw = timed(lambda: run_sql(statement, [touched]), 3)
        said = f"{in_seconds(packed)} / {in_seconds(raw)}"
        return Kept(
            "P4", "10,000 new activities: touched leads against raw rows", said, raw.cpu / packed.cpu, 3, at_most=False
        )

    def ledgers(self) -> Kept:
        """The lead with 10,000 activities against the one with 10."""
        busy, quiet = (Lead.objects.get(pk=pk) for pk in (1, 2))
        much = timed(lambda: explain.ledger_of(busy, day=TODAY), 21)
        little = timed(lambda: explain.ledger_of(quiet, day=TODAY), 21)
        said = f"{in_seconds(much)} / {in_seconds(little)}"
        return Kept("P5", "ledger of a lead with 10,000 activities against 10", said, much.wall / little.wall, 3)

    def pages(self) -> Kept:
        """A page of the best leads, far down and at the top."""
        rows = LeadScore.objects.select_related("lead__company", "owner")
        order, size = Order({"total": int, "lead_id": int}, descending=True), max(1, min(50, self.leads // FAR))
        last = order.rows(rows)[(FAR - 1) * size - 1]
        there = Place(0, order.place_of(last)).cursor()
        deep = timed(lambda: Page.of(rows, order, {"after": there}, size=size), 21)
        top = timed(lambda: Page.of(rows, order, {}, size=size), 21)
        said = f"{in_seconds(deep)} / {in_seconds(top)}"
        return Kept("P7", "page 6,000 of leads by score against page 1", said, deep.wall / top.wall, 3)

    def what_if(self) -> Kept:
        """Other points for one rule, on all leads: histogram, movers, and what the rule does."""
        document = self.model.to_document()
        document["rules"] = [rule | {"points": 9} if rule["key"] == TRIED else rule for rule in document["rules"]]
        changed = parse(document)
        tried = timed(lambda: effect_of(changed, at=NOW, watched=[TRIED]))
        said = f"{in_seconds(tried)} / {in_seconds(self.compute)}"
        return Kept("P8", "what-if with changed points, full recalculation", said, tried.cpu / self.compute.cpu, 2)

    def what_if_of_something_new(self) -> Kept:
        """One more rule that looks for what vectors do not know, for ever, against counting its deeds among all there are."""
        document = self.model.to_document()
        document["rules"].append(NEW_RULE)
        changed = parse(document)
        tried = timed(lambda: effect_of(changed, at=NOW, watched=[NEW_RULE["key"]]))
        counted = timed(
            Activity.objects.filter(queries_of(changed)[matcher_key(changed.engagement_rules[-1].deed)]).count
        )
        said = f"{in_seconds(tried)} / {in_seconds(counted)}"
        return Kept("P8", "what-if with a new condition, counting its deeds", said, tried.cpu / counted.cpu, 3)

    def daily_sweep(self) -> Iterator[Kept]:
        """The next days, one a run: scores computed, differing rows written, stages moved; and the most memory it takes."""
        days: Iterator[date] = iter([TODAY + timedelta(days=n) for n in range(1, 5)])
        written: list[int] = []

        def sweep_next() -> None:
            day = next(days)
            written.append(sweep.score_day(day, at=NOW + (day - TODAY)).written)

        swept = timed(sweep_next, 3)
        said = f"{in_seconds(swept)} / {in_seconds(self.floor)}, {100 * median(written) / self.leads:.0f} % of rows written"
        yield Kept("P3", "daily sweep with write-back and stage moves, floor", said, swept.cpu / self.floor.cpu, 4)
        peak = peak_megabytes(sweep_next)
        yield Kept("P3", "peak memory of a sweep, in megabytes", f"{peak:.0f} MB, benchmark included", peak, 300)

    def ten_times_the_data(self) -> Iterator[Kept]:
        whole, tenth = timed(self.score_all), timed(lambda: self.score_all(self.leads // 10))  # in the same minute
        said = f"{in_seconds(whole)} / {in_seconds(tenth)}"
        yield Kept("P6", "ten times the data", said, whole.cpu / tenth.cpu, 12)
        few, many = peak_megabytes(lambda: self.score_all(self.leads // 10)), peak_megabytes(self.score_all)
        yield Kept("P6", "peak memory for ten times the data", f"{many:.0f} MB / {few:.0f} MB", many / few, 1.5)


def in_seconds(taken: Taken) -> str:
    """Processor and wall seconds: 0.31 (0.52) s."""
    return f"{taken.cpu:.3g} ({taken.wall:.3g}) s"
