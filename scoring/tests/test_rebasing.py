"""A draft overtaken by another publishing is brought up to date, and nothing of either gets lost (R12)."""

from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given

from leadhub.testing import examples, person, signed_in
from scoring import lifecycle, publishable, versions
from scoring.definition_reading import parse
from scoring.differences import parts_of
from scoring.models import ModelState, ScoringModel
from scoring.rebasing import merge, woven
from scoring.tests.agreed import agreed, proposed
from scoring.tests.models import documents
from scoring.versions import ModelRefused


def rule(key: str, points: float = 4, group: str = "web") -> dict[str, Any]:
    return {"key": key, "group": group, "points": points, "activity": {"types": ["page_visit"]}}


def document(*rules: dict[str, Any], **said: Any) -> dict[str, Any]:
    groups = [{"key": "web", "axis": "engagement", "cap": 40}, {"key": "mail", "axis": "engagement"}]
    return {"name": "Base", "groups": groups, "rules": list(rules), "definitions": {"mql": {"total": 50}}} | said


BASE = document(rule("a"), rule("b"))


def merged(draft: dict[str, Any], published: dict[str, Any]) -> tuple[dict[str, Any], list[str], list[str]]:
    """The document, and the keys of what was taken and of what both changed."""
    found = merge(parse(BASE), parse(draft), parse(published))
    return found.document, [key for _kind, key in found.taken], [key for _kind, key in found.conflicts]


class TestMerge:
    def test_what_only_one_changed_is_kept_from_each(self) -> None:
        both, taken, conflicts = merged(document(rule("a", 6), rule("b")), document(rule("a"), rule("b", 9)))
        assert [one["points"] for one in both["rules"]] == [6, 9]
        assert (taken, conflicts) == (["b"], [])

    def test_rules_new_in_either_are_there_and_rules_removed_in_either_are_not(self) -> None:
        both, _taken, conflicts = merged(document(rule("a"), rule("mine")), document(rule("theirs"), rule("b")))
        assert [one["key"] for one in both["rules"]] == ["mine", "theirs"]
        assert conflicts == []

    def test_what_both_changed_differently_stays_as_the_draft_has_it_and_is_a_conflict(self) -> None:
        both, taken, conflicts = merged(document(rule("a", 6), rule("b")), document(rule("a", 9), rule("b")))
        assert both["rules"][0]["points"] == 6
        assert (taken, conflicts) == ([], ["a"])

    def test_what_both_changed_alike_is_no_conflict(self) -> None:
        assert merged(document(rule("a", 6), rule("b")), document(rule("a", 6), rule("b")))[1:] == ([], [])

    def test_a_rule_changed_here_and_removed_there_stays_and_is_a_conflict(self) -> None:
        both, _taken, conflicts = merged(document(rule("a", 6), rule("b")), document(rule("b")))
        assert [one["key"] for one in both["rules"]] == ["a", "b"]
        assert conflicts == ["a"]

    def test_a_rule_removed_here_and_changed_there_stays_removed_and_is_a_conflict(self) -> None:
        both, _taken, conflicts = merged(document(rule("b")), document(rule("a", 9), rule("b")))
        assert [one["key"] for one in both["rules"]] == ["b"]
        assert conflicts == ["a"]

    def test_definitions_axes_and_texts_are_merged_like_rules(self) -> None:
        draft = {**BASE, "definitions": {"mql": {"total": 60}}, "name": "Ours"}
        published = {**BASE, "definitions": {"mql": {"total": 50}, "sql": {"total": 99}}, "axes": {"fit": {"cap": 7}}}
        both, _taken, conflicts = merged(draft, published)
        assert both["definitions"] == {"mql": {"total": 60}, "sql": {"total": 99}}
        assert (both["axes"], both["name"], conflicts) == ({"fit": {"cap": 7}}, "Ours", [])

    def test_a_group_that_a_rule_of_the_draft_needs_stays_though_the_published_version_has_it_no_more(self) -> None:
        without = {**BASE, "groups": BASE["groups"][:1]}
        both, _taken, conflicts = merged(document(*BASE["rules"], rule("mine", group="mail")), without)
        assert [one["key"] for one in both["groups"]] == ["web", "mail"]
        assert conflicts == ["mail"]

    def test_a_group_that_the_draft_removed_comes_back_with_a_new_rule_in_it(self) -> None:
        without = {**BASE, "groups": BASE["groups"][:1]}
        both, taken, _conflicts = merged(without, document(*BASE["rules"], rule("theirs", group="mail")))
        assert [one["key"] for one in both["groups"]] == ["web", "mail"]
        assert sorted(taken) == ["mail", "theirs"]

    def test_where_the_parts_do_not_fit_together_the_draft_stays_whole_and_all_is_to_be_decided(self) -> None:
        moved = document(rule("b"))
        moved["groups"][0] = {"key": "web", "axis": "fit"}
        moved["rules"][0] = {"key": "b", "group": "web", "points": 1, "when": [{"field": "city", "op": "known"}]}
        draft = document(*BASE["rules"], rule("mine"))
        both, taken, conflicts = merged(draft, moved)
        assert (both, taken) == (draft, [])
        assert set(conflicts) == {"a", "b", "web"}

    @examples(150)
    @given(base=documents(), draft=documents(), published=documents())
    def test_nothing_gets_lost_whatever_the_three_say(
        self, base: dict[str, Any], draft: dict[str, Any], published: dict[str, Any]
    ) -> None:
        models = parse(base), parse(draft), parse(published)
        found = merge(*models)
        old, ours, theirs = map(parts_of, models)
        result = parts_of(parse(found.document))
        for part in {**old, **ours, **theirs}:
            if ours.get(part) != old.get(part) and part not in found.taken:
                assert result.get(part) == ours.get(part)
            if theirs.get(part) not in (old.get(part), ours.get(part)):
                assert part in found.conflicts or result.get(part) == theirs.get(part)

    def test_orders_are_woven(self) -> None:
        assert woven(["a", "b", "c"], ["x", "a", "y", "c", "z"]) == ["x", "a", "y", "b", "c", "z"]


def with_points(version: ScoringModel, key: str, points: float) -> dict[str, Any]:
    """The document of the version with one rule's points changed."""
    changed = deepcopy(version.document)
    next(one for one in changed["rules"] if one["key"] == key)["points"] = points
    return changed


@pytest.fixture
def draft() -> ScoringModel:
    """Mona's draft in which careers cost more; it set out from version 1."""
    found = lifecycle.draft_from(ScoringModel.objects.get(version=1), by=person("Mona"), at=timezone.now())
    ScoringModel.objects.filter(pk=found.pk).update(document=with_points(found, "careers", -20))
    found.refresh_from_db()
    return found


def publish(key: str, points: float) -> ScoringModel:
    """Another version, published meanwhile, in which that rule gives so many points."""
    other = versions.draft(with_points(ScoringModel.objects.published(), key, points), by=None, at=timezone.now())
    versions.publish(other, by=None, at=timezone.now())
    return other


def points_of(version: ScoringModel, key: str) -> float:
    stored = ScoringModel.objects.get(pk=version.pk)
    return next(one["points"] for one in stored.document["rules"] if one["key"] == key)


@pytest.mark.django_db
class TestOvertaken:
    def test_it_is_not_proposed_before_it_saw_what_counts_now(self, draft: ScoringModel) -> None:
        publish("pricing-page", 9)
        with pytest.raises(ModelRefused, match="was published after"):
            proposed(draft)

    def test_nor_published_though_both_had_agreed(self, draft: ScoringModel) -> None:
        agreed(draft)
        other = publish("pricing-page", 9)
        answer = signed_in("Mick").post(reverse("model_move", args=[draft.version]), {"act": "publish"}, follow=True)
        assert "was published after" in answer.content.decode()
        assert ScoringModel.objects.published() == other

    def test_a_draft_without_a_written_base_set_out_from_what_counted_when_it_was_made(self) -> None:
        found = versions.draft(ScoringModel.objects.published().document, by=None, at=timezone.now())
        assert publishable.overtaken_by(found) is None
        assert publishable.overtaken_by(found) != publish("careers", -1)
        assert publishable.overtaken_by(found) is not None

    def test_a_copy_of_a_draft_has_seen_no_more_than_that_draft(self, draft: ScoringModel) -> None:
        other = publish("pricing-page", 9)
        assert publishable.overtaken_by(lifecycle.draft_from(draft, by=person("Mick"), at=timezone.now())) == other

    def test_brought_up_to_date_it_has_both_and_can_be_proposed(self, draft: ScoringModel) -> None:
        publish("pricing-page", 9)
        answer = signed_in("Mona").post(reverse("model_move", args=[draft.version]), {"act": "update"}, follow=True)
        assert "1 part taken from it, nothing both changed" in answer.content.decode()
        assert (points_of(draft, "pricing-page"), points_of(draft, "careers")) == (9, -20)
        draft.refresh_from_db()
        assert proposed(draft).state == ModelState.PROPOSED

    def test_a_proposed_one_is_a_draft_again_and_its_approvals_are_void(self, draft: ScoringModel) -> None:
        agreed(draft)
        publish("pricing-page", 9)
        lifecycle.bring_up_to_date(draft, by=person("Mona"), at=timezone.now())
        draft.refresh_from_db()
        assert draft.state == ModelState.DRAFT
        assert not draft.approvals.standing().exists()

    def test_what_is_up_to_date_is_not_brought(self, draft: ScoringModel) -> None:
        with pytest.raises(ModelRefused, match="is up to date"):
            lifecycle.bring_up_to_date(draft, by=person("Mona"), at=timezone.now())


@pytest.mark.django_db
class TestConflict:
    @pytest.fixture
    def torn(self, draft: ScoringModel) -> ScoringModel:
        publish("careers", -5)
        lifecycle.bring_up_to_date(draft, by=person("Mona"), at=timezone.now())
        draft.refresh_from_db()
        return draft

    def decide(self, version: ScoringModel, choice: str, part: str = "rule:careers") -> Any:
        said = {"part": part, "choice": choice, "seen": version.updated_at.isoformat()}
        return signed_in("Mona").post(reverse("model_decide", args=[version.version]), said, follow=True)

    def test_it_is_listed_in_words_with_the_drafts_choice_kept(self, torn: ScoringModel) -> None:
        page = signed_in("Mona").get(reverse("scoring_model", args=[torn.version]))
        (conflict,) = page.context["conflicts"]
        assert (conflict.points.before, conflict.points.after) == ("−5", "−20")
        assert "Both changed" in page.content.decode()
        assert points_of(torn, "careers") == -20

    @pytest.mark.parametrize(("choice", "points"), [("draft", -20), ("published", -5)])
    def test_the_person_decides(self, torn: ScoringModel, choice: str, points: int) -> None:
        page = self.decide(torn, choice)
        assert page.context["conflicts"] == []
        assert points_of(torn, "careers") == points

    def test_deciding_twice_or_about_nothing_gets_a_sentence(self, torn: ScoringModel) -> None:
        self.decide(torn, "draft")
        assert "This was decided already" in self.decide(torn, "published").content.decode()
        assert "This was decided already" in self.decide(torn, "published", part="rule:no such").content.decode()
        assert points_of(torn, "careers") == -20

    def test_a_choice_that_is_none_is_refused(self, torn: ScoringModel) -> None:
        assert self.decide(torn, "both").status_code == 400
