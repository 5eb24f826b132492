"""A lead's score day by day, from its first day to half a year ahead, and the days on which its stage moved or will move."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from leads.conditions import Facts
from leads.fact_history import FactHistory
from leads.models import Activity, Lead, StageMove
from leads.stages import Stage

from .days import end_of, workspace_day
from .definition import Model
from .definitions import Standing
from .explain import deeds_of
from .fit import fit_of, matching
from .forecast import HORIZON, MoveAhead, forecast, moves_ahead, standings, still_counting
from .ledger import Ledger, explain
from .models import ScoringModel
from .points import whole_points
from .vectors import FIRST_DAY, LAST_SCORING_DAY, scoring_day

Whole = npt.NDArray[np.int64]
#: How far ahead, in days, slider and curve go.
AHEAD = 180
#: How many days the curve has at most; fewer for a lead with very many deeds, each of which is counted on every day.
MOST_POINTS, LEAST_POINTS, DEEDS = 360, 60, 400_000


@dataclass(frozen=True)
class Mark:
    """A move of stage on the curve: a past one, with its row, or one that the score will make by itself."""

    day: date
    before: str
    after: str
    total: int | None
    move: StageMove | None = None


class LeadPath:
    """One lead's score through time by one version; deeds, facts and moves are read when first asked for."""

    def __init__(self, lead: Lead, *, version: ScoringModel, today: date) -> None:
        self.lead, self.version, self.model = lead, version, version.model
        self.today, self.now = today, scoring_day(today)
        self.plan, vectors = deeds_of(self.model, [lead.pk])
        self.entries, self.cuts = vectors.entries, vectors.cuts

    @cached_property
    def first(self) -> date:
        """The first day of which anything is known: its first deed, or the day it came."""
        moments = Activity.objects.filter(lead=self.lead).order_by("occurred_at").values_list("occurred_at", flat=True)
        known = filter(None, (moments.first(), self.lead.created_at))
        return min(max(FIRST_DAY, min(map(workspace_day, known))), self.today)

    @property
    def last(self) -> date:
        return min(self.today + timedelta(days=AHEAD), LAST_SCORING_DAY)

    @cached_property
    def moved(self) -> list[StageMove]:
        """The moves there were, the latest first."""
        return list(self.lead.stage_moves.all())

    def stage_on(self, day: date) -> str:
        """The stage at the end of the day; for a day that is still to come, if nothing happens."""
        if day > self.today:
            coming = [move.after for move in self.moves_ahead if move.day <= scoring_day(day)]
            return coming[-1] if coming else self.lead.stage
        before = next((move.to_stage for move in self.moved if workspace_day(move.at) <= day), None)
        return before or (self.moved[-1].from_stage if self.moved else self.lead.stage)

    @cached_property
    def fit(self) -> int:
        return int(self.fits([self.today])[0])

    def fits(self, days: list[date]) -> Whole:
        """Fit on each of the rising days, with the facts of the end of the day."""
        known, fits = None, list[int]()
        for facts in self._facts(days):
            fits.append(fits[-1] if facts is known else fit_of(self.model, matching(self.model, facts)))
            known = facts
        return np.array(fits, np.int64)

    def _facts(self, days: list[date]) -> list[Facts]:
        return self._history.through([end_of(day) for day in days])

    @cached_property
    def _history(self) -> FactHistory:
        return FactHistory(self.lead)

    def ledger_on(self, day: date) -> Ledger:
        """The ledger of any day; raises `DayOutOfRange`."""
        matches = matching(self.model, self._facts([day])[0])
        return explain(self.plan, matches, self.entries, scoring_day(day), self.cuts)

    @cached_property
    def ahead(self) -> Standing:
        """Where it stands on each day of the year to come if nothing happens."""
        last = min(self.now + HORIZON, scoring_day(LAST_SCORING_DAY))
        entries = still_counting(self.plan, self.entries, self.now)
        return standings(self.plan, entries, self.fit, np.arange(self.now + 1, last + 1), self.cuts)

    @property
    def cools_until(self) -> date | None:
        """The day whose sweep may promote it again, where sales sent it back for a time that is not over."""
        if self.lead.cooling_until is None:
            return None
        on = workspace_day(self.lead.cooling_until - timedelta(microseconds=1)) + timedelta(days=1)
        return on if on > self.today else None

    @cached_property
    def moves_ahead(self) -> list[MoveAhead]:
        """The moves that the score will make by itself within a year, if nothing happens."""
        return moves_ahead(
            self.model.definitions, self.ahead, stage=self.lead.stage,
            since=_number(workspace_day(self.lead.stage_since)),
            not_before=_number(self.cools_until) if self.cools_until else 0,
        )  # fmt: skip

    @cached_property
    def marks(self) -> list[Mark]:
        """All moves, past and coming, in order of day."""
        past = [Mark(workspace_day(one.at), one.from_stage, one.to_stage, one.total, one) for one in self.moved[::-1]]
        coming = [
            Mark(FIRST_DAY + timedelta(days=one.day), one.before, one.after, self._total_on(one.day))
            for one in self.moves_ahead
        ]
        return past + coming

    def _total_on(self, day: int) -> int:
        return int(self.ahead.total[day - self.now - 1])

    @cached_property
    def days(self) -> list[date]:
        """The days of the curve: evenly spread, with today and the days of all marks."""
        first, last = scoring_day(self.first), scoring_day(self.last)
        most = int(np.clip(DEEDS // max(len(self.entries), 1), LEAST_POINTS, MOST_POINTS))
        marked = [day for mark in self.marks if first <= (day := _number(mark.day)) <= last]
        spread = np.arange(first, last + 1, -(-(last - first + 1) // most))
        return [FIRST_DAY + timedelta(days=day) for day in sorted({*spread.tolist(), *marked, self.now, last})]

    @cached_property
    def totals(self) -> list[int]:
        """The score on each of `days`, in hundredths."""
        past = [day for day in self.days if day <= self.today]
        fit = np.concatenate([self.fits(past), np.full(len(self.days) - len(past), self.fit)])
        days = [scoring_day(day) for day in self.days]
        return (forecast(self.plan, self.entries, days, self.cuts).total + fit).tolist()


def _number(day: date) -> int:
    """The number of a day that may lie outside what the engine can place."""
    return (day - FIRST_DAY).days


def curve(path: LeadPath) -> dict[str, Any]:
    """The path as a chart: what was, what will be if nothing happens, and the days on which the stage moves."""
    points = list(zip(path.days, map(whole_points, path.totals), strict=True))
    return {
        "type": "line",
        "categories": [str(day) for day, _total in points],
        "series": [
            {"name": _("Score"), "data": [total if day <= path.today else None for day, total in points], "tone": "accent"},
            {"name": _("If nothing happens"), "data": [total if day >= path.today else None for day, total in points], "tone": "compare"},
        ],
        "unit": _("points"),
        "targets": _marks_of(path.model),
        "moments": [
            {"at": str(mark.day), "name": str(Stage(mark.after).label)} for mark in path.marks if path.first <= mark.day <= path.last
        ],
    }  # fmt: skip


def _marks_of(model: Model) -> list[dict[str, Any]]:
    says = model.definitions
    marks = ((says.mql.total, "MQL"), (says.sql.total, "SQL"))
    return [{"value": whole_points(mark), "name": name} for mark, name in marks if mark is not None]


def table(path: LeadPath, *, most: int = 24) -> list[tuple[date, int]]:
    """Days of the curve and totals in hundredths, few enough to be read."""
    rows = list(zip(path.days, path.totals, strict=True))
    return rows[:: max(1, -(-len(rows) // most))]
