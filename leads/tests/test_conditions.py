"""The language of conditions: what each operator means, how values compare, and what is refused."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.condition_values import fold
from leads.conditions import (
    OPERATORS,
    Condition,
    ConditionFault,
    Field,
    FieldSet,
    matches_all,
    parse_conditions,
    sentence_of,
)

UNKNOWN: list[Any] = [None, "", "   ", "\t\n", "\u00a0", [], {}, [1], float("nan")]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def holds(value: Any, op: str, wanted: Any = None) -> bool:
    """Whether a fact fulfils a condition as it stands in a document."""
    said = {"field": "custom.x", "op": op} | ({} if wanted is None else {"value": wanted})
    return matches_all(parse_conditions([said], LEAD_FIELDS), {"custom.x": value})


@pytest.mark.parametrize(
    ("value", "op", "wanted"),
    [
        ("VP", "is", "vp"),
        (" vp ", "is", "VP"),
        ("VP", "is_not", "C-level"),
        ("VP", "in", ["C-level", "vp"]),
        ("VP", "not_in", ["Intern"]),
        ("Head of Sales", "contains", "SALES"),
        ("/Pricing/teams", "starts_with", "/pricing"),
        (250, "is", "250"),
        ("250.0", "is", 250),
        (250, "in", [1, 250.0]),
        (Decimal("2.50"), "is", 2.5),
        (250, "at_least", 250),
        ("250", "at_least", "249.5"),
        (-3, "at_most", -3),
        (50, "between", [50, 1000]),
        ("1000", "between", ["50", 1000]),
        (250, "contains", "25"),
        (1e21, "is_not", "1e21"),
        (True, "is", True),
        ("TRUE", "is", True),
        (False, "is_not", True),
        (0, "known", None),
        (False, "known", None),
        ("x", "known", None),
        (date(2026, 11, 21), "at_least", "2026-11-21"),
        ("2026-11-21T10:00", "between", ["2026-11-01", "2026-11-21"]),
        (datetime(2026, 11, 21, 23, tzinfo=UTC), "at_most", "2026-11-21"),
        ("Łódź", "is", "łÓDŹ"),
        ("İzmir", "is", "izmir"),
        ("ΟΔΟΣ", "is", "οδοσ"),
        ("straße", "is_not", "strasse"),
    ],
)
def test_what_matches(value: Any, op: str, wanted: Any) -> None:
    assert holds(value, op, wanted)


@pytest.mark.parametrize(
    ("value", "op", "wanted"),
    [
        ("VP", "is_not", "vp"),
        ("VP", "not_in", ["vp", "x"]),
        ("about 250", "at_least", 1),
        ("1e9", "at_least", 1),
        ("٢٥٠", "at_least", 1),
        (True, "at_least", 0),
        (True, "is", 1),
        ("250", "is", "250.0"),
        ("00501", "is", "501"),
        (49.99, "between", [50, 1000]),
        ("21.11.2026", "at_least", "2020-01-01"),
        ("2026-11-21x", "at_least", "2020-01-01"),
        (20261121, "at_least", "2020-01-01"),
        (0, "unknown", None),
        (250.0, "contains", "."),
    ],
)
def test_what_does_not_match(value: Any, op: str, wanted: Any) -> None:
    assert not holds(value, op, wanted)


@pytest.mark.parametrize("value", UNKNOWN)
def test_unknown_never_matches_except_by_unknown(value: Any) -> None:
    wanted = {
        "in": ["x"],
        "not_in": ["x"],
        "between": [-1, 1],
        "at_least": -1,
        "at_most": 1,
        "known": None,
        "unknown": None,
    }
    assert [op for op in OPERATORS if holds(value, op, wanted.get(op, "x"))] == ["unknown"]


def test_a_missing_fact_is_unknown() -> None:
    assert matches_all([Condition("phone", "unknown")], {})
    assert not matches_all([Condition("phone", "is_not", "1")], {})


def test_all_conditions_must_hold() -> None:
    both = [Condition("country", "is", "Poland"), Condition("employees", "at_least", 50)]
    assert matches_all(both, {"country": "poland", "employees": 50})
    assert not matches_all(both, {"country": "poland", "employees": 49})
    assert matches_all([], {})


@given(st.text())
def test_folding_goes_character_by_character(text: str) -> None:
    assert fold(text) == "".join(map(fold, text))
    assert len(fold(text)) == len(text)


def test_folding_changes_only_letters_with_a_lower_case() -> None:
    assert all(
        fold(char) == char for char in map(chr, range(0x110000)) if unicodedata.category(char) in ("Ll", "Cs", "Nd")
    )


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (Condition("seniority", "in", ("C-level", "VP")), "Seniority is one of C-level, VP"),
        (Condition("country", "is_not", "Poland"), "Country is not Poland"),
        (Condition("employees", "between", (50, 1000)), "Employees is between 50 and 1000"),
        (Condition("phone", "known"), "Phone is known"),
        (Condition("custom.size", "at_least", 2.5), "size is at least 2.5"),
        (Condition("custom.vip", "is", True), "vip is yes"),
    ],
)
def test_conditions_read_as_sentences(condition: Condition, sentence: str) -> None:
    assert condition.sentence(LEAD_FIELDS) == sentence


def test_a_value_that_is_chosen_reads_as_it_is_offered() -> None:
    asked = FieldSet(Field("stage", "Stage", "choice", (("mql", "MQL"), ("sql", "SQL"))))
    assert Condition("stage", "in", ("mql", "gone")).sentence(asked) == "Stage is one of MQL, gone"


def test_several_conditions_read_as_one_sentence() -> None:
    both = [Condition("path", "starts_with", "/pricing"), Condition("properties.plan", "unknown")]
    assert sentence_of(both, ACTIVITY_FIELDS) == "Path starts with /pricing and plan is unknown"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("x", ""),
        ([3], "[0]"),
        ([{"field": "moon", "op": "known"}], "[0].field"),
        ([{"field": "properties.x", "op": "known"}], "[0].field"),
        ([{"field": "custom.", "op": "known"}], "[0].field"),
        ([{"field": ["phone"], "op": "known"}], "[0].field"),
        ([{"field": "phone", "op": "like", "value": "x"}], "[0].op"),
        ([{"field": "phone", "op": ["is"], "value": "x"}], "[0].op"),
        ([{"field": "phone", "op": "known", "value": "x"}], "[0].value"),
        ([{"field": "phone", "op": "is"}], "[0].value"),
        ([{"field": "phone", "op": "is", "value": " "}], "[0].value"),
        ([{"field": "phone", "op": "is", "value": "a\x00b"}], "[0].value"),
        ([{"field": "phone", "op": "is", "value": {}}], "[0].value"),
        ([{"field": "phone", "op": "in", "value": []}], "[0].value"),
        ([{"field": "phone", "op": "in"}], "[0].value"),
        ([{"field": "phone", "op": "in", "value": ["x", None]}], "[0].value[1]"),
        ([{"field": "phone", "op": "contains", "value": 3}], "[0].value"),
        ([{"field": "employees", "op": "at_least", "value": "many"}], "[0].value"),
        ([{"field": "employees", "op": "at_least", "value": True}], "[0].value"),
        ([{"field": "employees", "op": "at_least", "value": float("inf")}], "[0].value"),
        ([{"field": "employees", "op": "at_least", "value": "2026-02-30"}], "[0].value"),
        ([{"field": "employees", "op": "between", "value": [3]}], "[0].value"),
        ([{"field": "employees", "op": "between", "value": [3, 1]}], "[0].value"),
        ([{"field": "employees", "op": "between", "value": [1, "2026-01-01"]}], "[0].value"),
        ([{"field": "phone", "op": "known", "not": 1}], "[0]"),
        ([{"field": "phone", "op": "known"}] * 51, ""),
    ],
)
def test_what_is_wrong_is_named_with_its_place(said: Any, path: str) -> None:
    with pytest.raises(ConditionFault) as caught:
        parse_conditions(said, LEAD_FIELDS)
    assert [problem.path for problem in caught.value.problems] == [path]


@given(
    st.lists(
        st.fixed_dictionaries(
            {"field": st.sampled_from(["phone", "custom.x"]), "op": st.sampled_from(OPERATORS)},
            optional={"value": json_values},
        )
    )
    | json_values
)
def test_any_json_value_is_read_or_refused(said: Any) -> None:
    try:
        read = parse_conditions(said, LEAD_FIELDS)
    except ConditionFault:
        return
    assert parse_conditions([condition.to_json() for condition in read], LEAD_FIELDS) == read
    assert isinstance(sentence_of(read, LEAD_FIELDS), str)


@given(json_values, st.sampled_from(OPERATORS), st.text(min_size=1) | st.integers(-9, 9) | st.booleans())
def test_any_fact_can_be_asked(fact: Any, op: str, wanted: Any) -> None:
    value = {"in": (wanted,), "not_in": (wanted,), "between": (0, 9), "at_least": 0, "at_most": 0}.get(op, str(wanted))
    assert Condition("custom.x", op, value).matches({"custom.x": fact}) in (True, False)


def test_apps_register_fields_of_their_own() -> None:
    fields = FieldSet(Field("phone", "Phone"), open_ended={"custom": "custom"})
    fields.register(Field("stage", "Stage", "choice", (("mql", "MQL"),), paths=("stage",)))
    assert [field.name for field in fields] == ["phone", "stage"]
    assert fields.label("custom.size") == "size"
    assert fields.get("score") is None
