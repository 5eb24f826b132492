"""Where leads stood by a version of the scoring model, each at a moment of its own, with what was recorded by then (R10, R13)."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from django.db.models import F, QuerySet

from leads.conditions import Facts
from leads.models import Activity
from scoring.cuts import Cuts
from scoring.days import workspace_day
from scoring.definition import FitRule, Model
from scoring.definitions import Standing
from scoring.fit import fit_totals
from scoring.kernel import engagement
from scoring.matchers import plan_of, queries_of
from scoring.models_cut import Cut
from scoring.store import packed_for
from scoring.vectors import scoring_day

from .replay_moments import Moment

Whole = npt.NDArray[np.int64]


def standing_at(model: Model, moments: Sequence[Moment], facts: Sequence[Facts]) -> Standing:
    """Where each lead stood at its moment; `facts` are those of that moment.

    Deeds count that happened and were recorded by then. Statements do not grow with moments; a lead that came round
    again takes one more round.
    """
    fit = _fit(model, facts)
    columns = [np.zeros(len(moments), np.int64), *(np.full(len(moments), -1, np.int64) for _last in range(2))]
    days = np.array([scoring_day(workspace_day(moment.at)) for moment in moments], np.int64)
    for places in _rounds(moments):
        classes, packed = packed_for(queries_of(model), _known_by([moments[place].move for place in places]))
        vectors = packed.of([moments[place].lead for place in places])
        vectors = vectors.with_cuts(_cuts_before([moments[place] for place in places]))
        found = engagement(plan_of(model, classes), vectors, days[places])
        for column, figures in zip(columns, (found.total, found.last_active, found.last_intent), strict=True):
            column[places] = figures
    deeds, active, intent = columns
    return Standing(fit, fit + deeds, active, intent, days)


def _cuts_before(moments: Sequence[Moment]) -> Cuts | None:
    """The cuts that sales had made before, by place; a lead that is sent back later counted in full."""
    place = {moment.lead: n for n, moment in enumerate(moments)}
    rows = Cut.objects.filter(lead__in=place).values_list("lead_id", "day", "share", "at")
    made = [(place[lead], scoring_day(day), share) for lead, day, share, at in rows if at < moments[place[lead]].at]
    return Cuts.of(*zip(*made, strict=True)) if made else None


def _fit(model: Model, facts: Sequence[Facts]) -> Whole:
    matches = np.array([_matching(rule, facts) for rule in model.fit_rules], bool)
    return fit_totals(model, matches.reshape(len(model.fit_rules), len(facts)))


def _matching(rule: FitRule, facts: Sequence[Facts]) -> list[bool]:
    """Whether the rule matches each; facts that say the same to it are asked once, since leads are much alike."""
    fields = sorted({condition.field for condition in rule.when})
    said = [repr([known.get(field) for field in fields]) for known in facts]
    met = {words: rule.matches(known) for words, known in dict(zip(said, facts, strict=True)).items()}
    return [met[words] for words in said]


def _rounds(moments: Sequence[Moment]) -> list[Whole]:
    """The places of the moments in rounds in which no lead stands twice; in each in rising order of lead."""
    seen: Counter[int] = Counter()
    rounds: list[list[int]] = []
    for place, moment in enumerate(moments):
        if seen[moment.lead] == len(rounds):
            rounds.append([])
        rounds[seen[moment.lead]].append(place)
        seen[moment.lead] += 1
    return [np.array(sorted(places, key=lambda place: moments[place].lead), np.int64) for places in rounds]


def _known_by(moves: Sequence[int]) -> "QuerySet[Activity]":
    """The activities that had happened and were recorded when their lead made its move."""
    moment = F("lead__stage_moves__at")
    return Activity.objects.filter(lead__stage_moves__in=moves, occurred_at__lte=moment, recorded_at__lte=moment)
