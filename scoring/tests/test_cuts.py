"""What counts less since sales sent a lead back, on small histories that can be checked by eye. Deeds are given as ages in days."""

from typing import Any

import numpy as np
import pytest

from scoring.cuts import Cuts, halved
from scoring.definition_reading import parse
from scoring.forecast import forecast
from scoring.kernel import engagement
from scoring.ledger import Ledger, explain
from scoring.plan import Plan
from scoring.reach import Typical, reach
from scoring.vectors import Vectors, pack

TODAY = 9_000
HALF, NOTHING = 50, 0


def plan(**rule: Any) -> Plan:
    """One rule that gives four points for a visit."""
    usual = {"key": "visit", "group": "web", "points": 4, "activity": {"types": ["page_visit"]}}
    axis = {"engagement": rule.pop("axis", None) or {}}
    groups = [{"key": "web", "axis": "engagement"}]
    says = {"mql": {"total": 10}, "sql": {}}
    return Plan(parse({"name": "One", "axes": axis, "groups": groups, "rules": [usual | rule], "definitions": says}), [[True]])  # fmt: skip


def cuts(*said: tuple[int, int]) -> Cuts | None:
    """Cuts made so many days ago, with the per cent left."""
    return Cuts.of([0] * len(said), [TODAY - ago for ago, _share in said], [share for _ago, share in said])


def ledger(ages: list[int], *said: tuple[int, int], day: int = TODAY, **rule: Any) -> Ledger:
    return explain(plan(**rule), [], pack([TODAY - age for age in ages], [0] * len(ages)), day, cuts(*said))


@pytest.mark.parametrize(
    ("said", "ages", "total"),
    [
        ([(5, HALF)], [6, 5, 4], 8),  # two of them up to the day of the cut: 2 + 2 + 4
        ([(5, NOTHING)], [6, 5, 4], 4),
        ([(5, HALF), (3, HALF)], [6, 4, 2], 7),  # 1 + 2 + 4
        ([(5, HALF), (5, HALF)], [6], 1),  # twice on one day
        ([(5, HALF), (3, NOTHING)], [6, 4, 2], 4),
        ([(5, NOTHING), (3, HALF)], [6, 4, 2], 6),
        ([(0, HALF)], [0, 1], 4),  # what is done on the day of the cut is cut
        ([(-1, HALF)], [0, 1], 8),  # it is not made yet
    ],
)
def test_deeds_up_to_the_day_of_a_cut_count_less_and_later_ones_in_full(said: Any, ages: list[int], total: int) -> None:
    assert ledger(ages, *said).total == 100 * total


def test_scores_of_days_before_the_cut_do_not_know_of_it() -> None:
    days = [TODAY - 6, TODAY - 5, TODAY - 4, TODAY + 300]
    assert [ledger([7], (5, HALF), day=day).total for day in days] == [400, 200, 200, 200]


@pytest.mark.parametrize(
    ("points", "times", "left"),
    [(1, 1, 1), (3, 1, 2), (-1, 1, -1), (-3, 1, -2), (2, 2, 1), (1, 2, 0), (6, 2, 2), (-10, 2, -3), (7, 0, 7), (10_000_000, 30, 0)],
)  # fmt: skip
def test_half_a_hundredth_is_rounded_away_from_zero_once_however_often_it_is_halved(
    points: int, times: int, left: int
) -> None:
    assert halved(points, times) == left


def test_a_deed_fades_first_and_is_cut_then() -> None:
    fading = {"points": 0.05, "fade": {"kind": "linear", "days": 10}}
    assert ledger([5], **fading).total == 3  # 2.5 hundredths
    assert ledger([5], (5, HALF), **fading).total == 2  # half of 3


def test_what_was_taken_counts_half_too() -> None:
    assert ledger([6], (5, HALF), points=-10).total == -500
    assert ledger([6], (5, NOTHING), points=-10).total == 0


def test_caps_come_after_the_cut() -> None:
    assert ledger([6] * 10, (5, HALF), cap=16).total == 1600  # 20 of 40 are left
    assert ledger([6] * 10, (5, HALF), axis={"cap": 30}).total == 2000


@pytest.mark.parametrize(
    ("ages", "total"),
    [
        ([1, 2, 3], 4),  # all three since then
        ([1, 2, 6], 2),  # the third is one of before
        ([1, 2, 30], 0),  # too old, as ever
        ([6, 7, 8, 9], 2),
    ],
)
def test_at_least_n_gives_what_is_left_of_the_deed_that_makes_it_n(ages: list[int], total: int) -> None:
    three = {"count": {"kind": "at_least", "n": 3, "days": 14}}
    assert ledger(ages, (5, HALF), **three).total == 100 * total
    assert ledger(ages, (5, NOTHING), **three).total == (400 if ages == [1, 2, 3] else 0)


@pytest.mark.parametrize(
    ("count", "ages", "total"),
    [
        ({"kind": "once"}, [1, 6], 4),  # the latest decides
        ({"kind": "once"}, [6, 7], 2),
        ({"kind": "at_most", "n": 2}, [1, 6, 7], 6),
        ({"kind": "at_most", "n": 2}, [1, 2, 7], 8),
    ],
)
def test_of_the_latest_deeds_those_of_before_count_half(count: dict[str, Any], ages: list[int], total: int) -> None:
    for fade in ({"kind": "never"}, {"kind": "half_life", "days": 400_00 // 8}):
        found = ledger(ages, (5, HALF), count=count, fade=fade)
        assert found.total == pytest.approx(100 * total, abs=2)


def test_the_ledger_says_what_was_cut_and_adds_up() -> None:
    found = ledger([6, 5, 1], (5, HALF), cap=7)
    [line] = found.lines
    assert (line.events, line.uncut, line.before, line.after, line.points) == (3, 1200, 800, 700, 700)
    assert found.cuts == ((TODAY - 5, HALF),)
    assert found.to_json()["cuts"] == [{"day": "2024-08-17", "share": 50}]


def test_a_rule_of_which_nothing_is_left_counts_no_deed_and_still_says_so() -> None:
    [line] = ledger([6, 5], (5, NOTHING)).lines
    assert (line.events, line.points, line.uncut, line.did_something) == (0, 0, 800, True)


def test_when_a_lead_was_active_last_is_not_cut() -> None:
    found = ledger([6], (5, NOTHING))
    assert (found.last_active, found.engagement) == (TODAY - 6, 0)


def test_only_the_lead_that_was_sent_back_counts_less_wherever_it_stands() -> None:
    deeds, one = pack([TODAY - 6], [0]), Cuts.of([1], [TODAY - 5], [HALF])
    vectors = Vectors.of([deeds] * 3, one)
    assert engagement(plan(), vectors, TODAY).total.tolist() == [400, 200, 400]
    assert engagement(plan(), vectors[1:], TODAY).total.tolist() == [200, 400]
    assert engagement(plan(), vectors.repeated(2), TODAY).total.tolist() == [400, 200, 400] * 2
    wanted = vectors.picked(np.array([10, 20, 30]), np.array([20, 20, 99, 10]))
    assert engagement(plan(), wanted, TODAY).total.tolist() == [200, 200, 0, 400]
    assert engagement(plan(), vectors.joined(vectors), TODAY).total.tolist() == [800, 400, 800]


def test_a_cut_holds_on_days_to_come_and_for_what_would_reach_the_next_stage() -> None:
    done, half = pack([TODAY - 6, TODAY - 6], [0, 0]), cuts((5, HALF))
    assert forecast(plan(), done, [TODAY - 6, TODAY, TODAY + 50], half).total.tolist() == [800, 400, 400]
    visit = Typical(0, "Visit")
    ways = [reach(plan(), done, 0, TODAY, "mql", [visit], cut).ways for cut in (None, half)]
    assert ways == [(((visit, 1),),), (((visit, 2),),)]
