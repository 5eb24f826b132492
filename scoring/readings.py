"""How often each rule of a version fires: read only, set-wise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from leads.fact_history import facts_of
from leads.stages import Stage

from .days import workspace_day
from .definition import Model
from .explain import deeds_of
from .kernel import detail
from .models import LeadScore, ScoringModel
from .vectors import scoring_day

#: Leads whose rules are counted for the chart; more would only make it slower, not truer.
SAMPLE = 10_000


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
