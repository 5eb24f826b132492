"""Where leads stand by the published model and by another one; what both say the same is not counted twice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from leads.condition_fields import LEAD_FIELDS
from leads.condition_queries import as_query
from leads.models import Lead

from .columns import numbers, numbers_of
from .definition import ENGAGEMENT, FIT, EngagementRule, FitRule, Model, Rule, clip
from .definition_reading import parse
from .definitions import Standing
from .engine import fits
from .kernel import BLOCK, Engagement, detail, engagement, totals
from .matchers import matcher_key
from .plan import Plan
from .trying_deeds import Sight, deeds_a_lead
from .vectors import FIRST_DAY, Vectors

Whole = npt.NDArray[np.int64]


class Rows(NamedTuple):
    """Stored scores of some leads in rising order of id; hundredths and day numbers (−1: never)."""

    leads: Whole
    fit: Whole
    engagement: Whole
    last_active: Whole
    last_intent: Whole


def rows_after(lead: int, size: int) -> Rows:
    """The next leads that have a score."""
    return Rows(
        *numbers(
            "SELECT lead_id, fit, engagement, coalesce(last_active_on - %s::date, -1), coalesce(last_intent_on - %s::date, -1)"
            " FROM scoring_leadscore WHERE lead_id > %s ORDER BY lead_id LIMIT %s",
            [FIRST_DAY, FIRST_DAY, lead, size],
            columns=5,
        )
    )


@dataclass(frozen=True)
class Work:
    """What one rule does: leads for which it fires, deeds it counts (leads, for a fit rule), and hundredths: earned,
    left by its own cap, and reaching the scores, which are so much lower in sum without it.
    """

    key: str
    title: str
    leads: int = 0
    events: int = 0
    earned: int = 0
    capped: int = 0
    reaching: int = 0

    def __add__(self, other: "Work") -> "Work":
        added = {name: value + getattr(other, name) for name, value in asdict(self).items() if isinstance(value, int)}
        return replace(self, **added)

    @property
    def kept_away(self) -> int:
        """What caps and floors of the rule, its group and its axis keep from the scores."""
        return self.earned - self.reaching

    @property
    def share_kept_away(self) -> float | None:
        return self.kept_away / self.earned if self.earned else None


class Sides:
    """The published model and another, for sets of leads.

    `fit_holds`: the stored fit is that of the published one; `holds`: so is all that is stored, of that day.
    """

    def __init__(
        self, published: Model, model: Model, day: int, *, fit_holds: bool, holds: bool, watched: Collection[str]
    ) -> None:
        self.published, self.model, self.day = published, model, day
        self.fit_holds, self.holds = fit_holds, holds
        self.watched = [rule for rule in (*model.fit_rules, *model.engagement_rules) if rule.key in watched]
        self.watches_deeds = any(not isinstance(rule, FitRule) for rule in self.watched)
        active = [said.definitions.mql.active_within_days or 0 for said in (published, model)]
        self.sight = Sight(model, day, max(active))
        self.deeds_differ = _said(published, ENGAGEMENT) != _said(model, ENGAGEMENT)
        self.fit_differs = _said(published, FIT) != _said(model, FIT)
        same_bounds = _bounds(published, FIT) == _bounds(model, FIT)
        self.touched = _any_of(_differing(published, model, FIT)) if same_bounds else None
        same_bounds = _bounds(published, ENGAGEMENT) == _bounds(model, ENGAGEMENT)
        self.telling = self._telling() if holds and same_bounds else None

    def _telling(self) -> set[str]:
        """The matchers of rules that only one side has just so, and of those watched: who did nothing such scores the same."""
        rules = [*_differing(self.published, self.model, ENGAGEMENT), *self.watched]
        return {matcher_key(rule.deed) for rule in rules if isinstance(rule, EngagementRule)}

    @property
    def takes_longer(self) -> bool:
        """Whether more than stored figures and vectors must be read."""
        return self.sight.is_new or self.matches_all_facts

    @cached_property
    def deeds_a_lead(self) -> float:
        return deeds_a_lead()

    @property
    def matches_all_facts(self) -> bool:
        return not self.fit_holds or (self.fit_differs and self.touched is None)

    def of(self, rows: Rows) -> tuple[Standing, Standing, list[Work]]:
        """Where these leads stand by the one and by the other, and what the watched rules of the other do."""
        before, works = self._before(rows), list[Work]()
        fit, found = self._fit(rows.leads, before.fit), _deeds_of(before)
        if self.deeds_differ or self.watches_deeds:
            found, works = self._deeds(rows.leads, found)
        after = Standing(fit, fit + found.total, found.last_active, found.last_intent, self.day)
        return (
            before,
            after,
            works + [self._fit_work(rule, rows.leads, fit) for rule in self.watched if isinstance(rule, FitRule)],
        )

    def _before(self, rows: Rows) -> Standing:
        if self.holds:
            return Standing(rows.fit, rows.fit + rows.engagement, rows.last_active, rows.last_intent, self.day)
        _all, plan, vectors = Sight(self.published, self.day).of(rows.leads)
        found = engagement(plan, vectors, self.day)
        fit = rows.fit if self.fit_holds else _fits(self.published, rows.leads)
        return Standing(fit, fit + found.total, found.last_active, found.last_intent, self.day)

    def _fit(self, leads: Whole, before: Whole) -> Whole:
        """Only leads that a changed rule is about are matched anew, where the bounds are the same."""
        if not self.fit_differs:
            return before
        if self.touched is None:
            return _fits(self.model, leads)
        which, fit = np.isin(leads, _meeting(self.touched, leads)), before.copy()
        fit[which] = _fits(self.model, leads[which])
        return fit

    def _deeds(self, leads: Whole, stored: Engagement) -> tuple[Engagement, list[Work]]:
        """Only leads with a deed that a changed rule is about are counted anew, where the bounds are the same."""
        which, plan, vectors = self.sight.of(leads, self.telling)
        watched = [row for row, rule in enumerate(plan.rules) if rule in self.watched]
        anew, works = (
            _counted(plan, vectors, self.day, watched) if watched else (engagement(plan, vectors, self.day), [])
        )
        found = Engagement(stored.total.copy(), stored.last_active.copy(), stored.last_intent.copy())
        found.total[which], found.last_active[which], found.last_intent[which] = (
            anew.total, anew.last_active, anew.last_intent,
        )  # fmt: skip
        return found, works

    def _fit_work(self, rule: FitRule, leads: Whole, fit: Whole) -> Work:
        which = np.isin(leads, _meeting(as_query(rule.when, LEAD_FIELDS), leads))
        n, capped = int(np.count_nonzero(which)), clip(rule.points, *rule.floor_and_cap)
        reaching = int((fit[which] - _fits(_without(self.model, rule), leads[which])).sum())
        return Work(rule.key, rule.title, n, n, n * rule.points, n * capped, reaching)


def _counted(plan: Plan, vectors: Vectors, day: int, watched: list[int]) -> tuple[Engagement, list[Work]]:
    found = Engagement(*(np.full(len(vectors), fill, np.int64) for fill in (0, -1, -1)))
    works = [Work(plan.rules[row].key, plan.rules[row].title) for row in watched]
    for start in range(0, len(vectors), BLOCK):
        part = slice(start, start + BLOCK)
        did = detail(plan, vectors[part], day)
        found.total[part] = totals(plan, did.capped)
        found.last_active[part], found.last_intent[part] = did.last_active, did.last_intent
        for n, row in enumerate(watched):
            fires = (did.events[row] > 0) & ((did.earned[row] != 0) | (plan.rules[row].points == 0))
            without = did.capped.copy()
            without[row] = 0
            sums = (fires, did.events[row], did.earned[row], did.capped[row], found.total[part] - totals(plan, without))
            works[n] += Work("", "", *(int(one.sum()) for one in sums))
    return found, works


def _deeds_of(standing: Standing) -> Engagement:
    return Engagement(standing.total - standing.fit, standing.last_active, standing.last_intent)


def _fits(model: Model, leads: Whole) -> Whole:
    found = fits(model, leads.tolist()) if len(leads) else {}
    return np.fromiter((found.get(lead, 0) for lead in leads.tolist()), np.int64, len(leads))


def _meeting(what: Q, leads: Whole) -> Whole:
    """Of the leads between the first and the last of these those whose facts are so."""
    if not len(leads):
        return leads
    between = Lead.objects.filter(what, id__gte=int(leads[0]), id__lte=int(leads[-1])).order_by()
    try:
        return numbers_of(between.values_list("id"), columns=1)[0]
    except EmptyResultSet:  # nothing can be so; the database need not be asked
        return leads[:0]


def _any_of(rules: Iterable[Rule]) -> Q:
    about = (as_query(rule.when, LEAD_FIELDS) for rule in rules if isinstance(rule, FitRule))
    return reduce(or_, about, Q(pk__in=[]))


def _rules(model: Model, axis: str) -> dict[str, Rule]:
    """The rules of an axis as far as they score."""
    rules: tuple[Rule, ...] = model.fit_rules if axis == FIT else model.engagement_rules
    return {rule.key: replace(rule, name="", description="") for rule in rules}


def _bounds(model: Model, axis: str) -> Mapping[str, tuple[int | None, int | None]]:
    groups = {group.key: (group.floor, group.cap) for group in model.groups_of(axis)}
    return groups | {"": (model.axes[axis].floor, model.axes[axis].cap)}


def _said(model: Model, axis: str) -> Any:
    return _rules(model, axis), _bounds(model, axis)


def _differing(one: Model, other: Model, axis: str) -> list[Rule]:
    """The rules of an axis of either that the other does not have just so."""
    had, has = _rules(one, axis), _rules(other, axis)
    differing = (key for key in had.keys() | has.keys() if had.get(key) != has.get(key))
    return [rule for key in differing for rule in (had.get(key), has.get(key)) if rule]


def changed_rules(one: Model, other: Model) -> list[str]:
    """The keys of the rules of the other model that the one does not have just so."""
    return [
        key
        for axis in (FIT, ENGAGEMENT)
        for key, rule in _rules(other, axis).items()
        if _rules(one, axis).get(key) != rule
    ]


def _without(model: Model, rule: Rule) -> Model:
    document = model.to_document()
    return parse(document | {"rules": [said for said in document["rules"] if said["key"] != rule.key]})
