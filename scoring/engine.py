"""Scores of sets of leads: fit by the database, engagement by the kernel, differences written, stages moved (R7, R9, R15)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import Case, IntegerField, Value, When
from django.db.models.functions import Greatest, Least

from leads.condition_fields import LEAD_FIELDS
from leads.condition_queries import as_query
from leads.fact_history import facts_of
from leads.models import Lead

from . import board, store
from . import promotions as promotions_of
from .board import Whole
from .columns import numbers
from .days import end_of
from .definition import FIT, Definitions, FitRule, Model, clip
from .definitions import Standing
from .effects import Effect, effect_between
from .fit import fit_of, matching
from .kernel import engagement
from .matchers import Same, plan_for
from .models import ScoringModel
from .vectors import scoring_day


@dataclass(frozen=True)
class Scored:
    """What a run did: leads looked at, score rows written, stage moves made; what a new version changed, where that was asked."""

    leads: int = 0
    written: int = 0
    moved: int = 0
    effect: Effect = field(default=Effect(), compare=False)

    def __add__(self, other: "Scored") -> "Scored":
        done = self.leads + other.leads, self.written + other.written, self.moved + other.moved
        return Scored(*done, self.effect + other.effect)


def fits(model: Model, lead_ids: Sequence[int]) -> dict[int, int]:
    """Fit in hundredths by lead id, matched set-wise by the database."""
    query, params = _fit_query(model.fingerprint, Same(model))
    found = numbers(f"SELECT * FROM ({query}) AS f (id, fit) WHERE id = ANY(%s)", [*params, list(lead_ids)], columns=2)  # noqa: S608
    return dict(zip(*(column.tolist() for column in found), strict=True))


@lru_cache(maxsize=8)
def _fit_query(_document: str, same: Same) -> tuple[str, tuple[Any, ...]]:
    """The fit of every lead as a query and its parameters; writing it takes longer than answering it for a few leads."""
    rows = Lead.objects.order_by().annotate(fit_points=_fit(same.model)).values_list("id", "fit_points")
    query, params = rows.query.sql_with_params()
    return query, tuple(params)


def fits_on(model: Model, lead_ids: Sequence[int], day: date, changed: Collection[int]) -> Whole:
    """Fit in hundredths of each lead, with the facts of those that `changed` since as they stood at the end of the day."""
    found = fits(model, lead_ids)
    since = sorted(set(lead_ids) & set(changed))
    facts = facts_of(since, before=end_of(day)) if since else {}
    found |= {lead: fit_of(model, matching(model, known)) for lead, known in facts.items()}
    return np.array([found[lead] for lead in lead_ids], np.int64)


def _fit(model: Model) -> object:
    """The fit of a lead as one expression: rules, group floors and caps, axis floor and cap, as `scoring.fit` does."""
    total: object = Value(0)
    for group in model.groups_of(FIT):
        members: object = Value(0)
        for rule in model.fit_rules:
            members = members + _points(rule) if rule.group == group.key else members  # type: ignore[operator]
        total = total + _clipped(members, group.floor, group.cap)  # type: ignore[operator]
    return _clipped(total, model.fit.lowest, model.fit.highest)


def _points(rule: FitRule) -> Case:
    query = as_query(rule.when, LEAD_FIELDS)
    return Case(
        When(query, then=Value(clip(rule.points, *rule.floor_and_cap))), default=Value(0), output_field=IntegerField()
    )


def _clipped(value: object, floor: int | None, cap: int | None) -> object:
    value = value if floor is None else Greatest(value, Value(floor), output_field=IntegerField())
    return value if cap is None else Least(value, Value(cap), output_field=IntegerField())


def standing_of(model: Model, lead_ids: Sequence[int], day: date, fit: Whole) -> tuple[Standing, Whole, board.Texts]:
    """Where these leads stand on a day with the given fit; also their engagement and labels."""
    number = scoring_day(day)
    found = engagement(plan_for(model), store.read(lead_ids), number)
    labels = board.labels(fit, found.total, model.fit.labels, model.engagement.labels)
    return Standing(fit, fit + found.total, found.last_active, found.last_intent, number), found.total, labels


def rescore(  # noqa: PLR0913 - a run has that many sides; most have a default
    lead_ids: Sequence[int],
    *,
    day: date,
    at: datetime,
    refit: bool,
    move: bool = True,
    version: ScoringModel | None = None,
    changed: Collection[int] = (),
    was: Definitions | None = None,
) -> Scored:
    """Score these leads as of a day and move their stages at a moment. The caller holds the scoring lock.

    `refit` matches their facts anew, where they `changed` since the day as they stood then; otherwise the stored fit stands.
    `was` are the definitions that counted with the stored scores, where it is to be told what the version changes.
    """
    version = version or ScoringModel.objects.published()
    before = board.read(lead_ids)
    if not len(before):
        return Scored()
    ids = before.leads.tolist()
    fit = fits_on(version.model, ids, day, changed) if refit else before.fit
    standing, after = _after(before, version.model, day, fit)
    promotions = promotions_of.called_for(after, standing, version, at) if move else []
    promotions_of.lock(promotions)
    written = board.write_changes(before, after, day)
    effect = effect_between(was, _stored(before, day), version.model.definitions, standing) if was else Effect()
    return Scored(len(before), written, promotions_of.move(promotions, at), effect)


def _stored(scores: board.Board, day: date) -> Standing:
    return Standing(scores.fit, scores.total, scores.last_active, scores.last_intent, scoring_day(day))


def _after(before: board.Board, model: Model, day: date, fit: Whole) -> tuple[Standing, board.Board]:
    """Where the leads stand with this fit, and their scores as they are to be stored."""
    standing, deeds, labels = standing_of(model, before.leads.tolist(), day, fit)
    after = replace(
        before, fit=fit, engagement=deeds, total=standing.total, label=labels,
        last_active=standing.last_active, last_intent=standing.last_intent,
    )  # fmt: skip
    return standing, after
