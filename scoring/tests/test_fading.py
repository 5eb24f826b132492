"""What one event is worth after some days (product.md §3)."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.fading import NEVER, Fade, worth, worth_table

from . import oracle

fades = st.builds(Fade, st.sampled_from(["window", "linear", "half_life"]), st.integers(1, 36_500)) | st.just(NEVER)


@pytest.mark.parametrize(
    ("kind", "days", "points", "age", "left"),
    [
        ("never", 0, 400, 0, 400),
        ("never", 0, 400, 30_000, 400),
        ("window", 180, -1000, 179, -1000),
        ("window", 180, -1000, 180, 0),
        ("linear", 120, 4000, 0, 4000),
        ("linear", 120, 4000, 60, 2000),
        ("linear", 120, 4000, 119, 33),
        ("linear", 120, 4000, 120, 0),
        ("linear", 8, 100, 1, 88),  # 87.5
        ("linear", 8, -100, 1, -88),
        ("half_life", 30, 400, 0, 400),
        ("half_life", 30, 400, 30, 200),
        ("half_life", 30, 100, 60, 25),
        ("half_life", 30, 1, 30, 1),  # 0.5
        ("half_life", 30, -1, 30, -1),
        ("half_life", 30, 400, 15, 283),  # 282.84…
        ("half_life", 30, 100_000, 299, 100),  # 100.0 − 0.06…, still there on the last day
        ("half_life", 30, 100_000, 300, 0),
    ],
)
def test_worth(kind: str, days: int, points: int, age: int, left: int) -> None:
    assert worth(points, Fade(kind, days), age) == left


def test_the_future_is_worth_nothing() -> None:
    assert worth(400, NEVER, -1) == 0


@given(st.integers(-(10**7), 10**7), fades, st.integers(0, 4_000))
def test_worth_equals_the_plain_formula(points: int, fade: Fade, age: int) -> None:
    rule = {"points": str(Fraction(points, 100)), "fade": {"kind": fade.kind, "days": fade.days or 1}}
    assert worth(points, fade, age) == oracle.round_half_away(points * Fraction(oracle.fade(rule, age)))


@given(st.integers(-(10**7), 10**7), fades)
def test_the_table_equals_worth_age_by_age(points: int, fade: Fade) -> None:
    ages = [*range(50), *range(50, 2_000, 97)]
    assert worth_table(points, fade, 2_000)[ages].tolist() == [worth(points, fade, age) for age in ages]


def test_the_table_cannot_be_spoilt() -> None:
    with pytest.raises(ValueError, match="read-only"):
        worth_table(400, NEVER, 10)[0] = 1
    assert worth_table(400, NEVER, 10).dtype == np.int64
