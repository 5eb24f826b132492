"""Which MQLs fall back soon if nothing happens, and on which day: the kernel asked for the next two weeks at once."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from leads.stages import Stage
from scoring import store
from scoring.kernel import engagement
from scoring.matchers import plan_for
from scoring.models import LeadScore, ScoringModel
from scoring.vectors import scoring_day

#: How many days ahead, and how far above the leave mark, in hundredths of a point, an MQL is looked at.
DAYS, NEAR, LOOKED_AT = 14, 3_000, 500


@dataclass(frozen=True)
class Fading:
    """An MQL and the day on which its total lies under the leave mark if nothing happens."""

    score: LeadScore
    on: date


def fading_soon(today: date) -> list[Fading]:
    """The MQLs that leave within two weeks, the soonest first; none where the model knows no leave mark."""
    model = ScoringModel.objects.published().model
    mark = model.definitions.mql.leave_total
    if mark is None:
        return []
    scores = list(_near(mark))
    vectors, plan = store.read([score.lead_id for score in scores]), plan_for(model)
    fit = np.array([score.fit for score in scores], np.int64)
    found: dict[int, Fading] = {}
    for ahead in range(1, DAYS + 1):
        day = today + timedelta(days=ahead)
        totals = fit + engagement(plan, vectors, scoring_day(day)).total if scores else fit
        for place in np.flatnonzero(totals < mark).tolist():
            found.setdefault(place, Fading(scores[place], day))
    return sorted(found.values(), key=lambda fading: (fading.on, fading.score.total))


def _near(mark: int) -> list[LeadScore]:
    """Only leads whose deeds still count can fade."""
    held = LeadScore.objects.filter(stage=Stage.MARKETING_QUALIFIED, total__lt=mark + NEAR, engagement__gt=0)
    return list(held.select_related("lead__company").order_by("total", "lead_id")[:LOOKED_AT])
