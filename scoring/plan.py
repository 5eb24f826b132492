"""A scoring model made ready for the kernel: which rules each match class feeds, and what a deed is worth at each age."""

from itertools import accumulate
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .definition import ENGAGEMENT, EngagementRule, Model
from .fading import worth_table
from .vectors import MOST_CLASSES

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Way = Literal["sum", "tally", "latest", "recent"]
WAYS: tuple[Way, ...] = ("sum", "tally", "latest", "recent")


def way_of(rule: EngagementRule) -> Way:
    """How the deeds of a rule are brought together.

    sum: worths are added. tally: deeds are counted and points follow from their number (never and window fades, at least n).
    latest: the last deed decides. recent: the last n deeds are added.
    """
    if rule.count.kind == "every":
        return "sum"
    if rule.count.kind == "at_least" or rule.fade.kind in ("never", "window"):
        return "tally"
    return "latest" if most(rule) == 1 else "recent"


def most(rule: EngagementRule) -> int:
    """How many deeds of an "at most" or "once" rule earn."""
    return 1 if rule.count.kind == "once" else rule.count.n


class Plan:
    """The engagement half of a model, compiled for one set of match classes. Its rows are the engagement rules by group.

    `class_rules[c, r]` says whether deeds of class c match `model.engagement_rules[r]`, `class_intent[c]` whether they show
    intent. A class beyond the arrays matches nothing. Compile once and keep: tables of worth are built at first use.
    """

    def __init__(self, model: Model, class_rules: npt.ArrayLike, class_intent: npt.ArrayLike = ()) -> None:
        self.model = model
        self.groups = model.groups_of(ENGAGEMENT)
        numbers = {group.key: number for number, group in enumerate(self.groups)}
        order = sorted(range(len(model.engagement_rules)), key=lambda r: numbers[model.engagement_rules[r].group])
        self.rules: tuple[EngagementRule, ...] = tuple(model.engagement_rules[r] for r in order)
        sizes = [sum(numbers[rule.group] == number for rule in self.rules) for number in range(len(self.groups))]
        self.members = [slice(end - size, end) for size, end in zip(sizes, accumulate(sizes), strict=True)]
        self.caps = [(row, *rule.floor_and_cap) for row, rule in enumerate(self.rules) if rule.cap is not None]
        self.ways: list[Way] = [way_of(rule) for rule in self.rules]
        self.matches: Flags = _padded(np.asarray(class_rules, bool), len(order))[:, order]
        self.counted: Flags = np.any(self.matches, axis=1)
        self.intent: Flags = _padded(np.asarray(class_intent, bool), 1)[:, 0]
        self.added = self._passes("sum", "tally")
        self.latest = self._whole_passes("latest")
        self.everything = self._passes(*WAYS)
        self.recent = [row for row, way in enumerate(self.ways) if way == "recent"]
        self.tallies = [row for row, way in enumerate(self.ways) if way == "tally"]
        self._tables: dict[str, Whole] = {}

    def _passes(self, *ways: Way) -> list[Whole]:
        """Row by class: the first row that each class feeds in one of these ways; then the second; and so on.

        Where a class feeds no (further) row it feeds the one after the last, which is nowhere.
        """
        feeds: Flags = self.matches & np.array([way in ways for way in self.ways], bool)
        rank = np.cumsum(feeds, axis=1)
        numbers = range(1, int(rank.max(initial=0)) + 1)
        firsts = [feeds & (rank == number) for number in numbers]
        return [np.where(first.any(axis=1), first.argmax(axis=1), len(self.rules)) for first in firsts]

    def _whole_passes(self, way: Way) -> list[Whole]:
        """The same, but all that feeds a row stands in one pass, so that the order of a lead's deeds is kept there."""
        nowhere, passes = len(self.rules), list[Whole]()
        for row in (row for row, its in enumerate(self.ways) if its == way):
            fed = self.matches[:, row]
            room = next((one for one in passes if (one[fed] == nowhere).all()), None)
            if room is None:
                passes.append(room := np.full(MOST_CLASSES, nowhere))
            room[fed] = row
        return passes

    def worth(self, ages: int) -> Whole:
        """Row × age: hundredths that one deed is worth, or, for tallies, 1 while it counts; at least `ages` columns.

        One more row, of zeros, is for deeds that feed nowhere.
        """
        tables = {way: self._lasting if way == "tally" else self._worth for way in WAYS}
        return self._table("worth", ages, [tables[way] for way in self.ways])

    def lasting(self, ages: int) -> Whole:
        """Row × age: 1 while a deed counts for the rule, else 0."""
        return self._table("lasting", ages, [self._lasting] * len(self.rules))

    def _table(self, name: str, ages: int, builders: list[Any]) -> Whole:
        table = self._tables.get(name)
        if table is None or table.shape[1] < ages:
            width = max(1024, 1 << (ages - 1).bit_length())
            rows = [build(rule, width) for build, rule in zip(builders, self.rules, strict=True)]
            self._tables[name] = table = np.array([*rows, np.zeros(width)], np.int64)
        return table

    @staticmethod
    def _worth(rule: EngagementRule, width: int) -> Whole:
        return worth_table(rule.points, rule.fade, width)

    @staticmethod
    def _lasting(rule: EngagementRule, width: int) -> Whole:
        return (np.arange(width) < rule.horizon).astype(np.int64)


def _padded(rows: Flags, columns: int) -> Flags:
    """The rows, and False for every class beyond them."""
    padded = np.zeros((MOST_CLASSES, columns), bool)
    if rows.size:
        padded[: len(rows)] = rows.reshape(-1, columns)
    return padded
