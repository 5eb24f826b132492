"""Each kind of count, fade and cap on small histories that can be checked by eye. Deeds are given as ages in days."""

from typing import Any

import pytest

from scoring.definition_reading import parse
from scoring.ledger import Ledger, Line, explain
from scoring.plan import Plan
from scoring.vectors import pack

TODAY = 9_000


def ledger(ages: list[int], *, axis: Any = None, group: Any = None, **rule: Any) -> Ledger:
    """The ledger of a lead with deeds of these ages under a model of one rule."""
    document = {
        "name": "One rule",
        "axes": {"engagement": axis or {}},
        "groups": [{"key": "web", "name": "Web", "axis": "engagement"} | (group or {})],
        "rules": [{"key": "visit", "group": "web", "points": 4, "activity": {"types": ["page_visit"]}} | rule],
    }
    plan = Plan(parse(document), [[True]])
    return explain(plan, [], pack([TODAY - age for age in ages], [0] * len(ages)), TODAY)


def points(ages: list[int], **rule: Any) -> float:
    return ledger(ages, **rule).total / 100


def line(ages: list[int], **rule: Any) -> Line:
    return ledger(ages, **rule).lines[0]


LINEAR = {"kind": "linear", "days": 10}
WINDOW = {"kind": "window", "days": 10}
HALVING = {"kind": "half_life", "days": 10}


@pytest.mark.parametrize(
    ("count", "fade", "ages", "total"),
    [
        ("every", None, [], 0),
        ("every", None, [0, 0, 5000], 12),
        ("every", WINDOW, [0, 9, 10], 8),
        ("every", LINEAR, [0, 5, 10, 20], 6),
        ("every", HALVING, [0, 10, 99, 100], 6),  # 4 + 2 + 0.00… (0.42 hundredths) + 0
        ("once", None, [3, 1, 2], 4),
        ("once", LINEAR, [8, 5], 2),
        ("once", WINDOW, [10, 12], 0),
        ("once", HALVING, [10, 0, 30], 4),
        (2, None, [1, 2, 3], 8),
        (2, LINEAR, [8, 5, 0], 6),  # the most recent two: 4 and 2
        (2, WINDOW, [9, 10, 11], 4),
        (3, HALVING, [0, 0, 10, 20], 10),
    ],
)
def test_counts_and_fades(count: Any, fade: Any, ages: list[int], total: float) -> None:
    said = {"kind": count} if isinstance(count, str) else {"kind": "at_most", "n": count}
    assert points(ages, count=said, **({"fade": fade} if fade else {})) == total


@pytest.mark.parametrize(("ages", "total"), [([0, 1], 0), ([0, 1, 13], 10), ([0, 1, 14], 0), ([0] * 9, 10)])
def test_at_least_three_within_fourteen_days_earns_once(ages: list[int], total: float) -> None:
    assert points(ages, points=10, count={"kind": "at_least", "n": 3, "days": 14}) == total


def test_at_least_does_not_fade() -> None:
    assert points([9, 9], count={"kind": "at_least", "n": 2, "days": 14}, fade=LINEAR) == 4


def test_a_deed_after_the_scoring_day_does_not_count() -> None:
    assert points([-1, 0]) == 4
    assert points([-1], count={"kind": "once"}, fade=LINEAR) == 0


def test_counts_above_what_an_entry_holds() -> None:
    assert points([0] * 200) == 800
    assert points([0] * 200, count={"kind": "at_most", "n": 70}, fade=LINEAR) == 280


@pytest.mark.parametrize(
    ("given", "cap", "total"), [(4, 10, 10), (4, 100, 12), (-4, 10, -10), (-4, -10, -10), (-4, 100, -12), (4, 0, 0)]
)
def test_a_rule_cap_limits_in_the_direction_of_the_points(given: int, cap: int, total: int) -> None:
    assert points([0, 0, 0], points=given, cap=cap) == total


def test_the_rule_line_tells_events_and_points_before_and_after_its_cap() -> None:
    found = line([0, 1, 2], cap=10)
    assert (found.events, found.before, found.after, found.capped) == (3, 1200, 1000, 200)


@pytest.mark.parametrize(
    ("count", "events"), [({"kind": "every"}, 3), ({"kind": "once"}, 1), ({"kind": "at_most", "n": 2}, 2)]
)
def test_events_that_faded_away_or_were_too_many_are_not_counted(count: Any, events: int) -> None:
    assert line([0, 1, 9, 10], fade=LINEAR, count=count).events == events


def test_a_group_cap_is_a_line_of_its_own() -> None:
    found = ledger([0] * 5, group={"cap": 8})
    assert [(entry.kind, entry.title, entry.points) for entry in found.lines] == [
        ("rule", "visit", 2000),
        ("group", "Web group cap", -1200),
    ]


def test_floors_give_back() -> None:
    found = ledger([0] * 5, points=-4, group={"floor": -15}, axis={"floor": -10})
    assert [(entry.title, entry.points) for entry in found.lines] == [
        ("visit", -2000),
        ("Web group floor", 500),
        ("Engagement floor", 500),
    ]


def test_an_axis_cap_is_the_last_line() -> None:
    found = ledger([0] * 5, axis={"cap": 12.5})
    assert (found.lines[-1].kind, found.lines[-1].title, found.total) == ("axis", "Engagement cap", 1250)


def test_nothing_matched_is_zero_never_blank() -> None:
    found = ledger([])
    assert (found.total, found.label, found.last_active) == (0, "D3", -1)


def test_no_model_can_leave_the_range_of_a_database_integer() -> None:
    assert ledger([0] * 3000, points=100_000).total == 10**9


def test_the_json_of_a_ledger_has_points_and_dates() -> None:
    found = ledger([1], cap=3).to_json()
    assert (found["total"], found["day"], found["last_active"], found["last_intent"]) == (
        3,
        "2024-08-22",
        "2024-08-21",
        None,
    )
    assert found["lines"][0]["before"] == 4


def test_the_latest_of_several_kinds_of_deeds_decides_whatever_other_rules_they_feed() -> None:
    once = {"count": {"kind": "once"}, "fade": {"kind": "linear", "days": 100}, "group": "web", "points": 10}
    rules = [
        {"key": "clicked", "activity": {"types": ["email_clicked"]}} | once,
        {"key": "either", "activity": {"types": ["email_clicked", "page_visit"]}} | once,
    ]
    model = parse({"name": "Two", "groups": [{"key": "web", "axis": "engagement"}], "rules": rules})
    clicked_and_visit = Plan(model, [[True, True], [False, True]])
    found = explain(clicked_and_visit, [], pack([TODAY - 50, TODAY - 10], [0, 1]), TODAY)
    assert found.total == 500 + 900
