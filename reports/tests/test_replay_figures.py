"""Figures of the replay by hand: matrices, bands and marks with known answers."""

import numpy as np
import pytest

from reports.replay import ENOUGH, Matrix, Share, bands, marks, reaching_acceptance, reaching_volume


def flags(text: str) -> np.ndarray:
    """ "yn" → True, False."""
    return np.array([letter == "y" for letter in text], bool)


def test_a_share_of_nothing_is_unknown_and_others_have_their_interval() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)
    half = Share(15, 30).interval
    assert half is not None
    assert (half.low, half.high) == pytest.approx((0.3315, 0.6685), abs=0.0001)  # so wide a half is at thirty


def test_the_matrix_counts_the_four_ways_to_agree_or_not() -> None:
    found = Matrix.of(flags("yyyynnnnn"), flags("yyynyynnn"))
    assert (found.yes_good, found.yes_bad, found.no_good, found.no_bad) == (3, 1, 2, 3)
    assert (found.precision, found.recall) == (Share(3, 4), Share(3, 5))


def test_under_thirty_nothing_is_enough() -> None:
    assert not Matrix(yes_good=ENOUGH - 1).is_enough
    assert Matrix(yes_good=ENOUGH).is_enough


def test_bands_are_of_ten_points_and_end_where_nobody_is() -> None:
    totals = np.array([-1, 0, 999, 1000, 2550, 15_000, 99_999], np.int64)
    found = bands(totals, flags("nynyyyn"))
    assert [(band.low, band.high) for band in found[:4]] == [(None, 0), (0, 10), (10, 20), (20, 30)]
    assert [(band.share.part, band.share.whole) for band in found[:4]] == [(0, 1), (1, 2), (1, 1), (1, 1)]
    assert (found[-1].low, found[-1].high, found[-1].share) == (150, None, Share(1, 2))
    assert bands(np.zeros(0, np.int64), flags("")) == []


def test_the_mark_of_an_acceptance_is_the_lowest_with_enough_decided_above_it() -> None:
    totals = np.array([1_000] * 40 + [5_000] * 40 + [9_050] * 10, np.int64)
    good = flags("n" * 40 + "y" * 30 + "n" * 10 + "y" * 10)
    found = marks(totals, np.ones(90, bool), good)
    assert [(mark.points, mark.leads, mark.share) for mark in found] == [
        (10, 90, Share(40, 90)), (50, 50, Share(40, 50)), (90, 10, Share(10, 10)),
    ]  # fmt: skip
    assert reaching_acceptance(found, 0.44).points == 10  # type: ignore[union-attr]
    assert reaching_acceptance(found, 0.80).points == 50  # type: ignore[union-attr]
    assert reaching_acceptance(found, 0.95) is None  # only ten are left above 90


def test_undecided_leads_count_for_volume_and_not_for_acceptance() -> None:
    found = marks(np.array([1_000, 1_000, 2_000], np.int64), flags("ynn"), flags("yyy"))
    assert [(mark.leads, mark.share) for mark in found] == [(3, Share(1, 1)), (1, Share(0, 0))]


def test_the_mark_of_a_volume_lets_at_most_so_many_through() -> None:
    found = marks(np.array([1_000, 2_000, 2_000, 3_000], np.int64), flags("yyyy"), flags("yyyy"))
    assert [getattr(reaching_volume(found, n), "points", None) for n in (4, 3, 2.9, 1, 0.5)] == [10, 20, 30, 30, None]
