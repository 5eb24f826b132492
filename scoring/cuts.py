"""Cuts: what leads did up to a day counts half, or nothing, since sales sent them back (product.md §4). Pure, whole numbers only.

A deed on or before the day of a cut is halved once for each such cut, from that day on; a reset halves it out of existence.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
#: Halved so often, the most that a deed can be worth (ten million hundredths) rounds to nothing.
GONE = 30


@dataclass(frozen=True)
class Cuts:
    """The cuts of many leads, in order of lead: an index from 0 (or an id), the day number, and how often they halve."""

    lead: Whole
    day: Whole
    halvings: Whole

    def __len__(self) -> int:
        return len(self.lead)

    @classmethod
    def of(cls, lead: npt.ArrayLike, day: npt.ArrayLike, share: npt.ArrayLike) -> Self:
        """From leads, day numbers and shares (50 or 0), in any order."""
        leads = np.asarray(lead, np.int64)
        order = np.argsort(leads, kind="stable")
        halvings = np.where(np.asarray(share, np.int64) == 0, GONE, 1)
        return cls(leads[order], np.asarray(day, np.int64)[order], halvings[order])

    def picked(self, wanted: npt.ArrayLike) -> "Cuts | None":
        """Those of the wanted leads, now numbered by their places among these; None where there is none."""
        leads = np.asarray(wanted, np.int64)
        starts = np.searchsorted(self.lead, leads)
        sizes = np.searchsorted(self.lead, leads, side="right") - starts
        which = runs(starts, sizes)
        return Cuts(np.repeat(np.arange(len(leads)), sizes), self.day[which], self.halvings[which])._or_none()

    def until(self, last: Whole) -> "Cuts | None":
        """Those of a day not after `last` of their lead."""
        kept = np.flatnonzero(self.day <= last[self.lead])
        return Cuts(self.lead[kept], self.day[kept], self.halvings[kept])._or_none()

    def shares(self, day: int) -> dict[int, tuple[tuple[int, int], ...]]:
        """By lead, the cuts that count on the day, the earliest first: day number and per cent left."""
        found: dict[int, tuple[tuple[int, int], ...]] = {}
        for lead, on, times in sorted(
            zip(*(one.tolist() for one in (self.lead, self.day, self.halvings)), strict=True)
        ):
            if on <= day:
                found[lead] = (*found.get(lead, ()), (on, 0 if times == GONE else 50))
        return found

    def _or_none(self) -> "Cuts | None":
        return self if len(self) else None

    def halvings_of(self, lead: Whole, day: Whole) -> Whole:
        """How often each deed is halved, of leads in rising order; at most `GONE` times."""
        starts = np.searchsorted(lead, self.lead)
        sizes = np.searchsorted(lead, self.lead, side="right") - starts
        deed, cut = runs(starts, sizes), np.repeat(np.arange(len(self)), sizes)
        found = np.zeros(len(lead), np.int64)
        np.add.at(found, deed, np.where(day[deed] <= self.day[cut], self.halvings[cut], 0))
        return np.minimum(found, GONE)


def runs(starts: Whole, sizes: Whole) -> Whole:
    """The numbers of several runs, one after the other: so many from each start."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))


def halved(points: npt.ArrayLike, times: npt.ArrayLike) -> Whole:
    """`points / 2^times`, rounded once to a whole number, half away from zero."""
    whole, often = np.asarray(points, np.int64), np.asarray(times, np.int64)
    size = (2 * np.abs(whole) + (1 << often)) >> (often + 1)
    return np.where(whole < 0, -size, size)
