"""Undo and redo of a draft: every change, step by step, and never somebody else's later one; rules switched off and moved."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from leadhub.testing import NOON, examples, person
from scoring import editing, kernel, lifecycle, steps, versions
from scoring.definition_reading import parse
from scoring.models import ScoringModel
from scoring.sentences import line_of
from scoring.steps import in_words
from scoring.vectors import Vectors
from scoring.versions import ModelRefused

from . import oracle
from .models import TODAY, cuts_of, databases, documents, entries_of, every_deed, facts, plan_for

GROUPS = [{"key": "web", "axis": "engagement"}, {"key": "mail", "axis": "engagement"}, {"key": "who", "axis": "fit"}]


def rule(key: str, group: str = "web", **said: Any) -> dict[str, Any]:
    return {"key": key, "name": key, "group": group, "points": 4, "activity": {"types": ["page_visit"]}} | said


def document(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Test", "groups": GROUPS, "rules": list(rules or (rule("a"), rule("b"), rule("c", "mail")))}


def keys(draft: ScoringModel) -> list[str]:
    draft.refresh_from_db()
    return [one["key"] for one in draft.document["rules"]]


class TestWords:
    @pytest.mark.parametrize(
        ("after", "words"),
        [
            (document(rule("a", points=6)), "a 4 → 6 points"),
            (document(rule("a", off=True)), "a switched off"),
            (document(rule("a"), rule("b")), "b added"),
            (document(rule("z")), "z added, and 1 more"),
            (document(rule("a", cap=9)), "a: At most nothing → 9"),
            (document(rule("a", points=6, cap=9)), "a 4 → 6 points, and 1 more"),
            (document(rule("a", off=False)), "Rewritten without another meaning"),
        ],
    )
    @pytest.mark.django_db
    def test_a_step_says_what_it_did(self, after: dict[str, Any], words: str) -> None:
        assert in_words(parse(document(rule("a"))), parse(after)) == words

    def test_a_rule_that_is_off_says_so(self) -> None:
        model = parse(document(rule("a", off=True)))
        assert line_of(model.rules[0], {}).how.startswith("switched off · ")


def test_a_rule_that_nothing_can_match_says_so() -> None:
    when = [{"field": "path", "op": "is", "value": value} for value in ("/a", "/b")]
    model = parse(document(rule("a", activity={"when": when})))
    assert line_of(model.rules[0], {}).warning == "Nothing can match: what is asked of “Path” cannot all be so."


class TestSwitchedOff:
    @given(documents(), databases, facts)
    @examples(60)
    def test_it_scores_exactly_like_a_rule_that_is_not_there(
        self, said: dict[str, Any], database: list[Any], known: dict[str, Any]
    ) -> None:
        without = said | {"rules": oracle.scoring_rules(said)}
        vectors = Vectors.of([entries_of(one) for one, _cuts in database], cuts_of(*(cut for _one, cut in database)))
        found, bare = (kernel.engagement(plan_for(one), vectors, TODAY) for one in (said, without))
        for one, other in zip(vars(found).values(), vars(bare).values(), strict=True):
            assert one.tolist() == other.tolist()
        assert [oracle.score(said, known, every_deed(one), TODAY, cut) for one, cut in database] == [
            oracle.score(without, known, every_deed(one), TODAY, cut) for one, cut in database
        ]

    def test_it_stays_in_the_document_and_in_its_place(self) -> None:
        model = parse(document(rule("a"), rule("b", off=True), rule("c")))
        assert [one.key for one in model.rules] == ["a", "b", "c"]
        assert [one.key for one in model.engagement_rules] == ["a", "c"]


@pytest.fixture
def draft() -> ScoringModel:
    return versions.draft(document(), by=person("Mona"), at=NOON)


def points(draft: ScoringModel, key: str, worth: int, *, by: str = "Mona", minute: int = 1) -> None:
    def make(said: dict[str, Any]) -> None:
        said["rules"][editing.place_of(said, key)]["points"] = worth  # type: ignore[index]

    editing.change(draft, make, seen="", by=person(by), at=at(minute))


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


@pytest.mark.django_db
class TestUndo:
    def test_every_change_is_taken_back_and_done_again_one_by_one(self, draft: ScoringModel) -> None:
        seen = [draft.document]
        for minute, worth in enumerate((5, 6, 7), 1):
            points(draft, "a", worth, minute=minute)
            draft.refresh_from_db()
            seen.append(draft.document)
        for number in (3, 2, 1):
            steps.undo(draft, number, by=person("Mona"), at=at(10))
            draft.refresh_from_db()
            assert draft.document == seen[number - 1]
        for number in (1, 2, 3):
            steps.redo(draft, number, by=person("Mona"), at=at(11))
            draft.refresh_from_db()
            assert draft.document == seen[number]

    def test_nothing_to_undo_is_a_sentence(self, draft: ScoringModel) -> None:
        with pytest.raises(ModelRefused, match="nothing to undo"):
            steps.undo(draft, 1, by=person("Mona"), at=at(1))

    def test_a_new_change_ends_what_could_be_done_again(self, draft: ScoringModel) -> None:
        points(draft, "a", 5)
        steps.undo(draft, 1, by=person("Mona"), at=at(2))
        points(draft, "b", 9, minute=3)
        assert not draft.steps.undone().exists()
        assert [step.what for step in draft.steps.done()] == ["b 4 → 9 points"]

    def test_somebody_elses_later_change_is_not_thrown_away(self, draft: ScoringModel) -> None:
        points(draft, "a", 5)
        points(draft, "b", 9, by="Mick", minute=2)
        with pytest.raises(ModelRefused, match="Mick changed this draft after that: b 4 → 9 points"):
            steps.undo(draft, 1, by=person("Mona"), at=at(3))
        draft.refresh_from_db()
        assert [one["points"] for one in draft.document["rules"]] == [5, 9, 4]

    def test_a_change_that_was_no_step_is_not_thrown_away_either(self, draft: ScoringModel) -> None:
        points(draft, "a", 5)
        ScoringModel.objects.filter(pk=draft.pk).update(document=document(rule("other")))
        with pytest.raises(ModelRefused, match="in another way"):
            steps.undo(draft, 1, by=person("Mona"), at=at(3))

    def test_so_many_steps_are_kept_and_no_more(self, draft: ScoringModel, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(steps, "KEPT", 3)
        for worth in range(5, 10):
            points(draft, "a", worth, minute=worth)
        assert [step.number for step in draft.steps.done()] == [5, 4, 3]

    def test_saving_without_a_change_is_no_step(self, draft: ScoringModel) -> None:
        points(draft, "a", 4)
        assert not draft.steps.exists()

    def test_a_proposed_version_is_not_undone(self, draft: ScoringModel) -> None:
        points(draft, "a", 5)
        lifecycle.propose(draft, reason="Now", by=person("Mona"), at=at(2))
        with pytest.raises(ModelRefused, match="Only a draft"):
            steps.undo(draft, 1, by=person("Mona"), at=at(3))

    def test_bringing_it_up_to_date_ends_what_can_be_undone(self, draft: ScoringModel) -> None:
        ScoringModel.objects.filter(pk=draft.pk).update(based_on=ScoringModel.objects.published())
        points(draft, "a", 5)
        versions.publish(versions.draft(document(rule("z")), by=None, at=at(2)), by=None, at=at(2))
        lifecycle.bring_up_to_date(draft, by=person("Mona"), at=at(3))
        assert not draft.steps.exists()
