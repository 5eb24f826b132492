"""The figures of rule health as people read them: shares, partners and lift of each rule, from the sums over all leads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from .definition import FitRule, Rule
from .health import Tally
from .health_intervals import Interval, ratio, wilson
from .vectors import date_of, scoring_day

#: From this share of all leads on a rule tells nobody from anybody.
EVERYBODY = 0.9


@dataclass(frozen=True)
class Lift:
    """Of judged leads with and without the rule how many sales accepted, and how many times as often with it."""

    n: int
    accepted: int
    other_n: int
    other_accepted: int

    @property
    def share(self) -> Interval | None:
        return wilson(self.accepted, self.n)

    @property
    def other_share(self) -> Interval | None:
        return wilson(self.other_accepted, self.other_n)

    @property
    def times(self) -> Interval | None:
        """None where n is too small to tell."""
        return ratio(self.accepted, self.n, self.other_accepted, self.other_n)


@dataclass(frozen=True)
class RuleFigures:
    """One rule over all leads; points are hundredths. `partner` is the rule that most often fires for the same leads.

    `either` counts the leads for which this rule or its partner fires, `both` those for which both do.
    """

    key: str
    title: str
    is_fit: bool
    kind: str
    points: int
    all_leads: int
    leads: int
    events: int
    earned: int
    capped: int
    reaching: int
    last_day: int
    partner: str
    partner_title: str
    both: int
    either: int
    n: int
    accepted: int
    other_n: int
    other_accepted: int

    @property
    def share(self) -> float | None:
        """Of all leads those for which it fires."""
        return self.leads / self.all_leads if self.all_leads else None

    @property
    def own_cap_took(self) -> float | None:
        """Of what it earns the share that its own cap takes."""
        return 1 - self.capped / self.earned if self.earned else None

    @property
    def lost(self) -> float | None:
        """Of what it earns the share that reaches no score, because a cap or floor of its own, its group or its axis is in the way."""
        return 1 - self.reaching / self.earned if self.earned else None

    @property
    def overlap(self) -> float | None:
        """Jaccard's share: of the leads for which it or its partner fires those for which both do."""
        return self.both / self.either if self.either else None

    @property
    def last_on(self) -> date | None:
        return date_of(self.last_day)

    @property
    def lift(self) -> Lift:
        return Lift(self.n, self.accepted, self.other_n, self.other_accepted)


@dataclass(frozen=True)
class Figures:
    """A finished reading of one version: as of a day, over so many leads, so many of them judged."""

    day: date
    leads: int
    judged: int
    accepted: int
    rules: tuple[RuleFigures, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"day": str(self.day)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Figures":
        rules = tuple(RuleFigures(**rule) for rule in said["rules"])
        return cls(**{**said, "day": date.fromisoformat(said["day"]), "rules": rules})

    @property
    def day_number(self) -> int:
        return scoring_day(self.day)


def figures(day: date, rules: Sequence[Rule], sums: Tally) -> Figures:
    """The figures of a finished tally; its rows are the given rules."""
    return Figures(day, sums.leads, sums.judged, sums.accepted, tuple(_of_each(rules, sums)))


_NAMES = ("events", "earned", "capped", "reaching", "last_day")


def _of_each(rules: Sequence[Rule], sums: Tally) -> Iterator[RuleFigures]:
    for row, rule in enumerate(rules):
        sums_of: dict[str, Any] = {name: int(getattr(sums, name)[row]) for name in _NAMES}
        n, accepted = int(sums.judged_with[row]), int(sums.accepted_with[row])
        yield RuleFigures(
            key=rule.key, title=rule.title, is_fit=isinstance(rule, FitRule), points=rule.points,
            kind="" if isinstance(rule, FitRule) else rule.count.kind,  # type: ignore[attr-defined]
            all_leads=sums.leads, leads=int(sums.fired[row]),
            **sums_of,
            **_partner(row, rules, sums),
            n=n, accepted=accepted, other_n=sums.judged - n, other_accepted=sums.accepted - accepted,
        )  # fmt: skip


def _partner(row: int, rules: Sequence[Rule], sums: Tally) -> dict[str, Any]:
    """The rule with the largest share of both among either; with one that fires for everybody every rule fires together."""
    both = np.where(sums.fired >= EVERYBODY * sums.leads, 0, sums.together[row])
    both[row] = 0
    if sums.fired[row] >= EVERYBODY * sums.leads:
        both[:] = 0
    if not both.any():
        return {"partner": "", "partner_title": "", "both": 0, "either": 0}
    either = sums.fired[row] + sums.fired - both
    best = int(np.argmax(both / np.maximum(either, 1)))
    other = rules[best]
    return {"partner": other.key, "partner_title": other.title, "both": int(both[best]), "either": int(either[best])}
