"""What differs between two versions is said in words, all of it, and nothing else (R12)."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given

from leadhub.testing import examples, signed_in
from scoring import versions
from scoring.definition_reading import parse
from scoring.differences import Difference, differences, parts_of
from scoring.models import ScoringModel
from scoring.tests.models import documents

from .test_publishing import NOON

PRICING = {"field": "path", "op": "starts_with", "value": "/pricing"}


def document(**rule: Any) -> dict[str, Any]:
    """A version with one rule about pricing pages, which says besides what `rule` says."""
    visit = {"key": "pricing", "name": "Visited the pricing pages", "group": "web", "points": 4}
    visit |= {"activity": {"types": ["page_visit"], "when": [dict(PRICING)]}}
    return {
        "name": "One",
        "axes": {"fit": {"floor": -50, "cap": 50, "labels": {"A": 40, "B": 25, "C": 10}}},
        "groups": [{"key": "web", "axis": "engagement", "name": "Website", "cap": 40}],
        "rules": [visit | rule],
        "definitions": {"mql": {"total": 50, "fit": 10}, "sql": {"total": 80}},
    }


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str | None, str | None]]:
    """Every change as (title, what, before, after)."""
    found = differences(parse(before), parse(after), {"page_visit": "Page visit"})
    return [(one.title, change.text, change.before, change.after) for one in found for change in one.changes]


def changed(path: str, value: Any) -> dict[str, Any]:
    """The document with one value, named by its dotted place, changed."""
    made = document()
    *way, last = path.split(".")
    place: Any = made
    for step in way:
        place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
    place[last] = value
    return made


def test_two_versions_that_say_the_same_do_not_differ() -> None:
    assert told(document(), document(fade={"kind": "never"}, count={"kind": "every"}, cap=None)) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("rules.0.points", 6, ("Visited the pricing pages", "Points", "4", "6")),
        ("rules.0.points", 4.25, ("Visited the pricing pages", "Points", "4", "4.25")),
        ("rules.0.cap", 20, ("Visited the pricing pages", "At most", None, "20")),
        ("rules.0.name", "Pricing", ("Pricing", "Name", "Visited the pricing pages", "Pricing")),
        ("rules.0.count", {"kind": "once"}, ("Visited the pricing pages", "Counts", "counts every time", "counts once")),
        ("rules.0.fade", {"kind": "window", "days": 9}, ("Visited the pricing pages", "Fades", "never fades", "vanishes after 9 days")),
        ("rules.0.activity.when.0.value", "/plans", ("Visited the pricing pages", "Only where", "Path starts with /pricing", "Path starts with /plans")),
        ("groups.0.cap", 30, ("Group Website", "At most", "40", "30")),
        ("groups.0.name", "Web", ("Group Web", "Name", "Website", "Web")),
        ("axes.fit.floor", -20, ("Fit", "At least", "−50", "−20")),
        ("axes.fit.labels.C", 12, ("Fit", "C from", "10", "12")),
        ("axes.engagement.cap", 100, ("Engagement", "At most", None, "100")),
        ("definitions.mql.total", 60, ("Definition of MQL", "Score at least", "50", "60")),
        ("definitions.mql.active_within_days", 90, ("Definition of MQL", "Active within", None, "90 days")),
        ("definitions.sql.intent_within_days", 30, ("Definition of SQL", "Intent within", None, "30 days")),
        ("name", "Two", ("Name of the version", "Text", "One", "Two")),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(path: str, value: Any, said: tuple[str, str, str | None, str | None]) -> None:
    assert told(document(), changed(path, value)) == [said]


def only(before: dict[str, Any], after: dict[str, Any]) -> Difference:
    (found,) = differences(parse(before), parse(after))
    return found


def test_a_rule_added_or_removed_tells_all_it_says() -> None:
    more = document()
    more["rules"].append({**deepcopy(more["rules"][0]), "key": "docs", "name": "Read the manual"})
    new, gone = only(document(), more), only(more, document())
    assert (new.title, new.new, new.points and new.points.after) == ("Read the manual", True, "4")
    assert (gone.title, gone.gone, gone.points and gone.points.before) == ("Read the manual", True, "4")


def test_another_order_of_the_rules_is_said_too() -> None:
    first = document()
    first["rules"].append({**deepcopy(first["rules"][0]), "key": "docs"})
    second = {**first, "rules": first["rules"][::-1]}
    assert [title for title, *_rest in told(first, second)] == ["Order of the rules"]


@examples(60)
@given(before=documents(), after=documents())
def test_nothing_that_differs_is_left_out_and_nothing_else_is_said(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    one, other = parse(before), parse(after)
    old, new = parts_of(one), parts_of(other)
    differing = {part for part in {**old, **new} if old.get(part) != new.get(part)}
    found = [difference for difference in differences(one, other) if difference.part[0] != "order"]
    assert {difference.part for difference in found} == differing
    assert all(difference.changes for difference in found)


@pytest.mark.django_db
class TestPage:
    def test_any_two_versions_are_compared(self) -> None:
        one, other = versions.draft(document(), by=None, at=NOON), versions.draft(document(points=6), by=None, at=NOON)
        page = signed_in("Sue").get(f"/scoring/{other.version}/differences/", {"from": one.version})
        assert [change.points and change.points.after for change in page.context["changes"]] == ["6"]
        assert "Visited the pricing pages" in page.content.decode()

    def test_a_draft_is_compared_with_what_counts_and_the_first_version_with_nothing(self) -> None:
        draft = versions.draft(document(), by=None, at=NOON)
        assert signed_in("Sue").get(f"/scoring/{draft.version}/differences/").context["other"].version == 1
        assert "is the first version" in signed_in("Sue").get("/scoring/1/differences/").content.decode()

    @pytest.mark.parametrize("junk", ["x", "-1", "9" * 30, "٣", "1e3", "77"])
    def test_a_version_that_is_none_gets_a_sentence(self, junk: str) -> None:
        versions.draft(ScoringModel.objects.published().document, by=None, at=NOON)
        page = signed_in("Sue").get("/scoring/2/differences/", {"from": junk})
        assert page.status_code == 200
        assert "There is no such version" in page.content.decode()
