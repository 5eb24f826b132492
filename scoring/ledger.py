"""The ledger of one lead: a line for each rule and for each cap or floor that changed something; they sum exactly to the score."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from .cuts import Cuts
from .definition import ENGAGEMENT, FIT, Axis, Group, Model, clip
from .kernel import Detail, detail
from .labels import grid_label
from .plan import Plan
from .points import plain_points
from .vectors import Entries, Vectors, date_of


@dataclass(frozen=True)
class Line:
    """One line, in hundredths. `kind` is rule, group or axis.

    A rule's line has the deeds it counted and its points before and after its own cap; the line of a group or axis its sum
    before and after floor and cap. `points` is what the line adds to the score. `uncut` is what a rule would have before its
    cap had sales not sent the lead back; None where that is the same.
    """

    kind: str
    axis: str
    group: str
    key: str
    title: str
    events: int
    before: int
    after: int
    uncut: int | None = None

    @property
    def did_something(self) -> bool:
        """Whether it is worth showing."""
        return bool(self.events or self.points or self.uncut is not None)

    @property
    def points(self) -> int:
        return self.after if self.kind == "rule" else self.after - self.before

    @property
    def capped(self) -> int:
        """What the rule's own cap took (above zero) or gave back (below zero)."""
        return self.before - self.after if self.kind == "rule" else 0

    def to_json(self) -> dict[str, Any]:
        """The line with points as numbers, for files and snapshots."""
        said: dict[str, Any] = {
            name: getattr(self, name) for name in ("kind", "axis", "group", "key", "title", "events")
        }
        points = ("before", "after", "points", *(() if self.uncut is None else ("uncut",)))
        return said | {name: plain_points(getattr(self, name)) for name in points}


@dataclass(frozen=True)
class Ledger:
    """Why a lead has its score on a day. Points are hundredths, days are day numbers (−1: never).

    `cuts`: the days up to which deeds count less since sales sent the lead back, each with the per cent that are left.
    """

    day: int
    fit: int
    engagement: int
    label: str
    last_active: int
    last_intent: int
    lines: tuple[Line, ...]
    cuts: tuple[tuple[int, int], ...] = ()

    @property
    def total(self) -> int:
        return self.fit + self.engagement

    def strongest(self, most: int = 3) -> list[Line]:
        """The rules that gave the most points, best first."""
        giving = [line for line in self.lines if line.kind == "rule" and line.points > 0]
        return sorted(giving, key=lambda line: -line.points)[:most]

    def to_json(self) -> dict[str, Any]:
        """The ledger with points as numbers and days as dates, for files and snapshots."""
        points = {name: plain_points(getattr(self, name)) for name in ("fit", "engagement", "total")}
        days = {name: str(date_of(getattr(self, name)) or "") or None for name in ("day", "last_active", "last_intent")}
        cuts = [{"day": str(date_of(day)), "share": share} for day, share in self.cuts]
        said = {"label": self.label, "lines": [line.to_json() for line in self.lines]}
        return days | points | said | ({"cuts": cuts} if cuts else {})


def explain(plan: Plan, fit_matches: Sequence[bool], entries: Entries, day: int, cuts: Cuts | None = None) -> Ledger:
    """The ledger of one lead: from which fit rules match it (order of `model.fit_rules`) and its packed deeds."""
    return explain_each(plan, [fit_matches], Vectors.of([entries], cuts), day)[0]


def explain_each(plan: Plan, fit_matches: Sequence[Sequence[bool]], vectors: Vectors, day: int) -> list[Ledger]:
    """The ledgers of several leads, in their order; the kernel is asked once, so for some ten thousand leads at most."""
    found = detail(plan, vectors, day)
    cuts = vectors.cuts.shares(day) if vectors.cuts else {}
    ledgers = [_ledger(plan, matches, found, place, day) for place, matches in enumerate(fit_matches)]
    return [replace(one, cuts=cuts[place]) if place in cuts else one for place, one in enumerate(ledgers)]


def _ledger(plan: Plan, fit_matches: Sequence[bool], found: Detail, place: int, day: int) -> Ledger:
    model = plan.model
    fit_lines, fit = _walk(model.fit, model.groups_of(FIT), _fit_lines(model, fit_matches))
    deed_lines, engagement = _walk(model.engagement, plan.groups, _deed_lines(plan, found, place))
    return Ledger(
        day=day,
        fit=fit,
        engagement=engagement,
        label=grid_label(fit, engagement, model.fit.labels, model.engagement.labels),
        last_active=int(found.last_active[place]),
        last_intent=int(found.last_intent[place]),
        lines=(*fit_lines, *deed_lines),
    )


def _fit_lines(model: Model, matches: Sequence[bool]) -> Iterator[Line]:
    for rule, matched in zip(model.fit_rules, matches, strict=True):
        points = rule.points if matched else 0
        after = clip(points, *rule.floor_and_cap)
        yield Line("rule", FIT, rule.group, rule.key, rule.title, int(matched), points, after)


def _deed_lines(plan: Plan, found: Detail, place: int) -> Iterator[Line]:
    columns = (figures[:, place].tolist() for figures in (found.events, found.earned, found.capped, found.uncut))
    for rule, events, before, after, uncut in zip(plan.rules, *columns, strict=True):
        said = (rule.group, rule.key, rule.title, events, before, after, None if uncut == before else uncut)
        yield Line("rule", ENGAGEMENT, *said)


def _walk(axis: Axis, groups: Iterable[Group], rules: Iterable[Line]) -> tuple[list[Line], int]:
    """The lines of an axis in order of groups, with a line wherever a floor or cap changed the sum; and the axis's points."""
    rules, lines, total = list(rules), [], 0
    for group in groups:
        members = [line for line in rules if line.group == group.key]
        before = sum(line.points for line in members)
        after = clip(before, group.floor, group.cap)
        lines += members
        if after != before:
            lines.append(
                Line("group", axis.name, group.key, group.key, _bound_of_group(group, after - before), 0, before, after)
            )
        total += after
    clipped = clip(total, axis.lowest, axis.highest)
    if clipped != total:
        lines.append(Line("axis", axis.name, "", axis.name, _bound_of_axis(axis, clipped - total), 0, total, clipped))
    return lines, clipped


def _bound_of_group(group: Group, change: int) -> str:
    text = _("%(group)s group cap") if change < 0 else _("%(group)s group floor")
    return text % {"group": group.title}


def _bound_of_axis(axis: Axis, change: int) -> str:
    if axis.name == FIT:
        return _("Fit cap") if change < 0 else _("Fit floor")
    return _("Engagement cap") if change < 0 else _("Engagement floor")
