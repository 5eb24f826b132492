"""A lead's scored deeds, packed: one unsigned 32-bit number for each (day, match class, count).

    day 14 bits (days since 2000-01-01) | match class 12 bits | count 6 bits

Entries of a lead are sorted, so days rise. More than 63 deeds of one class on one day take several entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from .cuts import Cuts, runs

Entries = npt.NDArray[np.uint32]
Whole = npt.NDArray[np.int64]

FIRST_DAY = date(2000, 1, 1)
MOST_CLASSES = 1 << 12
MOST_COUNT = (1 << 6) - 1
LAST_ACTIVITY_DAY = FIRST_DAY + timedelta(days=(1 << 14) - 1)
LAST_SCORING_DAY = FIRST_DAY + timedelta(days=(1 << 15) - 1)
KEY = (1 << 26) - 1
EMPTY: Entries = np.zeros(0, "<u4")


class DayOutOfRange(ValueError):
    """A day that the engine cannot place; the text is a sentence for people."""


def activity_day(day: date) -> int:
    """The number of an activity's local calendar day; `DayOutOfRange` before 2000-01-01 or after 2044-11-08."""
    return _day_number(day, LAST_ACTIVITY_DAY)


def scoring_day(day: date) -> int:
    """The number of a day to score for; `DayOutOfRange` before 2000-01-01 or after 2089-09-17."""
    return _day_number(day, LAST_SCORING_DAY)


def _day_number(day: date, last: date) -> int:
    number = (day - FIRST_DAY).days
    if not 0 <= number <= (last - FIRST_DAY).days:
        raise DayOutOfRange(_("The day must lie between %(first)s and %(last)s.") % {"first": FIRST_DAY, "last": last})
    return number


def date_of(number: int) -> date | None:
    """The calendar day of a day number; None for a negative one, which says "never"."""
    return FIRST_DAY + timedelta(days=int(number)) if number >= 0 else None


def pack(days: npt.ArrayLike, classes: npt.ArrayLike, counts: npt.ArrayLike = 1) -> Entries:
    """The entries of one lead from day numbers, match classes and how often; equal (day, class) are added up."""
    return Vectors.pack(0, days, classes, counts, leads=1).entries


def unpack(entries: Entries) -> tuple[Whole, Whole, Whole]:
    """Day numbers, classes and counts of entries."""
    wide = np.asarray(entries, np.int64)
    return wide >> 18, (wide >> 6) & (MOST_CLASSES - 1), wide & MOST_COUNT


def merge(*parts: Entries) -> Entries:
    """The entries of several packings of one lead as one packing."""
    return pack(*unpack(np.concatenate(parts))) if parts else EMPTY


def take_away(entries: Entries, gone: Entries) -> Entries:
    """The entries without those of `gone`; `ValueError` if these are not all among them."""
    days, classes, counts = unpack(np.concatenate([entries, gone]))
    counts[len(entries) :] *= -1
    return pack(days, classes, counts)


@dataclass(frozen=True)
class Vectors:
    """The entries of many leads one after the other; lead i owns `entries[offsets[i]:offsets[i + 1]]`.

    `cuts` say what of it counts less since sales sent the lead back; they go with their leads, and None are most.
    """

    entries: Entries
    offsets: Whole
    cuts: Cuts | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, leads: slice) -> Self:
        first, last, _step = leads.indices(len(self))
        offsets = self.offsets[first : last + 1]
        cuts = self.cuts and self.cuts.picked(np.arange(first, last))
        return type(self)(self.entries[offsets[0] : offsets[-1]], offsets - offsets[0], cuts)

    @classmethod
    def join(cls, packed: Sequence[bytes | memoryview | Any]) -> Self:
        """From the stored bytes of each lead (empty bytes for a lead without deeds)."""
        sizes = np.fromiter(map(len, packed), np.int64, len(packed))
        return cls(np.frombuffer(b"".join(packed), "<u4"), np.concatenate([[0], np.cumsum(sizes // 4)]))

    @classmethod
    def of(cls, leads: Sequence[Entries], cuts: Cuts | None = None) -> Self:
        """From the entries of each lead."""
        return cls.join([np.asarray(entries, "<u4").tobytes() for entries in leads]).with_cuts(cuts)

    @classmethod
    def pack(
        cls, lead: npt.ArrayLike, days: npt.ArrayLike, classes: npt.ArrayLike, counts: npt.ArrayLike = 1, *, leads: int
    ) -> Self:
        """The entries of `leads` leads from one row per deed or count of deeds, in any order; `lead` is an index from 0.

        Equal (lead, day, class) are added up; `ValueError` for a number out of range or a count below zero.
        """
        rows = np.broadcast_arrays(*(np.asarray(column, np.int64) for column in (lead, days, classes, counts)))
        keys = _checked(rows[0], rows[1], rows[2], leads)
        found, place = np.unique(keys, return_inverse=True)
        times = np.zeros(len(found), np.int64)
        np.add.at(times, place.ravel(), rows[3].ravel())
        if times.size and times.min() < 0:
            raise ValueError("a count below zero")
        found, times = _spread(found[times > 0], times[times > 0])
        offsets = np.searchsorted(found >> 26, np.arange(leads + 1))
        return cls(((found & KEY) << 6 | times).astype("<u4"), offsets)

    @property
    def owners(self) -> Whole:
        """For each entry the index of its lead."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def owners_of(self, classes: npt.NDArray[np.bool_]) -> Whole:
        """The owners of the entries of these classes, flagged by number; a lead as often as it has such entries."""
        places = np.flatnonzero(classes[(self.entries >> 6) & (MOST_CLASSES - 1)])
        return np.searchsorted(self.offsets, places, side="right") - 1

    def with_cuts(self, cuts: Cuts | None) -> Self:
        """The same deeds, and these cuts of the leads, numbered by their places."""
        return type(self)(self.entries, self.offsets, cuts)

    def joined(self, other: Self) -> Self:
        """The deeds of both, lead by lead; cuts stay those of the first."""
        entries = np.concatenate([self.entries, other.entries])
        found = self.pack(np.concatenate([self.owners, other.owners]), *unpack(entries), leads=len(self))
        return found.with_cuts(self.cuts)

    def picked(self, leads: Whole, wanted: Whole) -> Self:
        """The wanted leads in their order, of these vectors, which are those of `leads` in rising order; none: no deeds."""
        if np.array_equal(leads, wanted):
            return self
        place = np.minimum(np.searchsorted(leads, wanted), max(len(leads) - 1, 0))
        found = leads[place] == wanted if len(leads) else np.zeros(len(wanted), bool)
        sizes, starts = np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        sizes[found], starts[found] = np.diff(self.offsets)[place[found]], self.offsets[place[found]]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        cuts = self.cuts and self.cuts.picked(np.where(found, place, -1))
        return type(self)(self.entries[runs(starts, sizes)], offsets, cuts)

    def repeated(self, times: int) -> Self:
        """The same leads again and again: to score one lead for many days at once."""
        sizes = np.tile(np.diff(self.offsets), times)
        cuts = self.cuts and self.cuts.picked(np.tile(np.arange(len(self)), times))
        return type(self)(np.tile(self.entries, times), np.concatenate([[0], np.cumsum(sizes)]), cuts)


def _checked(lead: Whole, days: Whole, classes: Whole, leads: int) -> Whole:
    """One sortable number for each (lead, day, class)."""
    for column, end in ((lead, leads), (days, 1 << 14), (classes, MOST_CLASSES)):
        if column.size and not 0 <= column.min() <= column.max() < end:
            raise ValueError("a lead, day or class out of range")
    return ((lead << 26) | (days << 12) | classes).ravel()


def _spread(keys: Whole, times: Whole) -> tuple[Whole, Whole]:
    """More than 63 times become several entries of at most 63."""
    if not times.size or times.max() <= MOST_COUNT:
        return keys, times
    pieces = -(-times // MOST_COUNT)
    spread = np.full(pieces.sum(), MOST_COUNT)
    spread[np.cumsum(pieces) - 1] = times - (pieces - 1) * MOST_COUNT
    return np.repeat(keys, pieces), spread
