"""Packed deeds: nothing gets lost on the way in or out."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.vectors import (
    EMPTY,
    DayOutOfRange,
    Vectors,
    activity_day,
    date_of,
    merge,
    pack,
    scoring_day,
    take_away,
    unpack,
)

deeds = st.lists(st.tuples(st.integers(0, 16_383), st.integers(0, 4_095), st.integers(1, 200)), max_size=20)


def packed(rows: list[tuple[int, int, int]]) -> np.ndarray:
    return pack(*np.array(rows, np.int64).reshape(-1, 3).T)


def contents(entries: np.ndarray) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for day, cls, count in zip(*(column.tolist() for column in unpack(entries)), strict=True):
        found[day, cls] += count
    return found


def expected(rows: list[tuple[int, int, int]]) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for day, cls, count in rows:
        found[day, cls] += count
    return found


@given(deeds)
def test_packing_keeps_every_deed_and_sorts(rows: list[tuple[int, int, int]]) -> None:
    entries = packed(rows)
    assert contents(entries) == expected(rows)
    assert np.all(np.diff(entries.astype(np.int64) >> 6) >= 0)
    assert entries.dtype == np.dtype("<u4")


@given(deeds, deeds)
def test_merging_and_taking_away_undo_each_other(
    rows: list[tuple[int, int, int]], more: list[tuple[int, int, int]]
) -> None:
    both = merge(packed(rows), packed(more))
    assert contents(both) == expected(rows + more)
    assert take_away(both, packed(more)).tolist() == packed(rows).tolist()


def test_what_is_not_there_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="below zero"):
        take_away(pack([5], [1]), pack([5], [2]))


@pytest.mark.parametrize("row", [(-1, 0), (16_384, 0), (0, -1), (0, 4_096)])
def test_what_does_not_fit_is_refused(row: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        pack([row[0]], [row[1]])


@given(st.lists(deeds, max_size=5))
def test_leads_are_kept_apart(leads: list[list[tuple[int, int, int]]]) -> None:
    rows = [(number, *row) for number, history in enumerate(leads) for row in history]
    at_once = Vectors.pack(*np.array(rows, np.int64).reshape(-1, 4).T, leads=len(leads))
    joined = Vectors.join([packed(history).tobytes() for history in leads])
    assert at_once.entries.tolist() == joined.entries.tolist()
    assert at_once.offsets.tolist() == joined.offsets.tolist()
    assert [len(joined[n : n + 1].entries) for n in range(len(leads))] == [len(packed(history)) for history in leads]


def test_days_are_numbered_from_2000() -> None:
    assert activity_day(date(2000, 1, 1)) == 0
    assert date_of(activity_day(date(2044, 11, 8))) == date(2044, 11, 8)
    assert date_of(-1) is None


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2044, 11, 9), date.max, date.min])
def test_an_activity_outside_the_range_is_refused_in_words(day: date) -> None:
    with pytest.raises(DayOutOfRange, match="must lie between 2000-01-01 and 2044-11-08"):
        activity_day(day)


def test_the_far_future_can_still_be_scored() -> None:
    assert scoring_day(date(2089, 9, 17)) == 32_767
    with pytest.raises(DayOutOfRange):
        scoring_day(date(2089, 9, 18))


def test_nothing_packs_to_nothing() -> None:
    assert pack([], []).tolist() == EMPTY.tolist() == merge().tolist() == []


@given(st.lists(st.lists(st.integers(0, 300), max_size=3), max_size=6), st.data())
def test_leads_are_picked_in_any_order_and_those_without_deeds_are_empty(
    days: list[list[int]], data: st.DataObject
) -> None:
    stored = [pack(one, [0] * len(one)) for one in days]
    leads = np.arange(len(days)) * 3 + 5
    wanted = data.draw(st.lists(st.integers(0, 30), unique=True, max_size=8))
    picked = Vectors.of(stored).picked(leads, np.array(wanted, np.int64))
    assert len(picked) == len(wanted)
    for n, lead in enumerate(wanted):
        expected = stored[(lead - 5) // 3] if lead in leads else []
        assert picked[n : n + 1].entries.tolist() == list(expected)


@given(
    st.lists(st.tuples(st.lists(st.integers(0, 9), max_size=4), st.lists(st.integers(0, 9), max_size=4)), max_size=5)
)
def test_the_deeds_of_two_packings_are_joined_lead_by_lead(days: list[tuple[list[int], list[int]]]) -> None:
    one, other = (Vectors.of([pack(each[n], [0] * len(each[n])) for each in days]) for n in (0, 1))
    both = Vectors.of([pack([*a, *b], [0] * len(a + b)) for a, b in days])
    joined = one.joined(other)
    assert (joined.entries.tolist(), joined.offsets.tolist()) == (both.entries.tolist(), both.offsets.tolist())
