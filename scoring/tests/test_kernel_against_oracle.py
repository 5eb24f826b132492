"""The kernel equals the plain reading of product.md for every generated model, history and day (architecture.md §4, point 7)."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from leadhub.testing import examples
from scoring import kernel
from scoring.definition_reading import parse
from scoring.fit import fit_of, matching
from scoring.ledger import Line, explain
from scoring.vectors import Vectors

from . import oracle
from .models import TODAY, cuts, cuts_of, databases, documents, entries_of, every_deed, facts, histories, plan_for


@pytest.mark.parametrize("day", [TODAY, TODAY + 1, TODAY + 30])
@given(documents(), databases)
@examples(150)
def test_every_lead_has_the_score_of_the_oracle(day: int, document: dict[str, Any], database: list[Any]) -> None:
    histories, cuts = [one for one, _cuts in database], [one for _history, one in database]
    vectors = Vectors.of([entries_of(history) for history in histories], cuts_of(*cuts))
    found = kernel.engagement(plan_for(document), vectors, day)
    expected = [oracle.axis_score(document, "engagement", {}, every_deed(one), day, cut) for one, cut in database]
    assert found.total.tolist() == expected
    assert found.last_active.tolist() == [oracle.last_active(document, every_deed(one), day) for one in histories]


@given(documents(), histories, facts, cuts)
@examples(150)
def test_the_lines_of_the_ledger_sum_to_the_score_of_the_oracle(
    document: dict[str, Any], history: list[Any], known: dict[str, Any], said: list[Any]
) -> None:
    model = parse(document)
    ledger = explain(plan_for(model), matching(model, known), entries_of(history), TODAY, cuts_of(said))
    assert (ledger.fit, ledger.engagement) == oracle.score(document, known, every_deed(history), TODAY, said)
    assert sum(line.points for line in ledger.lines) == ledger.total
    assert ledger.fit == fit_of(model, matching(model, known))


@given(documents(), histories, cuts)
@examples(100)
def test_each_rule_line_has_the_points_of_the_oracle(
    document: dict[str, Any], history: list[Any], said: list[Any]
) -> None:
    model, deeds = parse(document), every_deed(history)
    ledger = explain(plan_for(model), matching(model, {}), entries_of(history), TODAY, cuts_of(said))
    lines = {line.key: (full(line), line.before, line.after) for line in ledger.lines if line.kind == "rule"}
    rules = [rule for rule in oracle.scoring_rules(document) if "activity" in rule]
    for rule in rules:
        earned = oracle.earned(rule, deeds, TODAY, said)
        assert lines[rule["key"]] == (oracle.earned(rule, deeds, TODAY), earned, oracle.capped(rule, earned))


def full(line: Line) -> int:
    """What the rule would have had without any cut."""
    return line.before if line.uncut is None else line.uncut


@given(documents(), histories, cuts)
@examples(50)
def test_many_days_at_once_equal_day_by_day(document: dict[str, Any], history: list[Any], said: list[Any]) -> None:
    plan, one = plan_for(document), Vectors.of([entries_of(history)], cuts_of(said))
    days = np.arange(TODAY - 20, TODAY + 60, 7)
    at_once = kernel.engagement(plan, one.repeated(len(days)), days)
    assert at_once.total.tolist() == [int(kernel.engagement(plan, one, int(day)).total[0]) for day in days]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    document = {
        "name": "x",
        "groups": [{"key": "g", "axis": "engagement"}],
        "rules": [{"key": "r", "group": "g", "points": 1, "activity": {"types": ["page_visit"]}}],
    }
    database = [[(TODAY - n, {"type": "page_visit", "path": ""}, n)] for n in range(1, 12)]
    vectors = Vectors.of([entries_of(history) for history in database])
    monkeypatch.setattr(kernel, "BLOCK", 4)
    assert kernel.engagement(plan_for(document), vectors, TODAY).total.tolist() == [100 * n for n in range(1, 12)]
