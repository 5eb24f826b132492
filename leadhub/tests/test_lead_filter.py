"""The filter of the lead list: read from any address without a fault, said as chips, written back the same."""

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadhub.lead_filter import ASKING, LeadFilter, as_conditions, chips_of
from leads.conditions import Condition
from scoring.lead_fields import LIST_FIELDS

EVERYTHING = (
    "q=dewi&stage=mql&stage=sql&owner=me&source=Webinar&industry=Logistics&country=Poland&country=Indonesia&score=60"
    "&label=A1&label=B&active=7&consent=known&complete=50&list=3&where=seniority:in:VP, C-level"
)


def read(query: str) -> LeadFilter:
    return LeadFilter.read(QueryDict(query), LIST_FIELDS)


def test_an_address_without_wishes_is_all_leads():
    assert read("sort=-score&after=xyz").is_empty


def test_every_wish_is_read():
    wanted = read(EVERYTHING)

    assert wanted == LeadFilter(
        q="dewi", stage=("mql", "sql"), owner="me", source=("Webinar",), industry=("Logistics",),
        country=("Poland", "Indonesia"), score=60, label=("A1", "B"), active=7, consent="known", complete=50, list=3,
        where=(Condition("seniority", "in", ("VP", "C-level")),),
    )  # fmt: skip
    assert wanted.problems == ()


def test_the_filter_writes_the_address_it_was_read_from():
    wanted = read(EVERYTHING)

    assert LeadFilter.read(wanted.params(), LIST_FIELDS) == wanted


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stage=hot", "There is no stage “hot”."),
        ("owner=rita", "“rita” is no owner; it was left out."),
        ("score=high", "“high” is no whole number from -100000 to 100000; it was left out."),
        ("score=99999999999999999999", "is no whole number"),
        ("active=-1", "is no whole number from 0 to 36500"),
        ("label=Z9", "“Z9” is no grid label; they go from A1 to D3."),
        ("complete=101", "is no whole number from 0 to 100"),
        ("list=0", "is no whole number"),
        ("where=shoe_size:is:42", "There is no field “shoe_size”."),
        ("where=employees:at_least:many", "This must be a number, or a day such as 2026-11-21."),
        ("where=country", "This must be one of"),
        ("source=" + "x" * 200, "is too long"),
        ("q=%00", "cannot be stored"),
    ],
)
def test_junk_is_left_out_and_said_in_a_sentence(query: str, sentence: str):
    wanted = read(query)

    assert wanted.is_empty
    assert len(wanted.problems) == 1
    assert sentence in wanted.problems[0]


def test_one_bad_wish_does_not_take_the_good_ones_along():
    assert read("stage=hot&stage=mql&score=x&country=Poland") == LeadFilter(stage=("mql",), country=("Poland",))


anything = (
    st.text(max_size=40)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.sampled_from(["me", "A1", "mql", "country:is:Poland"])
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([*ASKING, "field", "op", "value"]), anything), max_size=12))
def test_no_address_breaks_the_filter_and_what_is_read_is_kept(pairs: list[tuple[str, str]]):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)

    wanted = LeadFilter.read(query, LIST_FIELDS)

    assert LeadFilter.read(wanted.params(), LIST_FIELDS) == wanted
    assert all(chip["text"] for chip in chips_of(wanted, {}, QueryDict()))


def chips(query: str, base: str = "") -> list[dict[str, str]]:
    return chips_of(read(query), {("owner", "7"): "Rita", ("list", "3"): "Warm"}, QueryDict(base))


def test_chips_read_as_a_sentence():
    told = chips("stage=mql&owner=7&list=3&active=7&score=60&where=employees:at_least:50&consent=unknown")

    assert [chip["text"] for chip in told] == [
        "at stage MQL", "owned by Rita", "with at least 60 points", "active in the last 7 days", "without a known consent",
        "in the list “Warm”", "where Employees is at least 50",
    ]  # fmt: skip


def test_each_chip_knows_the_address_without_it_and_keeps_the_order():
    poland, indonesia = chips("country=Poland&country=Indonesia", base="sort=name")

    assert (poland["remove_url"], indonesia["remove_url"]) == (
        "?country=Indonesia&sort=name",
        "?country=Poland&sort=name",
    )


def test_a_filter_becomes_the_conditions_of_a_list():
    assert as_conditions(read("stage=mql&country=Poland&score=60&active=7&where=seniority:known"), {}) == (
        Condition("stage", "in", ("mql",)),
        Condition("country", "in", ("Poland",)),
        Condition("score", "at_least", 60),
        Condition("idle_days", "at_most", 7),
        Condition("seniority", "known"),
    )


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("q=dewi", Condition("search", "contains", "dewi")), ("owner=me", Condition("owner", "is", "Mona")),
        ("owner=nobody", Condition("owner", "unknown")), ("list=3", Condition("list", "is", "3")),
        ("complete=50", Condition("complete", "at_least", 50)), ("label=A", Condition("label", "in", ("A1", "A2", "A3"))),
    ],
)  # fmt: skip
def test_every_wish_has_a_condition_that_says_the_same(query: str, condition: Condition):
    assert as_conditions(read(query), {("owner", "me"): "Mona"}) == (condition,)
