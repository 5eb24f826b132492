"""What a version of the scoring model says, as plain objects: axes, groups, rules and definitions (product.md §3).

All points, caps, floors and thresholds are integer hundredths of a point. `definition_reading.parse` makes these from JSON.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from leads.conditions import Condition, Facts, matches_all

from .fading import NEVER, Fade
from .points import WIDEST

FIT, ENGAGEMENT = "fit", "engagement"
#: An axis without floor or cap still ends here, so that every score fits a database integer.
LIMIT = WIDEST * 100


def clip(value: int, floor: int | None, cap: int | None) -> int:
    """The value, not below the floor and not above the cap."""
    if floor is not None and value < floor:
        return floor
    return cap if cap is not None and value > cap else value


@dataclass(frozen=True)
class Axis:
    """Fit or engagement: where its sum ends, and the cut-offs of its letters or digits."""

    name: str
    floor: int | None = None
    cap: int | None = None
    labels: Mapping[str, int] = field(default_factory=dict)

    @property
    def lowest(self) -> int:
        return -LIMIT if self.floor is None else self.floor

    @property
    def highest(self) -> int:
        return LIMIT if self.cap is None else self.cap


@dataclass(frozen=True)
class Group:
    """Rules whose sum is clipped to [floor, cap] before the axis adds it."""

    key: str
    axis: str
    floor: int | None = None
    cap: int | None = None
    name: str = ""
    description: str = ""

    @property
    def title(self) -> str:
        return self.name or self.key


@dataclass(frozen=True)
class Count:
    """Which occurrences earn: every, once, at_most `n` (the most recent), or at_least `n` within `days`, which earns once."""

    kind: str = "every"
    n: int = 0
    days: int = 0


EVERY = Count()


@dataclass(frozen=True)
class Deed:
    """Which activities a rule is about: one of `types` (any type when empty) on which all conditions hold."""

    types: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()

    def matches(self, activity: Facts) -> bool:
        return (not self.types or activity.get("type") in self.types) and matches_all(self.when, activity)


@dataclass(frozen=True)
class Rule:
    """What both kinds of rule have. `cap` is positive and limits in the direction of the points; `off` counts as absent."""

    key: str
    group: str
    points: int
    cap: int | None = None
    name: str = ""
    description: str = ""
    off: bool = False

    @property
    def title(self) -> str:
        return self.name or self.key

    @property
    def floor_and_cap(self) -> tuple[int | None, int | None]:
        """Between what the rule's sum is clipped: `cap` counts from above for points given, from below for points taken."""
        if self.cap is None:
            return None, None
        return (None, self.cap) if self.points >= 0 else (-self.cap, None)


@dataclass(frozen=True)
class FitRule(Rule):
    """Points for who they are: all conditions hold on the facts of lead and company."""

    when: tuple[Condition, ...] = ()

    def matches(self, facts: Facts) -> bool:
        return matches_all(self.when, facts)


@dataclass(frozen=True)
class EngagementRule(Rule):
    """Points for what they did."""

    deed: Deed = Deed()
    count: Count = EVERY
    fade: Fade = NEVER

    @property
    def horizon(self) -> int:
        """The age in days from which a deed no longer counts for this rule."""
        return self.count.days if self.count.kind == "at_least" else self.fade.horizon


@dataclass(frozen=True)
class QualifiedByMarketing:
    """When a lead is MQL (R9): what is omitted does not constrain; when nothing is said nobody is MQL by score."""

    total: int | None = None
    fit: int | None = None
    active_within_days: int | None = None
    leave_total: int | None = None
    min_stay_days: int = 0


@dataclass(frozen=True)
class QualifiedForSales:
    """When a lead is SQL (R15): enough points and fit, or an intent activity within d days and enough fit for that."""

    total: int | None = None
    fit: int | None = None
    intent_within_days: int | None = None
    intent_fit: int | None = None


@dataclass(frozen=True)
class Definitions:
    """What this company calls MQL and SQL (R10, R25)."""

    mql: QualifiedByMarketing = QualifiedByMarketing()
    sql: QualifiedForSales = QualifiedForSales()


@dataclass(frozen=True)
class Model:
    """One version of the scoring model. Two models that say the same are equal, however their documents spell it."""

    name: str
    axes: Mapping[str, Axis]
    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...] = ()
    definitions: Definitions = Definitions()
    description: str = ""
    document: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def to_document(self) -> dict[str, Any]:
        """The JSON form, exactly as it was parsed."""
        return deepcopy(dict(self.document))

    @cached_property
    def fingerprint(self) -> str:
        """The same for models read from the same document, whatever the order of its keys."""
        return json.dumps(dict(self.document), sort_keys=True)

    @property
    def fit(self) -> Axis:
        return self.axes[FIT]

    @property
    def engagement(self) -> Axis:
        return self.axes[ENGAGEMENT]

    @cached_property
    def fit_rules(self) -> tuple[FitRule, ...]:
        """Those that score; `rules` has those that are switched off too."""
        return tuple(rule for rule in self.rules if isinstance(rule, FitRule) and not rule.off)

    @cached_property
    def engagement_rules(self) -> tuple[EngagementRule, ...]:
        """Those that score; `rules` has those that are switched off too."""
        return tuple(rule for rule in self.rules if isinstance(rule, EngagementRule) and not rule.off)

    def groups_of(self, axis: str) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.axis == axis)
