"""How sure a share or a ratio of shares is: 95 % intervals from counts. Pure.

Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), for a share;
D. Katz et al., "Obtaining confidence intervals for the risk ratio in cohort studies", Biometrics 34 (1978), for a ratio.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

#: The normal deviate that leaves 2.5 % at either side.
Z = 1.959963984540054
#: A ratio is told only where both sides have so many leads, and so many of them were accepted.
FEWEST, FEWEST_ACCEPTED = 30, 5


@dataclass(frozen=True)
class Interval:
    """A value and between what it lies with 95 % confidence."""

    value: float
    low: float
    high: float


def wilson(hits: int, n: int) -> Interval | None:
    """A share and its Wilson score interval; None where n is 0."""
    if n <= 0:
        return None
    share, spread = hits / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def ratio(hits: int, n: int, other_hits: int, other_n: int) -> Interval | None:
    """How many times as large one share is as another, with Katz's log interval; None where n is too small to tell."""
    if min(n, other_n) < FEWEST or min(hits, other_hits) < FEWEST_ACCEPTED:
        return None
    value = (hits / n) / (other_hits / other_n)
    half = Z * sqrt(1 / hits - 1 / n + 1 / other_hits - 1 / other_n)
    return Interval(value, exp(log(value) - half), exp(log(value) + half))
