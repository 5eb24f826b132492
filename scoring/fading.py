"""What one event is still worth after some days: product.md §3, exact to the hundredth of a point."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .points import round_half_away

Whole = npt.NDArray[np.int64]
#: A half-life ends after so many of its periods.
HALF_LIVES = 10
#: Ages beyond this many days are "for ever" to the tables.
FOREVER = 1 << 40


@dataclass(frozen=True)
class Fade:
    """How worth shrinks with age: `kind` is never, window, linear or half_life; `days` is above zero except for never."""

    kind: str = "never"
    days: int = 0

    @property
    def horizon(self) -> int:
        """The age in days from which an event is worth nothing and no longer counts."""
        return {"never": FOREVER, "half_life": HALF_LIVES * self.days}.get(self.kind, self.days)


NEVER = Fade()


def worth(points: int, fade: Fade, age: int) -> int:
    """Hundredths of a point that an event of `age` days is worth; `points` are hundredths too. Half away from zero.

    A negative age is in the future and worth nothing.
    """
    if not 0 <= age < fade.horizon:
        return 0
    if fade.kind == "linear":
        return round_half_away(points * (fade.days - age), fade.days)
    if fade.kind == "half_life":
        return _halved(points, age, fade.days)
    return points


def _halved(points: int, age: int, days: int) -> int:
    """`points · 2^(−age/days)`: exact where the power is a whole one, else with 50 digits, where no tie can be."""
    if age % days == 0:
        return round_half_away(points, 2 ** (age // days))
    with localcontext() as context:
        context.prec = 50
        exact = abs(points) * (Decimal(2) ** (Decimal(-age) / days))
        whole = int((exact + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))
    return whole if points >= 0 else -whole


@lru_cache(maxsize=4096)
def worth_table(points: int, fade: Fade, ages: int) -> Whole:
    """`worth` for the ages 0 to `ages` − 1, as a read-only array."""
    table = np.zeros(ages, np.int64)
    lasting = min(ages, fade.horizon)
    table[:lasting] = _lasting_worth(points, fade, np.arange(lasting, dtype=np.int64))
    table.flags.writeable = False
    return table


def _lasting_worth(points: int, fade: Fade, age: Whole) -> Whole | int:
    if fade.kind == "linear":
        whole: Whole = (2 * abs(points) * (fade.days - age) + fade.days) // (2 * fade.days)
        return whole if points >= 0 else -whole
    if fade.kind == "half_life":
        return _halved_table(points, age, fade.days)
    return points


def _halved_table(points: int, age: Whole, days: int) -> Whole:
    """Floating point decides all but the ages whose worth lies within a millionth of a tie; those are done exactly."""
    exact = abs(points) * np.exp2(-age / days)
    whole = np.floor(exact + 0.5).astype(np.int64)
    if points < 0:
        whole = -whole
    for near in np.flatnonzero(np.abs(exact - np.floor(exact) - 0.5) < 1e-6):
        whole[near] = _halved(points, int(age[near]), days)
    return whole
