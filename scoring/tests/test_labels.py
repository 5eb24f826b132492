"""The grid label: a letter for fit, a digit for engagement."""

import pytest

from scoring.labels import grid_label

FIT = {"A": 4000, "B": 2500, "C": 1000}
ENGAGEMENT = {"1": 6000, "2": 2500}


@pytest.mark.parametrize(
    ("fit", "engagement", "label"),
    [
        (4000, 6000, "A1"),
        (3999, 5999, "B2"),
        (2500, 2500, "B2"),
        (1000, 2499, "C3"),
        (999, 0, "D3"),
        (-5000, -5000, "D3"),
    ],
)
def test_cutoffs_compare_exact_hundredths(fit: int, engagement: int, label: str) -> None:
    assert grid_label(fit, engagement, FIT, ENGAGEMENT) == label


def test_a_step_without_cutoff_is_never_reached() -> None:
    assert grid_label(9999, 9999, {"B": 2500}, {}) == "B3"
