"""Reading a scoring model: what is right comes back as it was, what is wrong is named, all at once."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.testing import examples
from leads.activity_types import BUILTIN
from leads.documents import Problem
from scoring.definition_reading import ModelFault, load, parse

from .models import documents

DEFAULT = Path(__file__).parent.parent / "default_model.json"
WEB = {"key": "web", "axis": "engagement"}
VISIT = {"key": "visit", "group": "web", "points": 4, "activity": {"types": ["page_visit"]}}
BOSS = {"key": "boss", "group": "who", "points": 15, "when": [{"field": "seniority", "op": "is", "value": "VP"}]}


def document(**parts: Any) -> dict[str, Any]:
    groups = [WEB, {"key": "who", "axis": "fit"}]
    return {"name": "Test", "groups": groups, "rules": [deepcopy(VISIT), deepcopy(BOSS)]} | parts


def faults(said: Any) -> dict[str, str]:
    with pytest.raises(ModelFault) as caught:
        parse(said)
    return {problem.path: problem.sentence for problem in caught.value.problems}


def with_rule(**change: Any) -> dict[str, Any]:
    return document(rules=[VISIT | change])


def test_the_shipped_default_covers_every_built_in_type() -> None:
    model = load(DEFAULT.read_bytes())
    used = {kind for rule in model.engagement_rules for kind in rule.deed.types}
    assert used == {key for key, *_rest in BUILTIN}
    assert model.to_document() == json.loads(DEFAULT.read_text())


def test_the_shipped_default_lets_job_seekers_lose_points() -> None:
    careers = {"type": "page_visit", "path": "/careers/backend-engineer"}
    costs = [rule.points for rule in load(DEFAULT.read_bytes()).engagement_rules if rule.deed.matches(careers)]
    assert sum(costs) < 0


@given(documents())
@examples(50)
def test_a_model_comes_back_exactly_as_it_was(said: dict[str, Any]) -> None:
    model = parse(said)
    assert model.to_document() == said
    assert parse(model.to_document()) == model


def test_points_are_integer_hundredths() -> None:
    assert [parse(with_rule(points=given)).rules[0].points for given in (0.07, 12.3, -4, 15.0)] == [7, 1230, -400, 1500]


def test_what_is_omitted_is_never_every_and_none() -> None:
    rule = parse(with_rule()).engagement_rules[0]
    assert (rule.fade.kind, rule.count.kind, rule.cap) == ("never", "every", None)
    assert parse(with_rule(cap=None, fade=None)) == parse(with_rule())


def test_a_cap_of_a_taking_rule_may_be_written_either_way() -> None:
    assert parse(with_rule(points=-4, cap=-20)) == parse(with_rule(points=-4, cap=20))


@pytest.mark.parametrize(
    "points", [True, "4", None, float("nan"), float("inf"), 1e300, 10**400, 0.001, 100_001, [], {}]
)
def test_points_that_are_none_are_refused(points: Any) -> None:
    assert list(faults(with_rule(points=points))) == ["rules[0].points"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"colour": "red"}, "rules[0]"),
        ({"group": "nowhere"}, "rules[0].group"),
        ({"group": "who"}, "rules[0].group"),
        ({"cap": -1}, "rules[0].cap"),
        ({"fade": {"kind": "linear", "days": 0}}, "rules[0].fade.days"),
        ({"fade": {"kind": "linear", "days": 36_501}}, "rules[0].fade.days"),
        ({"fade": {"kind": "linear", "days": True}}, "rules[0].fade.days"),
        ({"fade": {"kind": "linear"}}, "rules[0].fade.days"),
        ({"fade": {"kind": "never", "days": 3}}, "rules[0].fade.days"),
        ({"fade": {"kind": "slowly"}}, "rules[0].fade.kind"),
        ({"fade": "never"}, "rules[0].fade"),
        ({"count": {"kind": "at_most"}}, "rules[0].count.n"),
        ({"count": {"kind": "at_least", "n": 3}}, "rules[0].count.days"),
        ({"count": {"kind": "once", "n": 1}}, "rules[0].count.n"),
        ({"activity": {}}, "rules[0].activity"),
        ({"activity": {"types": []}}, "rules[0].activity.types"),
        ({"activity": {"types": [1]}}, "rules[0].activity.types[0]"),
        ({"activity": {"when": [{"field": "moon", "op": "is", "value": 1}]}}, "rules[0].activity.when[0].field"),
        ({"activity": {"when": [{"field": "path", "op": "like", "value": 1}]}}, "rules[0].activity.when[0].op"),
        ({"name": "NUL \x00"}, "rules[0].name"),
        ({"key": "\ud800"}, "rules[0].key"),
    ],
)
def test_a_wrong_rule_is_named_with_its_place(change: dict[str, Any], path: str) -> None:
    assert path in faults(with_rule(**change))


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ({"name": None}, "name"),
        ({"axes": {"fit": {"floor": 5, "cap": 1}}}, "axes.fit.floor"),
        ({"axes": {"fit": {"labels": {"A": 10, "B": 10}}}}, "axes.fit.labels"),
        ({"axes": {"fit": {"labels": {"D": 10}}}}, "axes.fit.labels"),
        ({"axes": {"luck": {}}}, "axes"),
        ({"groups": [WEB, WEB]}, "groups[1].key"),
        ({"rules": [VISIT, VISIT]}, "rules[1].key"),
        ({"rules": [VISIT | {"key": str(n)} for n in range(501)]}, "rules"),
        ({"rules": [{"key": "r", "group": "who", "points": 1}]}, "rules[0]"),
        ({"rules": [{"key": "r", "group": "web", "points": 1, "when": BOSS["when"]}]}, "rules[0].group"),
        ({"definitions": {"mql": {"total": 40, "leave_total": 50}}}, "definitions.mql.leave_total"),
        ({"definitions": {"mql": {"active_within_days": 0}}}, "definitions.mql.active_within_days"),
        ({"definitions": {"sql": {"fit": "20"}}}, "definitions.sql.fit"),
        ({"definitions": {"tql": {}}}, "definitions"),
    ],
)
def test_a_wrong_model_is_named_with_its_place(parts: dict[str, Any], path: str) -> None:
    assert path in faults(document(**parts))


def test_every_problem_is_named_at_once() -> None:
    said = document(name="", rules=[VISIT | {"points": "x", "group": "y"}, BOSS | {"when": []}])
    assert list(faults(said)) == ["name", "rules[0].group", "rules[0].points", "rules[1].when"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_any_json_value_is_read_or_refused(said: Any) -> None:
    with pytest.raises(ModelFault):
        parse(said)


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """A good document in which one place, however deep, holds something else."""
    said = deepcopy(draw(documents()) | {"definitions": {"mql": {"total": 50}, "sql": {"fit": 3}}})
    here: Any = said
    while True:
        key = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], dict | list) or not here[key] or draw(st.booleans()):
            here[key] = draw(json_values)
            return said
        here = here[key]


@given(spoilt())
@examples(300)
def test_a_spoilt_model_is_read_or_refused_with_sentences(said: Any) -> None:
    problems = problems_of(said)
    assert problems is None or str(problems[0]).encode()


def problems_of(said: Any) -> tuple[Problem, ...] | None:
    try:
        parse(said)
    except ModelFault as fault:
        return fault.problems
    return None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"\xff\xfe{", "This is not a text file in UTF-8."),
        ('{"name": NaN}', "NaN is not a number."),
        ('{"name": "a", "name": "b"}', "The name “name” stands twice in one place."),
        ("[" * 100_000, "This file is nested too deeply."),
        ("9" * 5_000, "A number in this file has too many digits."),
        ("{", "This is not JSON: line 1, column 2."),
        (" " * 5_000_001, "The file is larger than 5 MB."),
    ],
)
def test_a_file_that_is_no_json_is_refused_in_words(text: str | bytes, sentence: str) -> None:
    with pytest.raises(ModelFault) as caught:
        load(text)
    assert str(caught.value) == sentence
