"""Points as people and files read them."""

from decimal import Decimal

import pytest

from scoring.points import exact_points, plain_points, round_half_away, signed_points, whole_points


@pytest.mark.parametrize(
    ("hundredths", "whole"), [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (-49, 0), (-50, -1), (-150, -2), (-151, -2)]
)
def test_people_see_whole_points_half_away_from_zero(hundredths: int, whole: int) -> None:
    assert whole_points(hundredths) == whole


@pytest.mark.parametrize(
    ("over", "under", "whole"),
    [(7, 2, 4), (-7, 2, -4), (10, 3, 3), (-10, 3, -3), (0, 5, 0), (10**40 + 1, 2, 5 * 10**39 + 1)],
)
def test_rounding_is_exact(over: int, under: int, whole: int) -> None:
    assert round_half_away(over, under) == whole


def test_files_state_two_decimals() -> None:
    assert str(exact_points(-1250)) == "-12.50"
    assert exact_points(7) == Decimal("0.07")


@pytest.mark.parametrize(
    ("hundredths", "text"), [(0, "0"), (400, "+4"), (-1250, "−12.5"), (5, "+0.05"), (100_000, "+1000")]
)
def test_ledger_lines_show_the_sign(hundredths: int, text: str) -> None:
    assert signed_points(hundredths) == text


def test_json_has_integers_where_points_are_whole() -> None:
    assert repr([plain_points(400), plain_points(-50)]) == "[4, -0.5]"
