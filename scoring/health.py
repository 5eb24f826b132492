"""Rule health in arrays: what each rule of a version does to many leads, added up chunk by chunk (R11, R13). Pure.

Rows are rules: first the fit rules, then the engagement rules in the plan's order. Points are hundredths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .definition import FIT, Axis, Group, Model, Rule, clip
from .kernel import Deeds, Detail, detail
from .plan import Plan
from .vectors import MOST_CLASSES, Vectors

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """Leads that marketing or the score had promoted: their places among the leads, and what sales made of them.

    `day` is the day number of the promotion, `fit_matches` which fit rules matched by the facts of that moment (rule × lead),
    `accepted` whether sales accepted the lead within the time allowed.
    """

    place: Whole
    day: Whole
    fit_matches: Flags
    accepted: Flags


@dataclass
class Tally:
    """Sums over leads. Per rule: leads for which it fires, deeds counted, hundredths earned, left by its own cap, and
    reaching the total; the last day number on which a deed of its kind was done (−1: never, or a fit rule).

    `together[a, b]`: leads for which both fire. `judged_with`, `accepted_with`: of the judged leads those for which the rule
    fired on the day of their promotion.
    """

    leads: int
    judged: int
    accepted: int
    fired: Whole
    events: Whole
    earned: Whole
    capped: Whole
    reaching: Whole
    last_day: Whole
    judged_with: Whole
    accepted_with: Whole
    together: Whole

    @classmethod
    def nothing(cls, rules: int) -> Self:
        sums: dict[str, Any] = {name: np.zeros(rules, np.int64) for name in _SUMS}
        never, together = np.full(rules, -1, np.int64), np.zeros((rules, rules), np.int64)
        return cls(leads=0, judged=0, accepted=0, **sums, last_day=never, together=together)

    def __add__(self, other: "Tally") -> "Tally":
        added = {one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        return Tally(**added | {"last_day": np.maximum(self.last_day, other.last_day)})

    def to_json(self) -> dict[str, Any]:
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any], rules: int) -> Self:
        """The sums that were stored; none yet where nothing was."""
        if not said:
            return cls.nothing(rules)
        read: dict[str, Any] = {
            name: np.array(value, np.int64) if isinstance(value, list) else value for name, value in said.items()
        }
        return cls(**read | {"together": read["together"].reshape(rules, rules)})


_SUMS = ("fired", "events", "earned", "capped", "reaching", "judged_with", "accepted_with")


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def rules_of(plan: Plan) -> tuple[Rule, ...]:
    """The rules in the order of the rows."""
    return (*plan.model.fit_rules, *plan.rules)


def tally(plan: Plan, fit_matches: Flags, vectors: Vectors, day: int, judged: Judged) -> Tally:
    """What the rules do to these leads on a day number; `fit_matches` is fit rule × lead."""
    model, found = plan.model, detail(plan, vectors, day)
    fit_points = fit_matches * np.array([rule.points for rule in model.fit_rules], np.int64).reshape(-1, 1)
    fit_left = fit_lines(model, fit_matches)
    fires = np.concatenate([fit_matches, _fires(plan, found)])
    with_rule = np.concatenate([judged.fit_matches, _fires(plan, _on_their_days(plan, vectors, judged))])
    return Tally(
        leads=len(vectors),
        judged=len(judged.place),
        accepted=int(np.count_nonzero(judged.accepted)),
        fired=np.count_nonzero(fires, axis=1),
        events=np.concatenate([np.count_nonzero(fit_matches, axis=1), found.events.sum(axis=1)]),
        earned=np.concatenate([fit_points.sum(axis=1), found.earned.sum(axis=1)]),
        capped=np.concatenate([fit_left.sum(axis=1), found.capped.sum(axis=1)]),
        reaching=np.concatenate(
            [
                reaching(fit_left, fit_members(model), model.groups_of(FIT), model.fit),
                reaching(found.capped, deed_members(plan), plan.groups, model.engagement),
            ]
        ),
        last_day=np.concatenate([np.full(len(fit_matches), -1, np.int64), last_days(plan, vectors, day)]),
        judged_with=np.count_nonzero(with_rule, axis=1),
        accepted_with=np.count_nonzero(with_rule & judged.accepted, axis=1),
        together=_together(fires),
    )


def fit_lines(model: Model, fit_matches: Flags) -> Whole:
    """Fit rule × lead: what each rule gives after its own cap."""
    left = [clip(rule.points, *rule.floor_and_cap) for rule in model.fit_rules]
    return fit_matches * np.array(left, np.int64).reshape(-1, 1)


def fit_members(model: Model) -> list[list[int]]:
    """Per fit group the rows of its rules."""
    groups = model.groups_of(FIT)
    return [[row for row, rule in enumerate(model.fit_rules) if rule.group == group.key] for group in groups]


def deed_members(plan: Plan) -> list[list[int]]:
    """Per engagement group the rows of its rules."""
    return [list(range(part.start, part.stop)) for part in plan.members]


def _fires(plan: Plan, found: Detail) -> Flags:
    """Where a rule counted a deed, and (where it has points to give) gave or took something."""
    free = np.array([rule.points == 0 for rule in plan.rules], bool).reshape(-1, 1)
    return (found.events > 0) & ((found.earned != 0) | free)


def _on_their_days(plan: Plan, vectors: Vectors, judged: Judged) -> Detail:
    """As it was when they were promoted: what sales sent back later that day had counted in full."""
    promoted = vectors.picked(np.arange(len(vectors)), judged.place)
    cuts = promoted.cuts and promoted.cuts.until(judged.day - 1)
    return detail(plan, promoted.with_cuts(cuts), judged.day)


def last_days(plan: Plan, vectors: Vectors, day: int) -> Whole:
    """Per engagement rule the last day number, up to the given one, on which any lead did what it looks for; −1: never."""
    deeds, latest = Deeds(vectors, day), np.full(MOST_CLASSES, -1, np.int64)
    np.maximum.at(latest, deeds.cls, deeds.day)
    last = [latest[plan.matches[:, row]].max(initial=-1) for row in range(len(plan.rules))]
    return np.array(last, np.int64)


def _together(fires: Flags) -> Whole:
    """Rule × rule: leads for which both fire. Counts of a chunk are exact in single precision, which is fast."""
    narrow = fires.astype(np.float32)
    return (narrow @ narrow.T).astype(np.int64)


def reaching(left: Whole, members: Sequence[Sequence[int]], groups: Sequence[Group], axis: Axis) -> Whole:
    """Per rule how much lower all scores would be in sum without it, given what its own cap left of each (rule × lead).

    So it is exact, but shares of rules that stand in for one another do not add up: two that fill one group's cap twice over
    both reach nothing.
    """
    sums = [left[list(rows)].sum(axis=0) for rows in members]
    kept_by = [clipped(sum_, group.floor, group.cap) for sum_, group in zip(sums, groups, strict=True)]
    total = np.sum(kept_by, axis=0) if kept_by else np.zeros(left.shape[1], np.int64)
    whole = clipped(total, axis.lowest, axis.highest)
    found = np.zeros(len(left), np.int64)
    for rows, group, sum_, kept in zip(members, groups, sums, kept_by, strict=True):
        for row in rows:
            without = total - kept + clipped(sum_ - left[row], group.floor, group.cap)
            found[row] = (whole - clipped(without, axis.lowest, axis.highest)).sum()
    return found


def clipped(values: Whole, floor: int | None, cap: int | None) -> Whole:
    """The values, none below the floor and none above the cap."""
    values = values if floor is None else np.maximum(values, floor)
    return values if cap is None else np.minimum(values, cap)
