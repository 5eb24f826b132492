"""What a program does: how many of those on it moved on, beside the share that got nothing, with intervals (R24)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from leads.models import StageMove
from leads.stages import Stage
from scoring.health_intervals import Interval, ratio, wilson

from .models import Enrolment, Program

STAGES = (Stage.MARKETING_QUALIFIED, Stage.SALES_QUALIFIED, Stage.OPPORTUNITY)


@dataclass(frozen=True)
class Reached:
    """One stage: how many of those on the program reached it after coming in, and how many of those held out."""

    stage: str
    label: str
    hits: int
    n: int
    held_hits: int
    held_n: int

    @property
    def share(self) -> Interval | None:
        return wilson(self.hits, self.n)

    @property
    def held_share(self) -> Interval | None:
        return wilson(self.held_hits, self.held_n)

    @property
    def times(self) -> Interval | None:
        """How many times as often as without it; None where too few are known to say."""
        return ratio(self.hits, self.n, self.held_hits, self.held_n)

    @property
    def verdict(self) -> str:
        """What may be said of it, in words."""
        if not self.held_n:
            return _("Nobody is held out, so nothing is compared.")
        if self.times is None:
            return _("Too few to compare yet.")
        if self.times.low > 1:
            return _("More often than without it.")
        return _("Less often than without it.") if self.times.high < 1 else _("No difference can be told.")


def effect_of(program: Program) -> list[Reached]:
    """Reached MQL, SQL and accepted since coming in and in that cycle, in one question.

    Nobody becomes MQL on a program that lets in MQLs only, so nothing is said of it there.
    """
    counts = {stage: Count("pk", filter=Q(Exists(_moves(stage)))) for stage in STAGES}
    rows: QuerySet[Any, Any] = Enrolment.objects.of_program(program).order_by().values("holds_out")
    found: dict[bool, dict[str, int]] = {
        row["holds_out"]: row for row in rows.annotate(n=Count("pk"), **{f"to_{s.value}": c for s, c in counts.items()})
    }
    words = {Stage.MARKETING_QUALIFIED: _("Became MQL"), Stage.SALES_QUALIFIED: _("Became SQL"), Stage.OPPORTUNITY: _("Accepted by sales")}  # fmt: skip
    none = {"n": 0, **{f"to_{stage.value}": 0 for stage in STAGES}}
    on, held, already = found.get(False, none), found.get(True, none), entered_at(program)
    return [
        Reached(stage.value, words[stage], on[f"to_{stage.value}"], on["n"], held[f"to_{stage.value}"], held["n"])
        for stage in STAGES
        if stage not in already
    ]


def entered_at(program: Program) -> tuple[str, ...]:
    """The stage of everybody who comes in, where it is one and the same; none where there are several."""
    if program.current is None:
        return ()
    entry = program.current.track.entry
    stages = (entry.stage,) if entry.by == "stage" else entry.stages
    return stages if len(stages) == 1 else ()


def _moves(stage: Stage) -> "QuerySet[StageMove]":
    return StageMove.objects.filter(
        lead=OuterRef("lead"), to_stage=stage, at__gte=OuterRef("entered_at"), cycle=OuterRef("cycle")
    )
