"""What people see and change of the rules, and why a lead's score is what it is."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from leadhub.testing import assert_same_queries, examples, make_lead, person, signed_in
from leads.models import Lead
from scoring import sweep, versions
from scoring.models import LeadScore, ModelState, ScoringModel
from scoring.tests.agreed import agreed

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> ScoringModel:
    published = ScoringModel.objects.published()
    return versions.draft(published.document, by=person("Mick"), at=timezone.now())


@pytest.fixture
def lead() -> Lead:
    now = timezone.now()
    found = Lead.objects.create_one(
        {"email": "dewi@nusantara.example", "seniority": "Director", "employees": 320, "country": "Indonesia", "company": "Nusantara"},
        by=person("Mona"), at=now,
    )  # fmt: skip
    for days in range(4):
        found.record("page_visit", at=now - timedelta(days=days), url="https://leadhub.example/pricing")
    sweep.drain(now)
    found.refresh_from_db()
    return found


def rule_form(version: ScoringModel, **said: Any) -> dict[str, Any]:
    """What the browser sends for a new engagement rule."""
    form = {"name": "Case study read", "group": "content", "points": "7", "cap": "", "types": ["content_downloaded"]}
    form |= {"count": "every", "times": "", "within": "", "fade": "half_life", "fade_days": "30"}
    return (
        form
        | {"field": ["asset"], "op": ["contains"], "value": ["case"], "seen": version.updated_at.isoformat()}
        | said
    )


class TestReading:
    @pytest.mark.parametrize("name", ["Mona", "Mick", "Rita", "Sue", "Ann", "Ada"])
    def test_everybody_may_read_the_rules_and_the_definitions(self, name: str) -> None:
        client = signed_in(name)
        for url in ("/scoring/", "/scoring/1/", "/scoring/1/chart/", "/scoring/1/chart/data/", "/definitions/"):
            assert client.get(url).status_code == 200, url

    def test_the_definitions_stand_in_plain_words(self) -> None:
        page = signed_in("Rita").get("/definitions/").content.decode()
        assert "at least one counted activity within 90 days" in page
        assert "shows intent" in page

    def test_an_unknown_version_is_not_found(self) -> None:
        assert signed_in("Mick").get("/scoring/99999999999999999999/").status_code == 404

    def test_the_list_asks_the_database_equally_often_whatever_the_rows(self) -> None:
        document = ScoringModel.objects.published().document
        assert_same_queries(
            signed_in("Mick"), "/scoring/", lambda: versions.draft(document, by=None, at=timezone.now())
        )


class TestLedger:
    def test_the_lines_of_the_tab_add_up_to_the_total(self, lead: Lead) -> None:
        response = signed_in("Mona").get(reverse("lead_score", args=[lead.pk]))
        reading = response.context["reading"]
        added = [row["points"] for row in reading.rows if row["kind"] in ("rule", "cap")]
        assert sum(added) == reading.total
        assert reading.ledger.total == LeadScore.objects.get(lead=lead).total

    def test_it_goes_back_and_forward_in_time(self, lead: Lead) -> None:
        client, url = signed_in("Mona"), reverse("lead_score", args=[lead.pk])
        today = client.get(url).context["reading"].ledger
        long_ago = client.get(url, {"day": "2020-02-29"}).context["reading"].ledger
        later = client.get(url, {"day": "2089-01-01"}).context["reading"].ledger
        assert long_ago.engagement == 0
        assert later.engagement < today.engagement

    @pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1999-12-31", "9999-12-31", "٢٠٢٦-١١-٢١", "x" * 5000])
    def test_a_day_that_is_none_gets_a_sentence_and_todays_ledger(self, lead: Lead, day: str) -> None:
        response = signed_in("Mona").get(reverse("lead_score", args=[lead.pk]), {"day": day, "version": "nonsense"})
        assert response.status_code == 200
        assert response.context["problem"]
        assert response.context["day"] == response.context["today"]

    def test_it_says_what_time_alone_will_do_and_what_reaches_sales(self, lead: Lead) -> None:
        assert lead.stage == "mql"
        reading = signed_in("Mona").get(reverse("lead_score", args=[lead.pk])).context["reading"]
        assert reading.future.startswith("If nothing happens it falls below MQL on")
        assert reading.reach.stage == "SQL"

    def test_a_rep_sees_it_only_of_leads_they_may_know(self, lead: Lead) -> None:
        assert signed_in("Rita").get(reverse("lead_score", args=[lead.pk])).status_code == 404
        assert signed_in("Rita").get(reverse("lead_score_data", args=[lead.pk])).status_code == 404

    def test_an_analyst_does_not_read_the_name(self, lead: Lead) -> None:
        Lead.objects.filter(pk=lead.pk).update(first_name="Unmistakable")
        page = signed_in("Ann").get(reverse("lead_score", args=[lead.pk])).content.decode()
        assert "Unmistakable" not in page
        assert "nusantara.example" not in page

    def test_the_curve_meets_itself_today(self, lead: Lead) -> None:
        chart = signed_in("Mona").get(reverse("lead_score_data", args=[lead.pk])).json()
        past, ahead = (series["data"] for series in chart["series"])
        both = [(one, other) for one, other in zip(past, ahead, strict=True) if one is not None and other is not None]
        assert len(both) == 1
        assert both[0][0] == both[0][1]

    def test_a_lead_that_was_never_counted_has_a_ledger_of_nothing(self) -> None:
        fresh = make_lead()
        assert signed_in("Mona").get(reverse("lead_score", args=[fresh.pk])).status_code == 200


class TestEditor:
    def test_a_rule_is_added_with_its_conditions(self, draft: ScoringModel) -> None:
        response = signed_in("Mick").post(reverse("rule_new", args=[draft.version, "engagement"]), rule_form(draft))
        assert response.status_code == 302
        draft.refresh_from_db()
        rule = draft.document["rules"][-1]
        assert rule["key"] == "case-study-read"
        assert rule["activity"]["when"] == [{"field": "asset", "op": "contains", "value": "case"}]
        assert rule["fade"] == {"kind": "half_life", "days": 30}

    def test_points_can_be_changed_and_the_page_says_how(self, draft: ScoringModel) -> None:
        client = signed_in("Mick")
        form = rule_form(
            draft,
            name="Pricing",
            group="web",
            points="6",
            types=["page_visit"],
            field=["path"],
            op=["starts_with"],
            value=["/pricing"],
        )
        client.post(reverse("rule_edit", args=[draft.version, "engagement", "pricing-page"]), form)
        changes = client.get(reverse("scoring_model", args=[draft.version])).context["changes"]
        assert [(one.title, one.points and one.points.after) for one in changes] == [("Pricing", "6")]

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"points": "lots"}, "points"),
            ({"points": "1e400"}, "points"),
            ({"name": ""}, "name"),
            ({"count": "at_least"}, "times"),
            ({"fade_days": ""}, "fade_days"),
            ({"types": [], "field": [], "op": [], "value": []}, "types"),
            ({"types": ["teleported"]}, "types"),
        ],
    )
    def test_a_wrong_field_is_told_beside_it_and_nothing_typed_is_lost(
        self, draft: ScoringModel, wrong: dict[str, Any], field: str
    ) -> None:
        response = signed_in("Mick").post(
            reverse("rule_new", args=[draft.version, "engagement"]), rule_form(draft, **wrong)
        )
        assert response.status_code == 422
        assert field in response.context["form"].errors
        if wrong.get("field") is None:
            assert "case" in response.content.decode()

    def test_a_wrong_condition_is_told_beside_it(self, draft: ScoringModel) -> None:
        form = rule_form(draft, field=["colour"], value=["red"])
        response = signed_in("Mick").post(reverse("rule_new", args=[draft.version, "engagement"]), form)
        assert response.status_code == 422
        assert response.context["rows"][0].row.problem == "There is no field “colour”."

    def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(self, draft: ScoringModel) -> None:
        client, url = signed_in("Mick"), reverse("rule_new", args=[draft.version, "engagement"])
        client.post(url, rule_form(draft, name="First"))
        response = client.post(url, rule_form(draft, name="Second"))
        assert response.status_code == 422
        assert "Mick changed this draft" in response.content.decode()
        assert "Second" in response.content.decode()

    def test_a_deleted_rule_can_be_put_back(self, draft: ScoringModel) -> None:
        client, before = signed_in("Mick"), draft.document
        act = {"do": "delete:careers", "seen": draft.updated_at.isoformat()}
        client.post(reverse("rule_act", args=[draft.version]), act)
        draft.refresh_from_db()
        assert all(rule["key"] != "careers" for rule in draft.document["rules"])
        client.post(reverse("model_undo", args=[draft.version, 1]))
        draft.refresh_from_db()
        assert draft.document == before

    def test_a_published_version_never_changes(self) -> None:
        published = ScoringModel.objects.published()
        response = signed_in("Mick").post(
            reverse("rule_new", args=[published.version, "engagement"]), rule_form(published)
        )
        assert response.status_code == 403
        assert ScoringModel.objects.published().document == published.document

    @pytest.mark.parametrize("name", ["Rita", "Sue", "Ann"])
    def test_only_marketing_and_administrators_draft(self, draft: ScoringModel, name: str) -> None:
        client = signed_in(name)
        assert client.get(reverse("rule_new", args=[draft.version, "fit"])).status_code == 403
        assert client.post(reverse("model_draft", args=[1])).status_code == 403
        assert client.post(reverse("model_move", args=[draft.version]), {"act": "publish"}).status_code == 403

    def test_floors_caps_and_definitions_are_edited(self, draft: ScoringModel) -> None:
        client = signed_in("Mick")
        client.post(
            reverse("axis_edit", args=[draft.version, "fit"]),
            {"floor": "-40", "cap": "60", "label_A": "45", "label_B": "30", "label_C": "12.5"},
        )
        client.post(reverse("group_new", args=[draft.version, "engagement"]), {"name": "Referrals", "cap": "20"})
        client.post(
            reverse("definitions_edit", args=[draft.version]),
            {"name": "Stricter", "mql_total": "60", "mql_leave_total": "45"},
        )
        draft.refresh_from_db()
        assert draft.name == "Stricter"
        assert draft.model.definitions.mql.total == 6000
        assert draft.model.fit.labels["C"] == 1250
        assert draft.model.groups[-1].key == "referrals"

    @examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        junk=st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "group",
                    "points",
                    "cap",
                    "types",
                    "count",
                    "times",
                    "within",
                    "fade",
                    "fade_days",
                    "field",
                    "op",
                    "value",
                    "seen",
                ]
            ),
            st.text(max_size=40),
        )
    )
    def test_no_form_can_make_the_server_fail(self, draft: ScoringModel, junk: dict[str, str]) -> None:
        client = signed_in("Mick")
        for axis in ("fit", "engagement"):
            assert client.post(reverse("rule_new", args=[draft.version, axis]), junk).status_code in (
                200,
                302,
                400,
                422,
            )


class TestLife:
    def test_publishing_rescores_every_lead_and_retires_the_former(self, draft: ScoringModel, lead: Lead) -> None:
        before = LeadScore.objects.get(lead=lead).total
        document = {
            **draft.document,
            "rules": [{**rule, "points": rule["points"] * 2} for rule in draft.document["rules"]],
        }
        ScoringModel.objects.filter(pk=draft.pk).update(document=document)
        agreed(draft)
        signed_in("Mick").post(reverse("model_move", args=[draft.version]), {"act": "publish"})
        assert ScoringModel.objects.published().pk == draft.pk
        assert ScoringModel.objects.get(version=1).state == ModelState.RETIRED
        assert LeadScore.objects.get(lead=lead).total > before

    def test_a_marketer_proposes_but_does_not_publish(self, draft: ScoringModel) -> None:
        client, url = signed_in("Mona"), reverse("model_move", args=[draft.version])
        client.post(reverse("model_propose", args=[draft.version]), {"reason": "Demos count too little."})
        assert client.post(url, {"act": "publish"}).status_code == 403
        draft.refresh_from_db()
        assert draft.state == ModelState.PROPOSED

    def test_publishing_twice_says_that_it_is_done(self, draft: ScoringModel) -> None:
        client, url = signed_in("Mick"), reverse("model_move", args=[draft.version])
        agreed(draft)
        client.post(url, {"act": "publish"})
        assert client.post(url, {"act": "publish"}).status_code == 302
        assert ScoringModel.objects.filter(state=ModelState.PUBLISHED).count() == 1

    def test_a_file_becomes_a_draft_and_comes_out_the_same(self, tmp_path: Any) -> None:
        client = signed_in("Mick")
        exported = client.get(reverse("model_export", args=[1])).content
        path = tmp_path / "model.json"
        path.write_bytes(exported)
        with path.open("rb") as file:
            assert client.post(reverse("model_import"), {"file": file}).status_code == 302
        assert ScoringModel.objects.order_by("-version")[0].document == json.loads(exported)

    @pytest.mark.parametrize(
        "content", [b"", b"[]", b"\xff\xfe", b'{"name": 1, "rules": [{}]}', b"[" * 100_000, b'{"name": "\\ud800"}']
    )
    def test_a_file_that_is_no_model_is_refused_with_every_fault(self, tmp_path: Any, content: bytes) -> None:
        path = tmp_path / "model.json"
        path.write_bytes(content)
        with path.open("rb") as file:
            response = signed_in("Mick").post(reverse("model_import"), {"file": file})
        assert response.status_code == 422
        assert response.context["form"].errors
        assert ScoringModel.objects.count() == 1
