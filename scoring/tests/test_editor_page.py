"""The page of a draft: rules opened and saved in their place, copied, switched, moved, undone; and who may."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leadhub.testing import person, signed_in
from leads.models import CustomField
from scoring import versions
from scoring.models import ScoringModel

from .test_editor_steps import document, keys, rule

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft() -> ScoringModel:
    return versions.draft(document(), by=person("Mona"), at=timezone.now())


def act(client: Client, draft: ScoringModel, do: str, **said: Any) -> Any:
    return client.post(reverse("rule_act", args=[draft.version]), {"do": do} | said, headers=HTMX)


def toast(response: Any) -> str:
    return str(json.loads(response["HX-Trigger"])["toast"]["text"])


class TestInPlace:
    def test_a_rule_opens_as_a_fragment_in_its_place(self, draft: ScoringModel) -> None:
        url = reverse("rule_edit", args=[draft.version, "engagement", "a"])
        headers = HTMX | {"HX-Target": "slot-engagement-0-0"}
        response = signed_in("Mona").get(url, headers=headers)
        assert "<html" not in response.text
        assert 'id="rule-form"' in response.text
        assert response["HX-Retarget"] == "#slot-engagement-0-0"

    def test_the_same_address_is_a_page_without_scripts(self, draft: ScoringModel) -> None:
        page = signed_in("Mona").get(reverse("rule_edit", args=[draft.version, "engagement", "a"])).text
        assert "<html" in page
        assert 'id="live-panel"' in page

    def test_saved_in_place_it_answers_with_the_new_sentence_and_what_can_be_undone(self, draft: ScoringModel) -> None:
        form = {"name": "a", "group": "web", "points": "6", "types": ["page_visit"], "count": "every", "fade": "never"}
        form |= {"slot": "slot-engagement-0-0", "cap": ""}
        url = reverse("rule_edit", args=[draft.version, "engagement", "a"])
        response = signed_in("Mona").post(url, form, headers=HTMX)
        assert toast(response) == "a 4 → 6 points."
        assert "Undo: a 4 → 6 points" in response.text
        assert 'id="draft-beside" hx-swap-oob="true"' in response.text

    def test_what_is_wrong_is_told_in_its_place(self, draft: ScoringModel) -> None:
        url = reverse("rule_edit", args=[draft.version, "engagement", "a"])
        response = signed_in("Mona").post(url, {"points": "x", "slot": "slot-engagement-0-0"}, headers=HTMX)
        assert (response.status_code, response["HX-Retarget"]) == (422, "#slot-engagement-0-0")

    @pytest.mark.parametrize("name", ["axis_edit", "group_new"])
    def test_bounds_open_and_are_saved_in_their_place_too(self, draft: ScoringModel, name: str) -> None:
        client, url = signed_in("Mona"), reverse(name, args=[draft.version, "fit"])
        part = client.get(url, headers=HTMX | {"HX-Target": "slot-fit-bounds"})
        assert (part["HX-Retarget"], "<html" in part.text) == ("#slot-fit-bounds", False)
        wrong = client.post(url, {"floor": "9", "cap": "1", "slot": "slot-fit-bounds"}, headers=HTMX)
        assert (wrong.status_code, wrong["HX-Retarget"]) == (422, "#slot-fit-bounds")
        right = client.post(url, {"name": "New", "cap": "7", "slot": "slot-fit-bounds"}, headers=HTMX)
        assert toast(right) in ("Fit: At most nothing → 7.", "Group New added.")

    @pytest.mark.parametrize("key", ["a/b", "new", "form", "two\nlines", "ä ö", '"><i>'])
    def test_any_key_that_a_file_may_give_can_be_edited(self, key: str) -> None:
        odd = versions.draft(document(rule(key)), by=None, at=timezone.now())
        client = signed_in("Mona")
        assert client.get(reverse("scoring_model", args=[odd.version])).status_code == 200
        page = client.get(reverse("rule_edit", args=[odd.version, "engagement", key]))
        assert page.context["rule"].key == key

    def test_what_the_form_does_not_ask_for_stays(self) -> None:
        odd = versions.draft(document(rule("a", off=True, description="Why")), by=None, at=timezone.now())
        form = {"name": "a", "group": "web", "points": "6", "types": ["page_visit"], "count": "every", "fade": "never"}
        signed_in("Mona").post(reverse("rule_edit", args=[odd.version, "engagement", "a"]), form)
        odd.refresh_from_db()
        assert (odd.model.rules[0].off, odd.model.rules[0].description) == (True, "Why")


class TestActs:
    @pytest.mark.parametrize(
        ("do", "left"),
        [
            ("copy:a", ["a", "a-copy", "b", "c"]),
            ("delete:a", ["b", "c"]),
            ("up:b", ["b", "a", "c"]),
            ("down:a", ["b", "a", "c"]),
            ("down:b", ["a", "b", "c"]),
            ("off:a", ["a", "b", "c"]),
        ],
    )
    def test_the_order_is_kept_in_the_document_and_undone(self, draft: ScoringModel, do: str, left: list[str]) -> None:
        client, before = signed_in("Mona"), draft.document
        act(client, draft, do)
        assert keys(draft) == left
        client.post(reverse("model_undo", args=[draft.version, 1]), headers=HTMX)
        draft.refresh_from_db()
        assert draft.document == before

    def test_the_last_of_a_group_moves_on_into_the_next(self, draft: ScoringModel) -> None:
        said = toast(act(signed_in("Mona"), draft, "down:b"))
        draft.refresh_from_db()
        assert draft.document["rules"][1]["group"] == "mail"
        assert said == "b moved to place 1 of 2 in mail."

    def test_a_rule_is_dropped_before_another_or_last(self, draft: ScoringModel) -> None:
        client = signed_in("Mona")
        act(client, draft, "put:c", group="web", before="b")
        assert keys(draft) == ["a", "c", "b"]
        act(client, draft, "put:a", group="web", before="")
        assert keys(draft) == ["c", "b", "a"]

    @pytest.mark.parametrize(
        ("do", "to", "sentence"),
        [
            ("up:a", {}, "It is the first already."),
            ("down:c", {}, "It is the last already."),
            ("copy:gone", {}, "This rule is no longer there."),
            ("put:a", {"group": "who"}, "A rule moves within its axis only."),
            ("put:a", {"group": "nowhere"}, "A rule moves within its axis only."),
        ],
    )
    def test_what_cannot_be_is_a_sentence(
        self, draft: ScoringModel, do: str, to: dict[str, str], sentence: str
    ) -> None:
        assert toast(act(signed_in("Mona"), draft, do, **to)) == sentence
        assert keys(draft) == ["a", "b", "c"]

    def test_nobody_deletes_what_somebody_else_has_just_changed(self, draft: ScoringModel) -> None:
        seen = draft.updated_at.isoformat()
        act(signed_in("Mick"), draft, "off:a")
        said = toast(act(signed_in("Mona"), draft, "delete:a", seen=seen))
        assert "Mick changed this draft" in said
        assert keys(draft) == ["a", "b", "c"]

    def test_a_copy_beyond_the_most_rules_is_refused(self) -> None:
        full = versions.draft(document(*(rule(f"r{n}") for n in range(500))), by=None, at=timezone.now())
        assert "at most 500" in toast(act(signed_in("Mona"), full, "copy:r1"))

    @pytest.mark.parametrize("name", ["Rita", "Sue", "Ann"])
    def test_only_marketing_and_administrators_may(self, draft: ScoringModel, name: str) -> None:
        client = signed_in(name)
        assert act(client, draft, "copy:a").status_code == 403
        assert client.post(reverse("model_undo", args=[draft.version, 1])).status_code == 403
        assert keys(draft) == ["a", "b", "c"]


class TestUndoOnThePage:
    def test_who_undoes_somebody_elses_change_is_asked_first(self, draft: ScoringModel) -> None:
        act(signed_in("Mick"), draft, "off:a")
        page = signed_in("Mona").get(reverse("scoring_model", args=[draft.version])).text
        assert 'data-confirm="Mick did this: a switched off. Undo it?"' in page

    def test_an_undo_that_came_too_late_says_so_and_shows_how_it_is(self, draft: ScoringModel) -> None:
        client = signed_in("Mona")
        act(client, draft, "off:a")
        act(signed_in("Mick"), draft, "off:b")
        response = client.post(reverse("model_undo", args=[draft.version, 1]), headers=HTMX)
        assert "Mick changed this draft after that: b switched off" in toast(response)
        assert "Undo: b switched off" in response.text

    def test_the_page_asks_equally_often_whatever_the_rules_and_steps(self, draft: ScoringModel) -> None:
        client, url = signed_in("Mona"), reverse("scoring_model", args=[draft.version])
        asked = []
        for do in ("copy:a", "copy:b", "copy:c"):
            act(client, draft, do)
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            asked.append(len(queries))
        assert len(set(asked)) == 1


class TestJson:
    def test_a_draft_is_rewritten_as_text_in_one_step(self, draft: ScoringModel) -> None:
        client, url = signed_in("Mona"), reverse("model_json", args=[draft.version])
        assert '"points": 4' in client.get(url).context["form"].shown
        said = json.dumps(document(rule("a", points=6), rule("b"), rule("c", "mail")), indent=1)
        assert client.post(url, {"text": said}).status_code == 302
        assert draft.steps.get().what == "a 4 → 6 points"

    def test_a_wrong_text_stays_in_the_box_beside_its_faults_and_the_draft_is_whole(self, draft: ScoringModel) -> None:
        said = json.dumps(document(rule("a", points="many")), indent=1)
        response = signed_in("Mona").post(reverse("model_json", args=[draft.version]), {"text": said})
        assert response.status_code == 422
        assert response.context["form"].shown == said
        assert "rule “a”, points: This must be a number" in response.text
        assert 'data-goto-line="' in response.text
        assert keys(draft) == ["a", "b", "c"]

    def test_who_saves_text_over_a_change_of_somebody_else_is_told_what_it_would_do(self, draft: ScoringModel) -> None:
        seen = draft.updated_at.isoformat()
        act(signed_in("Mick"), draft, "off:a")
        said = {"text": json.dumps(document()), "seen": seen}
        response = signed_in("Mona").post(reverse("model_json", args=[draft.version]), said)
        assert "Mick changed this draft" in response.text
        assert "a: Switched off → on" in response.text

    @pytest.mark.parametrize("text", ["", "{", "[1]", '{"name": "x"' * 9, "9" * 5_000, "null", "[" * 9_999])
    def test_no_text_makes_the_page_fail_or_a_draft(self, text: str) -> None:
        response = signed_in("Mona").post(reverse("model_import"), {"text": text})
        assert response.status_code == 422
        assert ScoringModel.objects.count() == 1


class TestFieldsByTheirLabels:
    def test_a_field_is_shown_and_typed_as_people_call_it(self) -> None:
        when = [{"field": "job_title", "op": "contains", "value": "head"}]
        said = document({"key": "x", "name": "x", "group": "who", "points": 5, "when": when})
        draft = versions.draft(said, by=None, at=timezone.now())
        client, url = signed_in("Mona"), reverse("rule_edit", args=[draft.version, "fit", "x"])
        assert client.get(url).context["rows"][0].field == "Job title"
        form = {"name": "x", "group": "who", "points": "5", "field": "seniority level", "op": "is", "value": "VP"}
        assert client.post(url, form).context["rows"][0].field == "seniority level"
        client.post(url, form | {"field": " job TITLE"})
        draft.refresh_from_db()
        assert draft.document["rules"][0]["when"] == [{"field": "job_title", "op": "is", "value": "VP"}]

    def test_of_two_that_are_called_the_same_the_custom_one_goes_by_its_name(self, draft: ScoringModel) -> None:
        CustomField.objects.create(key="branch", label="Industry")
        page = signed_in("Mona").get(reverse("rule_new", args=[draft.version, "fit"]))
        names = [field for field, _about in page.context["suggestions"]]
        assert names.count("Industry") == 1
        assert page.context["form"].naming.name("industry") == "industry"
        assert page.context["form"].naming.name("custom.branch") == "custom.branch"
