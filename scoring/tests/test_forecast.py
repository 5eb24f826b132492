"""What happens if nothing happens, and what one more deed would do."""

from typing import Any

import numpy as np
from hypothesis import given

from leadhub.testing import examples
from scoring.definition_reading import parse
from scoring.forecast import after_deeds, forecast, leaves_mql_on, reaching, standings, still_counting
from scoring.plan import Plan
from scoring.tests import models as made
from scoring.vectors import pack

TODAY = 9_000
PRICING, WEBINAR = 0, 1


def plan(**marks: object) -> Plan:
    rules = [
        {"key": "pricing", "points": 20, "fade": {"kind": "linear", "days": 20}, "activity": {"types": ["page_visit"]}},
        {"key": "webinar", "points": 40, "activity": {"types": ["webinar_attended"]}},
    ]
    document = {
        "name": "Two rules",
        "groups": [{"key": "all", "axis": "engagement"}],
        "rules": [rule | {"group": "all"} for rule in rules],
        "definitions": {"mql": {"total": 50, "leave_total": 40} | marks, "sql": {"total": 80}},
    }
    return Plan(parse(document), [[True, False], [False, True]])


LEAD = pack([TODAY, TODAY - 400], [PRICING, WEBINAR])


def test_the_score_of_each_coming_day() -> None:
    found = forecast(plan(), LEAD, range(TODAY - 1, TODAY + 22))
    assert found.total.tolist() == [4000, *range(6000, 4000, -100), 4000, 4000]


def test_the_day_on_which_the_score_falls_under_the_leave_mark() -> None:
    assert leaves_mql_on(plan(leave_total=45), LEAD, 0, TODAY) == TODAY + 16
    assert leaves_mql_on(plan(leave_total=40), LEAD, 0, TODAY) is None
    assert leaves_mql_on(plan(leave_total=None), LEAD, 0, TODAY) is None


def test_which_single_deeds_would_reach_sql() -> None:
    ways = [pack([TODAY], [PRICING], 1), pack([TODAY], [PRICING], 2), pack([TODAY], [WEBINAR])]
    after = after_deeds(plan(), LEAD, 0, TODAY, ways)
    assert after.total.tolist() == [8000, 10000, 10000]
    assert reaching(plan().model, "sql", after) == [0, 1, 2]
    assert reaching(plan().model, "sql", after_deeds(plan(), LEAD, -1, TODAY, ways)) == [1, 2]


@examples(100)
@given(document=made.documents(), history=made.histories)
def test_deeds_too_old_to_count_can_be_left_out_from_a_day_on(document: dict[str, Any], history: list[Any]) -> None:
    one, entries, days = made.plan_for(document), made.entries_of(history), np.arange(made.TODAY, made.TODAY + 60, 3)
    fewer = still_counting(one, entries, made.TODAY)
    whole, rest = (standings(one, some, 0, days) for some in (entries, fewer))
    for name in ("total", "last_active", "last_intent"):
        assert getattr(whole, name).tolist() == getattr(rest, name).tolist()


def test_what_no_longer_counts_is_left_out_but_the_last_of_each_kind() -> None:
    deeds = pack([TODAY - 30, TODAY - 25, TODAY - 5, TODAY - 900], [PRICING, PRICING, PRICING, WEBINAR])
    assert len(still_counting(plan(), deeds, TODAY)) == 2
    assert len(still_counting(plan(), pack([TODAY - 30, TODAY - 25], [PRICING, PRICING]), TODAY)) == 1


def test_a_deed_ahead_of_the_day_hides_none_before_it() -> None:
    deeds = pack([TODAY - 900, TODAY + 1], [WEBINAR, WEBINAR])
    assert len(still_counting(plan(), deeds, TODAY)) == 2
