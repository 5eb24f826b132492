"""A scoring model typed or brought in as JSON: every fault names its line, and nothing that is there is lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.testing import examples
from leads.document_lines import Lines
from scoring.definition_reading import ModelFault, load, parse
from scoring.json_faults import faults_in

from .models import documents

GOOD = """{"name": "Test",
 "groups": [{"key": "web", "axis": "engagement", "floor": 0, "cap": 40}],
 "rules": [
  {"key": "visit", "name": "Visits", "group": "web", "points": 4,
   "activity": {"types": ["page_visit"],
                "when": [{"field": "path", "op": "is", "value": "/"}]},
   "fade": {"kind": "linear",
            "days": 30}}]}"""
DEEP = "[" * 5_000 + "]" * 5_000


def faults(text: str) -> list[str]:
    with pytest.raises(ModelFault) as caught:
        load(text)
    return [str(one) for one in faults_in(text, caught.value)]


def test_the_text_these_cases_start_from_is_a_model() -> None:
    assert load(GOOD).rules[0].points == 400


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"points": 4', '"points": "4"', "Line 4, rule “Visits”, points: This must be a number"),
        ('"points": 4', '"points": 1e9', "Line 4, rule “Visits”, points: This must be a number"),
        ('"points": 4', '"points": 123456789012345678901234567890', "Line 4, rule “Visits”, points: This must be"),
        ('"points": 4', '"points": NaN', "Line 4: NaN is not a number."),
        ('"points": 4', '"points": -Infinity', "Line 4: -Infinity is not a number."),
        ('"points": 4', '"points": ' + "9" * 5_000, "Line 4: A number in this file has too many digits."),
        ('"points": 4', '"pionts": 4', "Line 4, rule “Visits”: “pionts” is not known here"),
        ('"points": 4', '"points": 4, "off": "yes"', "Line 4, rule “Visits”, off: This must be true or false."),
        ('"points": 4', '"points": 4, "cap": -1', "Line 4, rule “Visits”, cap: The cap of a rule that gives"),
        ('"points": 4', '"points": 4, "points": 5', "Line 4: The name “points” stands twice"),
        ('"name": "Visits"', '"name": "a\\u0000b"', "Line 4, rule “a·b”, name: This text has characters"),
        ('"name": "Visits"', '"name": "\\ud800"', "Line 4, rule “?”, name: This text has characters"),
        ('"Visits"', '"Vi\x00sits"', "Line 4: This is not JSON at column 31"),
        ('"days": 30', '"days": 0', "Line 8, rule “Visits”, fade.days: "),
        ('"days": 30', '"dyas": 30', "Line 8, rule “Visits”, fade: “dyas” is not known here"),
        ('"field": "path"', '"field": "moon"', "Line 6, rule “Visits”, activity.when[0].field: There is no field “moon”."),
        ('"op": "is"', '"op": "regex"', "Line 6, rule “Visits”, activity.when[0].op: "),
        ('"value": "/"', '"value": ""', "Line 6, rule “Visits”, activity.when[0].value: "),
        ('"value": "/"', f'"value": {DEEP}', "Line 6"),
        ('"is", "value": "/"', '"in", "value": []', "Line 6, rule “Visits”, activity.when[0].value: There must be"),
        ('"is", "value": "/"', f'"in", "value": {json.dumps(list(range(10_000)))}', "Line 6, rule “Visits”, activity.when[0].value: There are 10000 entries"),
        ('"is", "value": "/"', '"between", "value": [9, 1]', "Line 6, rule “Visits”, activity.when[0].value: The lowest"),
        ('"floor": 0', '"floor": 50', "Line 2, group “web”, floor: The floor lies above the cap."),
        ('"group": "web"', '"group": "wbe"', "Line 4, rule “Visits”, group: There is no group “wbe”."),
        ('"when": [{', '"when": [}', "Line 6: This is not JSON at column 26"),
        ('"days": 30}}]}', '"days": 30}}', "Line 8: This is not JSON"),
        (GOOD, "", "Line 1: This is not JSON: something is missing"),
        (GOOD, "[]", "Line 1: This must be an object"),
        (GOOD, "{}", "Line 1, name: This must be a text."),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_its_rule_and_its_field(old: str, new: str, said: str) -> None:
    assert any(one.startswith(said) for one in faults(GOOD.replace(old, new, 1))), faults(GOOD.replace(old, new, 1))


def test_nesting_without_end_is_a_sentence_with_its_line() -> None:
    assert faults('{"name":\n' + "[" * 100_000) == ["Line 2: This file is nested too deeply."]


@pytest.mark.parametrize("count", [500, 501])
def test_five_hundred_rules_and_not_one_more(count: int) -> None:
    said = json.loads(GOOD)
    said["rules"] = [said["rules"][0] | {"key": f"r{n}"} for n in range(count)]
    text = json.dumps(said, indent=1)
    if count == 500:
        assert len(load(text).rules) == 500
    else:
        assert "There are 501 entries; at most 500 are possible." in faults(text)[0]


@pytest.mark.parametrize("value", ["^/pric.*$", "a%b_c", "\\", "'; DROP TABLE x; --", "(((", "%s {0}"])
def test_text_like_a_pattern_is_just_text(value: str) -> None:
    said = json.loads(GOOD)
    said["rules"][0]["activity"]["when"][0] = {"field": "path", "op": "contains", "value": value}
    condition = parse(said).engagement_rules[0].deed.when[0]
    assert condition.matches({"path": f"x{value}y"})
    assert not condition.matches({"path": "/pricing"})


@given(documents(), st.sampled_from([None, 0, 1, 2]))
@examples(60)
def test_every_value_is_found_where_it_stands(said: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(said, indent=indent)
    lines, rows = Lines(text), text.split("\n")
    for number, one in enumerate(said["rules"]):
        spot = lines.spot(f"rules[{number}].key")
        assert rows[spot.line - 1][spot.column - 1 :].startswith(f'"key": "{one["key"]}"')


@given(st.text(alphabet='{}[]:,"\\ a1\n\ud800\x00', max_size=60))
@examples(200)
def test_no_text_makes_the_search_for_lines_fail(text: str) -> None:
    lines = Lines(text)
    assert lines.spot("rules[3].points").line >= 1
