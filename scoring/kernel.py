"""The scoring kernel: packed deeds of many leads in, points by rule, group and axis out. Pure, whole numbers only.

Order (product.md §3): per event fade → cut → sum → rule cap → group cap → axis cap. Deeds after the scoring day do not count.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .cuts import GONE, halved
from .definition import EngagementRule
from .plan import Plan, most
from .vectors import MOST_CLASSES, MOST_COUNT, Vectors

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: The day number to score for: one for all leads, or one for each.
Days = int | Whole
#: Leads worked on at once: few enough for the processor's cache, many enough to forget numpy's overhead.
BLOCK = 4_096
NEVER = 1 << 20  # more days than there are


@dataclass(frozen=True)
class Engagement:
    """Per lead: engagement in hundredths, and the day numbers of the last counted deed and the last showing intent (−1: none)."""

    total: Whole
    last_active: Whole
    last_intent: Whole


@dataclass(frozen=True)
class Detail:
    """What each rule did; rows are `plan.rules`, columns are leads. The last days are those of `Engagement`.

    `events` are the deeds that a rule counted, `earned` its hundredths before and `capped` after its own cap; `uncut` is what
    it would have earned had sales sent no lead back.
    """

    events: Whole
    uncut: Whole
    earned: Whole
    capped: Whole
    last_active: Whole
    last_intent: Whole


def engagement(plan: Plan, vectors: Vectors, day: Days) -> Engagement:
    """Engagement of every lead on a day number, or on one day number for each lead."""
    found = Engagement(*(np.full(len(vectors), fill, np.int64) for fill in (0, -1, -1)))
    for start in range(0, len(vectors), BLOCK):
        part = slice(start, start + BLOCK)
        deeds = Deeds(vectors[part], day if isinstance(day, int) else day[part])
        found.total[part] = totals(plan, _cap_rules(plan, _cut(plan, deeds, _earn(plan, deeds))))
        found.last_active[part] = deeds.last_day(plan.counted)
        found.last_intent[part] = deeds.last_day(plan.intent)
    return found


def detail(plan: Plan, vectors: Vectors, day: Days) -> Detail:
    """What each rule did. Memory grows with rules × leads: for some ten thousand leads at once."""
    deeds = Deeds(vectors, day)
    uncut = _earn(plan, deeds)
    earned = uncut if deeds.halvings is None else _cut(plan, deeds, uncut.copy())
    capped = _cap_rules(plan, earned.copy())
    days = deeds.last_day(plan.counted), deeds.last_day(plan.intent)
    return Detail(_count(plan, deeds.left()), uncut, earned, capped, *days)


class Deeds:
    """The entries of some leads, unpacked, in order of lead and day; those after the scoring day are left out.

    `halvings` says how often each is cut in half; None where no lead has a cut that counts yet.
    """

    def __init__(self, vectors: Vectors, day: Days) -> None:
        self.leads = len(vectors)
        packed = vectors.entries.astype(np.int64)
        self.lead: Whole = np.repeat(np.arange(self.leads), np.diff(vectors.offsets))
        self.day: Whole = packed >> 18
        self.cls: Whole = (packed >> 6) & (MOST_CLASSES - 1)
        self.count: Whole = packed & MOST_COUNT
        self.age: Whole = (day if isinstance(day, int) else day[self.lead]) - self.day
        if self.age.min(initial=0) < 0:
            self._keep(np.flatnonzero(self.age >= 0))
        self.ages = int(self.age.max(initial=0)) + 1
        cuts = vectors.cuts and vectors.cuts.until(np.broadcast_to(np.asarray(day, np.int64), self.leads))
        self.halvings: Whole | None = cuts.halvings_of(self.lead, self.day) if cuts else None

    def _keep(self, kept: Whole) -> None:
        self.lead, self.day, self.age = self.lead.take(kept), self.day.take(kept), self.age.take(kept)
        self.cls, self.count = self.cls.take(kept), self.count.take(kept)

    def _only(self, kept: Whole) -> "Deeds":
        """Some of these deeds, of the same leads."""
        some = copy(self)
        some.__dict__.pop("_starts", None)
        some._keep(kept)
        some.halvings = None if self.halvings is None else self.halvings.take(kept)
        return some

    def left(self) -> "Deeds":
        """Those of which a cut left anything."""
        return self if self.halvings is None else self._only(np.flatnonzero(self.halvings < GONE))

    def of_cut_leads(self) -> "Deeds":
        """All deeds of the leads of which a cut takes anything."""
        cut = np.zeros(self.leads, bool)
        if self.halvings is not None:
            cut[self.lead[self.halvings > 0]] = True
        return self._only(np.flatnonzero(cut[self.lead]))

    @cached_property
    def _starts(self) -> tuple[Whole, Whole]:
        """The leads that did anything, and where the deeds of each begin."""
        sizes = np.bincount(self.lead, minlength=self.leads)
        active = np.flatnonzero(sizes)
        return active, (np.cumsum(sizes) - sizes)[active]

    def last_day(self, classes: Flags) -> Whole:
        """Per lead the last day on which it did something of these classes, else −1."""
        last = np.full(self.leads, -1, np.int64)
        active, starts = self._starts
        if active.size:
            days = np.where(classes, 0, -NEVER).take(self.cls)
            days += self.day
            last[active] = np.maximum(np.maximum.reduceat(days, starts), -1)
        return last


def _earn(plan: Plan, deeds: Deeds) -> Whole:
    """Rule × lead: hundredths before any cap."""
    worth = plan.worth(deeds.ages)
    earned = _add(plan.added, worth, deeds)
    for row_of in plan.latest:
        _put_latest(earned, worth, row_of.take(deeds.cls), deeds)
    for r in plan.recent:
        _add_recent(earned[r], most(plan.rules[r]), worth[r], deeds, plan.matches[:, r])
    for r in plan.tallies:
        earned[r] = _points_for(plan.rules[r], earned[r])
    return earned[:-1]


def _cut(plan: Plan, deeds: Deeds, earned: Whole) -> Whole:
    """Rule × lead with the cuts, in place. Only leads that have one are counted again, rule by rule."""
    if deeds.halvings is None:
        return earned
    some, worth = deeds.of_cut_leads(), plan.worth(deeds.ages)
    earned[:, np.unique(some.lead)] = 0
    for row, rule in enumerate(plan.rules):
        which = np.flatnonzero(plan.matches[some.cls, row] & (some.age < rule.horizon))
        _earn_cut(earned[row], rule, worth[row], some._only(which), tally=plan.ways[row] == "tally")
    return earned


def _earn_cut(into: Whole, rule: EngagementRule, worth: Whole, deeds: Deeds, *, tally: bool) -> None:
    """Add what these deeds of cut leads earn. "At least n" gives what the n-th latest deed leaves of its points."""
    assert deeds.halvings is not None  # noqa: S101 - only leads with cuts come here
    full = worth[deeds.age] * (rule.points if tally else 1)
    left = halved(full, deeds.halvings)
    if rule.count.kind == "every":
        taken = deeds.count
    elif deeds.lead.size:
        later, n = _later(deeds.lead, deeds.count), most(rule)
        taken = np.clip(n - later, 0, deeds.count)
        if rule.count.kind == "at_least":
            taken = ((later < n) & (later + deeds.count >= n)).astype(np.int64)
    else:
        return
    np.add.at(into, deeds.lead, left * taken)


def _feeding(deeds: Deeds, passes: list[Whole], nowhere: int) -> Iterator[tuple[Whole, Whole, Whole, Whole]]:
    """Row, lead, age and count of the deeds in each pass. Who feeds no row feeds `nowhere`, in this and all later passes.

    Leaving some out costs more than letting them run idle, unless they are many.
    """
    cls, lead, age, count = deeds.cls, deeds.lead, deeds.age, deeds.count
    for row_of in passes:
        row = row_of.take(cls)
        fed = row < nowhere
        if 4 * np.count_nonzero(fed) < 3 * fed.size:
            which = np.flatnonzero(fed)
            row, cls, lead, age, count = (column.take(which) for column in (row, cls, lead, age, count))
        yield row, lead, age, count


def _add(passes: list[Whole], table: Whole, deeds: Deeds) -> Whole:
    """Row × lead: the sum of `table[row, age]` over the deeds whose class feeds the row. The last row is nowhere."""
    rows, width = table.shape
    sums, flat = np.zeros(rows * deeds.leads, np.int64), table.ravel()
    for row, lead, age, count in _feeding(deeds, passes, rows - 1):
        place = row * width
        place += age
        worth = flat.take(place)
        worth *= count
        np.multiply(row, deeds.leads, out=place)
        place += lead
        np.add.at(sums, place, worth)
    return sums.reshape(rows, deeds.leads)


def _put_latest(into: Whole, worth: Whole, row: Whole, deeds: Deeds) -> None:
    """The worth of each lead's latest deed in each row: of equal places the last assignment stays."""
    which = np.flatnonzero(row < len(into) - 1)
    row, lead = row.take(which), deeds.lead.take(which)
    into[row, lead] = worth[row, deeds.age.take(which)]


def _add_recent(into: Whole, n: int, worth: Whole, deeds: Deeds, classes: Flags) -> None:
    """Add the worth of each lead's last `n` deeds of these classes."""
    which = np.flatnonzero(classes[deeds.cls])
    if not which.size:
        return
    lead, count = deeds.lead[which], deeds.count[which]
    np.add.at(into, lead, worth[deeds.age[which]] * np.clip(n - _later(lead, count), 0, count))


def _later(lead: Whole, count: Whole) -> Whole:
    """For each entry how many deeds of its lead come after it."""
    ends = np.flatnonzero(np.append(lead[1:] != lead[:-1], True))
    upto = np.cumsum(count)
    return np.repeat(upto[ends], np.diff(ends, prepend=-1)) - upto


def _points_for(rule: EngagementRule, deeds: Whole) -> Whole:
    """The points of a rule that goes by the number of deeds."""
    if rule.count.kind == "at_least":
        return np.where(deeds >= rule.count.n, rule.points, 0)
    return np.minimum(deeds, most(rule)) * rule.points


def _count(plan: Plan, deeds: Deeds) -> Whole:
    """Rule × lead: the deeds that count, at most as many as may earn."""
    counted = _add(plan.everything, plan.lasting(deeds.ages), deeds)[:-1]
    for row, rule in enumerate(plan.rules):
        if rule.count.kind in ("once", "at_most"):
            np.minimum(counted[row], most(rule), out=counted[row])
    return counted


def _cap_rules(plan: Plan, earned: Whole) -> Whole:
    """Rule caps, in place."""
    for row, floor, cap in plan.caps:
        _clip(earned[row], floor, cap)
    return earned


def totals(plan: Plan, capped: Whole) -> Whole:
    """The sums of groups, each clipped, summed and clipped to the axis."""
    total = np.zeros(capped.shape[1], np.int64)
    for number, group in enumerate(plan.groups):
        summed = capped[plan.members[number]].sum(axis=0)
        _clip(summed, group.floor, group.cap)
        total += summed
    _clip(total, plan.model.engagement.lowest, plan.model.engagement.highest)
    return total


def _clip(row: Whole, floor: int | None, cap: int | None) -> None:
    if floor is not None:
        np.maximum(row, floor, out=row)
    if cap is not None:
        np.minimum(row, cap, out=row)
