"""What would reach the next stage: the smallest sets of deeds, and each of them does reach it (product.md §3)."""

from itertools import combinations_with_replacement
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadhub.testing import examples
from scoring.definition_reading import parse
from scoring.definitions import Standing, is_sql
from scoring.kernel import engagement
from scoring.plan import Plan
from scoring.reach import Reach, Typical, reach
from scoring.tests import models as made
from scoring.tests.models import TODAY
from scoring.vectors import EMPTY, Entries, Vectors, merge, pack

VISIT, WEBINAR, DEMO = (Typical(number, title) for number, title in enumerate(["Pricing", "Webinar", "Demo"]))
KINDS = [VISIT, WEBINAR, DEMO]


def plan(**more: Any) -> Plan:
    """A pricing visit 10, at most 25; a webinar 40; a demo 1, but it shows intent."""
    rules = [
        {"key": "pricing", "points": 10, "cap": 25, "activity": {"types": ["page_visit"]}},
        {"key": "webinar", "points": 40, "activity": {"types": ["webinar_attended"]}},
        {"key": "demo", "points": 1, "activity": {"types": ["demo_requested"]}},
    ]
    document = {
        "name": "Three deeds",
        "groups": [{"key": "all", "axis": "engagement"}],
        "rules": [rule | {"group": "all"} for rule in rules],
        "definitions": {"mql": {"total": 20}, "sql": {"total": 60, "fit": 5}},
    }
    return Plan(parse(document | more), [[n == rule for rule in range(3)] for n in range(3)], [False, False, True])


def ways(found: Reach) -> list[dict[str, int]]:
    return [{kind.title: times for kind, times in way} for way in found.ways]


def test_the_fewest_deeds_come_first_and_then_the_most_frequent() -> None:
    found = reach(plan(), EMPTY, 0, TODAY, "mql", KINDS)
    assert ways(found) == [{"Webinar": 1}, {"Pricing": 2}]


def test_what_a_cap_takes_away_reaches_nothing() -> None:
    """Three visits give 25, not 30; with 40 of fit that is 65 of the 70 needed."""
    said = {"definitions": {"sql": {"total": 70}}}
    found = reach(plan(**said), EMPTY, 4000, TODAY, "sql", [VISIT])
    assert (found.ways, found.best) == ((), 6500)


def test_what_was_done_already_counts_before_it() -> None:
    done = pack([TODAY - 3, TODAY - 2], [WEBINAR.cls, VISIT.cls])
    assert ways(reach(plan(), done, 500, TODAY, "sql", KINDS))[0] == {"Pricing": 1}


def test_without_the_fit_no_deed_reaches_sales() -> None:
    assert not reach(plan(), EMPTY, 499, TODAY, "sql", KINDS).ways


def test_commercial_intent_is_a_way_of_its_own() -> None:
    said = {"definitions": {"sql": {"total": 90, "intent_within_days": 30, "intent_fit": 5}}}
    assert ways(reach(plan(**said), EMPTY, 500, TODAY, "sql", KINDS))[0] == {"Demo": 1}
    assert {"Demo": 1} not in ways(reach(plan(**said), EMPTY, 0, TODAY, "sql", KINDS))


def test_who_qualifies_already_needs_nothing() -> None:
    found = reach(plan(), pack([TODAY], [WEBINAR.cls]), 2000, TODAY, "sql", KINDS)
    assert found.already
    assert not found.ways


def test_a_definition_that_names_nothing_is_reached_by_nothing() -> None:
    found = reach(plan(definitions={}), EMPTY, 9000, TODAY, "mql", KINDS)
    assert (found.already, found.ways) == (False, ())


def reaches(one: Plan, entries: Entries, fit: int, added: tuple[int, ...]) -> bool:
    """One set on its own, scored as any lead is."""
    deeds = merge(entries, pack([TODAY] * len(added), list(added))) if added else entries
    found = engagement(one, Vectors.of([deeds]), TODAY)
    standing = Standing(fit, fit + found.total, found.last_active, found.last_intent, TODAY)
    return bool(is_sql(one.model.definitions.sql, standing).all())


@examples(60)
@given(document=made.documents(), history=made.histories, fit=st.integers(0, 3_000), total=st.integers(0, 90))
def test_every_way_reaches_and_nothing_smaller_does(
    document: dict[str, Any], history: list[Any], fit: int, total: int
) -> None:
    one = made.plan_for(document | {"definitions": {"sql": {"total": total}}})
    kinds, entries = [Typical(n, str(n)) for n in (0, 5, 12, 15)], made.entries_of(history)
    told = {
        tuple(sorted(k.cls for k, n in way for _ in range(n)))
        for way in reach(one, entries, fit, TODAY, "sql", kinds).ways
    }
    sets = [s for size in range(4) for s in combinations_with_replacement([k.cls for k in kinds], size)]
    good = {one_set for one_set in sets if reaches(one, entries, fit, one_set)}
    smallest = {s for s in good if not any(o != s and all(s.count(c) >= o.count(c) for c in o) for o in good)}
    assert told == smallest - {()}
