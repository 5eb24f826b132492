"""Who is MQL and SQL by score: exact marks, days, and the reasons people read."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.definition import QualifiedByMarketing, QualifiedForSales
from scoring.definitions import (
    Standing,
    is_mql,
    is_sql,
    is_sql_by_intent,
    leaves_mql,
    mql_in_words,
    sql_in_words,
    why_left,
    why_mql,
    why_sql,
)

MQL = QualifiedByMarketing(total=5000, fit=1000, active_within_days=90, leave_total=4000, min_stay_days=3)
SQL = QualifiedForSales(total=8000, fit=2000, intent_within_days=30, intent_fit=1000)
TODAY = 9_000
LEAD = Standing(fit=1000, total=5000, last_active=TODAY - 89, last_intent=-1, day=TODAY)


def test_an_mql_reaches_all_three_marks_exactly() -> None:
    assert is_mql(MQL, LEAD)


@pytest.mark.parametrize("less", [{"total": 4999}, {"fit": 999}, {"last_active": TODAY - 90}, {"last_active": -1}])
def test_one_mark_missed_is_no_mql(less: dict[str, int]) -> None:
    assert not is_mql(MQL, replace(LEAD, **less))


@pytest.mark.parametrize(("total", "stayed", "leaves"), [(3999, 3, True), (4000, 3, False), (3999, 2, False)])
def test_leaving_takes_the_leave_mark_and_the_minimum_stay(total: int, stayed: int, leaves: bool) -> None:
    assert leaves_mql(MQL, replace(LEAD, total=total), stayed) is leaves


def test_without_a_leave_mark_nobody_leaves_by_score() -> None:
    assert not leaves_mql(replace(MQL, leave_total=None), replace(LEAD, total=-9999), 999)


@pytest.mark.parametrize(
    ("lead", "qualifies"),
    [
        ({"total": 8000, "fit": 2000}, True),
        ({"total": 7999, "fit": 2000}, False),
        ({"total": 8000, "fit": 1999}, False),
        ({"last_intent": TODAY - 29}, True),
        ({"last_intent": TODAY - 30}, False),
        ({"last_intent": TODAY, "fit": 999}, False),
    ],
)
def test_an_sql_has_the_points_or_showed_intent(lead: dict[str, int], qualifies: bool) -> None:
    assert is_sql(SQL, replace(LEAD, **lead)) is qualifies


def test_what_is_omitted_does_not_constrain() -> None:
    assert is_mql(QualifiedByMarketing(fit=1000), replace(LEAD, total=-9999, last_active=-1))
    assert is_sql(QualifiedForSales(intent_fit=0), replace(LEAD, last_intent=0))
    assert not is_sql_by_intent(QualifiedForSales(total=0), replace(LEAD, last_intent=TODAY))


def test_a_definition_that_names_nothing_qualifies_nobody() -> None:
    everything = Standing(10**9, 2 * 10**9, TODAY, TODAY, TODAY)
    assert not is_mql(QualifiedByMarketing(leave_total=4000), everything)
    assert not is_sql(QualifiedForSales(), everything)


def test_many_leads_at_once() -> None:
    totals = np.array([4999, 5000, 9000])
    many = Standing(np.full(3, 2000), totals, np.full(3, TODAY), np.full(3, -1), TODAY)
    assert is_mql(MQL, many).tolist() == [False, True, True]
    assert is_sql(SQL, many).tolist() == [False, False, True]
    assert leaves_mql(MQL, many, np.full(3, 9)).tolist() == [False, False, False]


def test_reasons_are_sentences() -> None:
    assert why_mql(MQL, LEAD) == "Score 50 (50 needed), fit 10 (10 needed), active on 2024-05-25"
    assert why_sql(SQL, replace(LEAD, total=8050, fit=2000)) == "Score 80.5 (80 needed), fit 20 (20 needed)"
    intent = why_sql(SQL, replace(LEAD, last_intent=TODAY))
    assert intent == "Showed commercial intent on 2024-08-22, fit 10 (10 needed)"
    assert why_left(MQL, replace(LEAD, total=-100)) == "Score −1 fell under the leave mark 40"


def test_definitions_in_plain_words() -> None:
    assert mql_in_words(MQL) == (
        "Score at least 50, fit at least 10, at least one counted activity within 90 days."
        " Back to lead when the score falls under 40, after 3 days at the earliest"
    )
    assert sql_in_words(SQL) == (
        "Score at least 80, fit at least 20; or an activity that shows intent within 30 days, fit at least 10"
    )
    assert mql_in_words(QualifiedByMarketing()) == "Nobody becomes MQL by score"
    assert sql_in_words(QualifiedForSales()) == "Nobody becomes SQL by score"
