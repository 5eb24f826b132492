"""How well "would be SQL" agrees with what sales decided: counts, shares with intervals, bands, marks. Pure (R10, R13)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.health_intervals import Interval, wilson

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: Below so many decided ones nothing is concluded: at 30 the 95 % interval of a half still reaches from 33 % to 67 %.
ENOUGH = 30
#: Bands of ten points, from the first to the last edge; what lies beyond joins the bands at the ends.
WIDTH, FIRST_EDGE, LAST_EDGE = 10, 0, 150
#: Hundredths in a point.
POINT = 100


@dataclass(frozen=True)
class Share:
    """So many of so many, with the interval in which the true share probably lies."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's, at 95 %; None of nothing."""
        return wilson(self.part, self.whole)


@dataclass(frozen=True)
class Matrix:
    """The confusion matrix of a model: what it would have said against what came of the leads."""

    yes_good: int = 0
    yes_bad: int = 0
    no_good: int = 0
    no_bad: int = 0

    @classmethod
    def of(cls, would: Flags, good: Flags) -> "Matrix":
        pairs = [(would, good), (would, ~good), (~would, good), (~would, ~good)]
        return cls(*(int(np.count_nonzero(one & other)) for one, other in pairs))

    @property
    def n(self) -> int:
        return self.yes_good + self.yes_bad + self.no_good + self.no_bad

    @property
    def is_enough(self) -> bool:
        """Whether there are enough to conclude anything from."""
        return self.n >= ENOUGH

    @property
    def precision(self) -> Share:
        """Of those the model would have taken, how many were good."""
        return Share(self.yes_good, self.yes_good + self.yes_bad)

    @property
    def recall(self) -> Share:
        """Of the good ones, how many the model would have taken."""
        return Share(self.yes_good, self.yes_good + self.no_good)


@dataclass(frozen=True)
class Band:
    """The leads with a total from `low` to under `high` points; None: no end on that side."""

    low: int | None
    high: int | None
    share: Share


def bands(totals: Whole, good: Flags) -> list[Band]:
    """The share of good ones by band of total (hundredths), from the lowest to the highest band that anybody is in."""
    last = (LAST_EDGE - FIRST_EDGE) // WIDTH
    place = np.clip(totals // (WIDTH * POINT) - FIRST_EDGE // WIDTH, -1, last)
    return [
        Band(
            None if n < 0 else FIRST_EDGE + WIDTH * n,
            None if n == last else FIRST_EDGE + WIDTH * (n + 1),
            Share(int(np.count_nonzero(good & (place == n))), int(np.count_nonzero(place == n))),
        )
        for n in (range(int(place.min()), int(place.max()) + 1) if place.size else ())
    ]


@dataclass(frozen=True)
class Mark:
    """A mark of the total in whole points, and what lies at or above it: all leads, and the good of the decided ones."""

    points: int
    leads: int
    share: Share


def marks(totals: Whole, decided: Flags, good: Flags) -> list[Mark]:
    """Every whole-point mark that divides these leads, lowest first."""
    found = []
    for points in np.unique(totals // POINT).tolist():
        above = totals >= points * POINT
        share = Share(int(np.count_nonzero(above & good & decided)), int(np.count_nonzero(above & decided)))
        found.append(Mark(points, int(np.count_nonzero(above)), share))
    return found


def reaching_acceptance(found: Sequence[Mark], wanted: float) -> Mark | None:
    """The lowest mark from which on at least this share was good, judged by enough decided ones; None: there is none."""
    return next(
        (mark for mark in found if mark.share.whole >= ENOUGH and mark.share.part >= wanted * mark.share.whole), None
    )


def reaching_volume(found: Sequence[Mark], wanted: float) -> Mark | None:
    """The lowest mark that lets at most so many leads through; None where even the highest lets more through."""
    return next((mark for mark in found if mark.leads <= wanted), None)
