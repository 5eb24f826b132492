"""Conditions that nothing can fulfil are named, and none that something fulfils."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.testing import examples
from leads.conditions import Condition, matches_all
from leads.contradictions import impossible_field

VALUES = st.sampled_from(["Poland", "poland ", "Spain", "5", "5.0", 5, 7, "", "2026-11-21", True])
ONE = st.builds(Condition, st.just("f"), st.sampled_from(["is", "is_not"]), VALUES)
LIKE = st.builds(
    Condition, st.just("f"), st.sampled_from(["contains", "starts_with"]), st.sampled_from(["po", "5", ".0"])
)
BOUND = st.builds(Condition, st.just("f"), st.sampled_from(["at_least", "at_most"]), st.sampled_from([4, 5, 6, "5.0"]))
LIST = st.builds(Condition, st.just("f"), st.sampled_from(["in", "not_in"]), st.tuples(VALUES, VALUES))
KNOWN = st.builds(Condition, st.just("f"), st.sampled_from(["known", "unknown"]))


def said(*conditions: tuple[Any, ...]) -> list[Condition]:
    return [Condition(*one) for one in conditions]


@pytest.mark.parametrize(
    "conditions",
    [
        said(("f", "is", "Poland"), ("f", "is", "Spain")),
        said(("f", "is", "Poland"), ("f", "is_not", "poland")),
        said(("f", "in", ("a", "b")), ("f", "in", ("c", "d"))),
        said(("f", "known"), ("f", "unknown")),
        said(("f", "unknown"), ("f", "is_not", "x")),
        said(("f", "at_least", 10), ("f", "at_most", 5)),
        said(("f", "between", (1, 3)), ("f", "between", (4, 6))),
        said(("f", "is", 3), ("f", "at_least", 4)),
        said(("f", "is", "Spain"), ("f", "starts_with", "po")),
        said(("g", "is", "x"), ("f", "at_least", 10), ("f", "at_most", 5)),
    ],
)
def test_what_nothing_can_fulfil_is_named(conditions: list[Condition]) -> None:
    assert impossible_field(conditions) == "f"


@given(st.lists(st.one_of(ONE, LIKE, BOUND, LIST, KNOWN), max_size=4), VALUES | st.none())
@examples(300)
def test_what_something_fulfils_is_not(conditions: list[Condition], fact: Any) -> None:
    if matches_all(conditions, {"f": fact}):
        assert not impossible_field(conditions)
