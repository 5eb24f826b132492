"""Whose turn it is: shares follow weights, nobody starves, newcomers and those back from leave start at the mean."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff import dealing, turns
from handoff.dealing import ABSENT, CLOSED, FULL, GONE, WEIGHTLESS, Dealer, Lot, Seller, Way
from leadhub.testing import examples
from leads.conditions import Condition

WEIGHTS = st.dictionaries(st.integers(1, 40), st.integers(1, 9), min_size=1, max_size=6)


def played(weights: dict[int, int], rounds: int, counters: turns.Counters | None = None) -> list[int]:
    taken, counters = [], counters or {}
    for _n in range(rounds):
        turn = turns.take(counters, weights, list(weights))
        counters = turn.after
        taken.append(turn.chosen)
    return taken


def naive(weights: dict[int, int], rounds: int) -> list[int]:
    """Who is owed most of a lead: each lead is owed to all by weight, and whoever gets it has had a whole one."""
    taken = []
    for n in range(1, rounds + 1):
        owed = {one: Fraction(n * weight, sum(weights.values())) - taken.count(one) for one, weight in weights.items()}
        taken.append(min(owed, key=lambda one: (-owed[one], one)))
    return taken


@examples(60)
@given(WEIGHTS, st.integers(1, 60))
def test_it_is_what_a_naive_account_of_debts_gives(weights, rounds) -> None:
    assert played(weights, rounds) == naive(weights, rounds)


@examples(60)
@given(WEIGHTS, st.integers(1, 3))
def test_after_whole_rounds_the_shares_are_exactly_the_weights(weights, rounds) -> None:
    assert Counter(played(weights, rounds * sum(weights.values()))) == {
        one: rounds * weight for one, weight in weights.items()
    }


@examples(60)
@given(WEIGHTS, st.lists(st.sets(st.integers(1, 40)), max_size=40))
def test_nobody_starves_however_often_others_come_and_go(weights, missing) -> None:
    counters: turns.Counters = {}
    for away in missing:
        able = {one: weight for one, weight in weights.items() if one not in away}
        if able:
            counters = turns.take(counters, able, list(weights)).after
    whole = sum(weights.values())
    assert set(played(weights, 40 * whole, counters)) == set(weights)


def test_equal_weights_alternate_and_heavy_ones_are_spread() -> None:
    assert played({1: 1, 2: 1, 3: 1}, 6) == [1, 2, 3, 1, 2, 3]
    assert played({1: 3, 2: 1}, 8) == [1, 1, 2, 1, 1, 1, 2, 1]


def test_a_newcomer_starts_at_the_mean_and_is_not_flooded() -> None:
    old = {1: 4, 2: -2}
    assert turns.seated(old, [1, 2, 3]) == {1: 4, 2: -2, 3: 1}
    long_served = turns.take({}, {1: 1, 2: 1}, [1, 2])
    taken = played({1: 1, 2: 1, 3: 1}, 9, long_served.after)
    assert Counter(taken) == {1: 3, 2: 3, 3: 3}


def test_who_was_on_leave_lost_their_counter_and_returns_at_the_mean() -> None:
    away = turns.seated({1: 5, 2: -5, 3: 0}, [1, 2])
    assert away == {1: 5, 2: -5}
    assert turns.seated({1: 6, 2: -2}, [1, 2, 3])[3] == 2


def test_the_least_loaded_for_their_weight_take_turns() -> None:
    assert turns.least_loaded({1: 1, 2: 2, 3: 1}, {1: 3, 2: 4, 3: 2}) == {2: 2, 3: 1}


# --- Dealing ----------------------------------------------------------------------------------------------------------
TEAM = 7
POLAND = (Condition("country", "is", "Poland"),)


def dealt(way: Way, *sellers: Seller, lots: int = 1, **lot: object) -> list[dealing.Dealt]:
    dealer = Dealer([way], sellers)
    return [dealer.deal(Lot(n, lot.get("facts", {}), lot.get("company"), lot.get("owner"))) for n in range(lots)]  # type: ignore[arg-type]


def push(**facts: object) -> Way:
    return Way(1, mode=dealing.PUSH, team=TEAM, queue=5, **facts)  # type: ignore[arg-type]


def test_the_first_rule_that_matches_counts_and_none_is_the_default_queue() -> None:
    dealer = Dealer([Way(1, POLAND, queue=5), Way(2, POLAND, queue=6)], [])
    assert (dealer.deal(Lot(1, {"country": "poland"})).rule, dealer.deal(Lot(2, {})).how) == (1, dealing.NO_RULE)


@pytest.mark.parametrize(
    ("seller", "why"),
    [
        (Seller(1, TEAM, state=ABSENT), ABSENT),
        (Seller(1, TEAM, state=CLOSED), CLOSED),
        (Seller(1, TEAM, capacity=2, open=2), FULL),
        (Seller(1, TEAM, weight=0), WEIGHTLESS),
    ],
)
def test_who_cannot_take_one_is_passed_over_and_it_says_why(seller, why) -> None:
    [one] = dealt(push(), seller, Seller(2, TEAM))
    assert (one.to, one.passed, one.queue) == (2, [(1, why)], 5)
    [nobody] = dealt(push(), seller)
    assert (nobody.to, nobody.how, nobody.queue) == (None, dealing.NOBODY, 5)


def test_capacity_fills_up_within_one_set() -> None:
    assert [one.to for one in dealt(push(), Seller(1, TEAM, capacity=1), Seller(2, TEAM, capacity=2), lots=4)] == [
        1,
        2,
        2,
        None,
    ]


def test_the_rep_who_works_with_the_company_gets_it_when_present() -> None:
    way = push(prefers_owner=True)
    assert [one.to for one in dealt(way, Seller(1, TEAM), Seller(9, 8), lots=2, owner=9)] == [9, 9]
    [away] = dealt(way, Seller(1, TEAM), Seller(9, 8, state=ABSENT), owner=9)
    assert (away.to, away.passed) == (1, [(9, ABSENT)])
    [gone] = dealt(way, Seller(1, TEAM), owner=9)
    assert (gone.to, gone.passed) == (1, [(9, GONE)])
    assert dealt(push(), Seller(1, TEAM), Seller(9, 8), owner=9)[0].to == 1


def test_two_leads_of_one_new_company_go_to_one_rep() -> None:
    way = push(prefers_owner=True)
    assert [one.to for one in dealt(way, Seller(1, TEAM), Seller(2, TEAM), lots=3, company=3)] == [1, 1, 1]


def test_a_turn_is_told_with_the_counters_before_and_after() -> None:
    [one] = dealt(push(), Seller(1, TEAM, weight=2), Seller(2, TEAM))
    assert (one.to, one.turn) == (1, [(1, 0, -1), (2, 0, 1)])


def test_the_least_loaded_gets_it_where_the_rule_says_so() -> None:
    way = push(method=dealing.LEAST)
    assert [one.to for one in dealt(way, Seller(1, TEAM, open=2), Seller(2, TEAM), lots=3)] == [2, 2, 1]
