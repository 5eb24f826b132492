"""Conditions as rows of a form and as parameters of an address."""

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.condition_fields import LEAD_FIELDS
from leads.condition_rows import Row, check_rows, conditions_of_rows, row_of, rows_of, typed_rows
from leads.conditions import Condition, ConditionFault


def test_typed_rows_become_conditions():
    form = QueryDict(
        "field=country&op=is&value=Poland&field=employees&op=between&value=50, 500&field=phone&op=known&value="
    )

    assert conditions_of_rows(form, LEAD_FIELDS) == (
        Condition("country", "is", "Poland"),
        Condition("employees", "between", ("50", "500")),
        Condition("phone", "known"),
    )


def test_blank_rows_are_left_out():
    assert typed_rows(QueryDict("field=&op=is&value=&field=&op=&value= ")) == []


def test_a_value_with_a_comma_stands_in_quotes():
    row = Row("industry", "in", '"Travel, leisure", Food')

    checked, conditions = check_rows([row], LEAD_FIELDS)

    assert conditions == (Condition("industry", "in", ("Travel, leisure", "Food")),)
    assert check_rows(rows_of(conditions), LEAD_FIELDS)[1] == conditions
    assert checked == [row]


def test_each_row_carries_its_own_problem():
    checked, conditions = check_rows(
        [Row("country", "is", "Poland"), Row("employees", "at_least", "many")], LEAD_FIELDS
    )

    assert conditions == ()
    assert [row.problem for row in checked] == ["", "This must be a number, or a day such as 2026-11-21."]


@pytest.mark.parametrize("query", ["where=:", "where=a:b", "where=country:is:", "field=country", "op=is&value=x"])
def test_half_a_condition_is_a_fault_with_a_sentence(query: str):
    with pytest.raises(ConditionFault):
        conditions_of_rows(QueryDict(query), LEAD_FIELDS)


known = st.sampled_from([field.name for field in LEAD_FIELDS])
texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(known, st.sampled_from(["in", "not_in"]), st.lists(texts, min_size=1, max_size=4).map(tuple))
def test_a_condition_survives_the_address(field: str, op: str, values: tuple[str, ...]):
    condition = Condition(field, op, values)
    query = QueryDict(mutable=True)
    query["where"] = row_of(condition)

    assert conditions_of_rows(query, LEAD_FIELDS) == (condition,)
