"""What a version would do to the real leads, and how often each rule fires: read only, set-wise."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from leads.fact_history import facts_of
from leads.stages import Stage

from . import board, matchers, store
from .days import workspace_day
from .definition import Model
from .definitions import Standing, is_mql, is_sql
from .engine import fits
from .explain import deeds_of
from .kernel import detail, engagement
from .models import LeadScore, ScoringModel
from .vectors import scoring_day

#: Leads whose rules are counted for the chart; more would only make it slower, not truer.
SAMPLE = 10_000
#: Totals of the histogram: ten points a bar, the first and last bar hold what lies beyond.
EDGES = np.arange(-50, 160, 10)


@dataclass
class Preview:
    """The published version against another one, over all leads. Counts are leads that qualify now."""

    leads: int = 0
    now: Any = field(default_factory=lambda: np.zeros(len(EDGES), np.int64))
    then: Any = field(default_factory=lambda: np.zeros(len(EDGES), np.int64))
    mql_in: int = 0
    mql_out: int = 0
    sql_in: int = 0
    sql_out: int = 0

    def chart(self) -> dict[str, Any]:
        """Both distributions for the histogram."""
        return {
            "type": "histogram",
            "categories": [str(int(edge)) for edge in EDGES],
            "series": [
                {"name": _("Published"), "data": self.now.tolist(), "tone": "compare"},
                {"name": _("This version"), "data": self.then.tolist(), "tone": "accent"},
            ],
            "unit": "",
        }


def preview(version: ScoringModel, now: datetime) -> Preview | None:
    """What would change; None where the version looks for deeds that vectors do not know yet (they learn at publishing)."""
    if not matchers.knows(version.model):
        return None
    published, day, found = ScoringModel.objects.published(), workspace_day(now), Preview()
    for ids in board.chunks():
        before = _standing(published.model, ids, scoring_day(day))
        after = _standing(version.model, ids, scoring_day(day))
        _compare(found, published.model, before, version.model, after)
    return found


def _standing(model: Model, ids: list[int], day: int) -> Standing:
    matched = fits(model, ids)
    fit = np.array([matched.get(lead, 0) for lead in ids], np.int64)
    deeds = engagement(matchers.plan_for(model), store.read(ids), day)
    return Standing(fit, fit + deeds.total, deeds.last_active, deeds.last_intent, day)


def _compare(found: Preview, old: Model, before: Standing, new: Model, after: Standing) -> None:
    found.leads += len(before.total)
    found.now += _spread(before.total)
    found.then += _spread(after.total)
    for name, test in (("mql", is_mql), ("sql", is_sql)):
        was = test(getattr(old.definitions, name), before)
        becomes = test(getattr(new.definitions, name), after)
        setattr(found, f"{name}_in", getattr(found, f"{name}_in") + int(np.count_nonzero(becomes & ~was)))
        setattr(found, f"{name}_out", getattr(found, f"{name}_out") + int(np.count_nonzero(was & ~becomes)))


def _spread(totals: Any) -> Any:
    places = np.clip((totals // 100 - EDGES[0]) // 10, 0, len(EDGES) - 1)
    return np.bincount(places, minlength=len(EDGES))


@dataclass(frozen=True)
class RuleUse:
    """How a rule works among the leads looked at: how many it fires for, and how many of these sales took or won."""

    key: str
    title: str
    points: int
    leads: int
    share: float
    won: int


def uses(version: ScoringModel, now: datetime) -> tuple[list[RuleUse], int]:
    """Each rule with how many of the latest leads it fires for, and how many leads that were; strongest first (R11)."""
    rows = list(LeadScore.objects.order_by("-lead_id").values_list("lead_id", "stage")[:SAMPLE])[::-1]
    ids = [row[0] for row in rows]
    taken = np.isin([row[1] for row in rows], [Stage.SALES_QUALIFIED, Stage.OPPORTUNITY, Stage.CUSTOMER])
    model, fired = version.model, dict(_fired(version.model, ids, scoring_day(workspace_day(now))))
    found = [
        RuleUse(
            rule.key, rule.title, rule.points, int(fired[rule.key].sum()), float(fired[rule.key].mean()) if ids else 0.0,
            int((fired[rule.key] & taken).sum()),
        )
        for rule in model.rules
        if rule.key in fired
    ]  # fmt: skip
    return sorted(found, key=lambda use: -use.points), len(ids)


def _fired(model: Model, ids: list[int], day: int) -> Iterator[tuple[str, Any]]:
    """For each rule, whether it fires for each of the leads."""
    plan, vectors = deeds_of(model, ids)
    events = detail(plan, vectors, day).events
    for row, rule in enumerate(plan.rules):
        yield rule.key, events[row] > 0
    facts = facts_of(ids)
    for fit_rule in model.fit_rules:
        yield fit_rule.key, np.fromiter((fit_rule.matches(facts[lead]) for lead in ids), bool, len(ids))
