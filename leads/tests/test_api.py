"""The intake API: keys and scopes, what becomes of each item, and that nothing a sender sends is an error of ours."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from accounts.models import ApiKey, Scope
from leadhub.testing import examples, person, signed_in
from leads import api_limits
from leads.models import Activity, CustomField, FactChange, Lead, Verdict

pytestmark = pytest.mark.django_db
DEWI = {"email": "dewi@nusantara.co.id", "first_name": "Dewi", "company": "Nusantara Logistics"}


@pytest.fixture(autouse=True)
def fresh_limits():
    api_limits._shared().storage.reset()
    api_limits._alone.cache_clear()


@pytest.fixture
def key(db):
    """The text of a key that may send leads and activities."""
    return ApiKey.objects.issue(name="Website", scopes=[Scope.LEADS_WRITE, Scope.EVENTS_WRITE], by=person("Ada"))[1]


def post(path, body, key=None, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body)
    if key:
        headers["authorization"] = f"Bearer {key}"
    return Client().post(path, content, content_type="application/json", headers=headers)


def visit(**more):
    return {"type": "page_visit", "occurred_at": "2026-04-24T10:05:00+02:00", "email": DEWI["email"]} | more


class TestKeys:
    @pytest.mark.parametrize("text", [None, "lh_x_y", "nonsense", "lh__", "lh_" + "a" * 5000])
    def test_without_a_usable_key_nothing_is_answered(self, text):
        response = post("/api/leads", DEWI, text)
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")

    def test_a_revoked_key_is_refused_at_once(self, key):
        ApiKey.objects.get().revoke(at=timezone.now())
        assert post("/api/leads", DEWI, key).status_code == 401

    def test_a_key_does_what_its_scopes_say(self):
        text = ApiKey.objects.issue(name="CRM", scopes=[Scope.EVENTS_WRITE], by=person("Ada"))[1]
        response = post("/api/leads", DEWI, text)
        assert response.status_code == 403
        assert "leads:write" in response.json()["detail"]

    def test_being_signed_in_is_no_key(self):
        assert signed_in("Ada").post("/api/leads", DEWI, content_type="application/json").status_code == 401

    def test_the_last_use_is_noted_once_a_minute(self, key):
        post("/api/leads", DEWI, key)
        used = ApiKey.objects.get().last_used_at
        post("/api/leads", DEWI, key)
        assert ApiKey.objects.get().last_used_at == used
        ApiKey.objects.update(last_used_at=used - timedelta(minutes=2))
        post("/api/leads", DEWI, key)
        assert ApiKey.objects.get().last_used_at >= used


class TestRate:
    def test_too_many_requests_wait(self, key, settings):
        settings.API_RATE = "2/10seconds"
        answers = [post("/api/leads", DEWI, key) for _n in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert int(answers[2]["Retry-After"]) > 0

    def test_without_redis_it_counts_alone_and_stricter(self, key, settings):
        settings.REDIS_URL, settings.API_RATE = "redis://127.0.0.1:1/0", "8/10seconds"
        api_limits._shared.cache_clear()
        try:
            assert [post("/api/leads", DEWI, key).status_code for _n in range(3)] == [200, 200, 429]
        finally:
            api_limits._shared.cache_clear()

    def test_guessing_keys_is_slowed(self, settings):
        codes = [post("/api/leads", DEWI, f"lh_{n}_x").status_code for n in range(22)]
        assert codes[-1] == 429


class TestLeads:
    def test_one_lead(self, key):
        answer = post("/api/leads", DEWI, key).json()
        lead = Lead.objects.get()
        assert answer["results"] == [{"index": 0, "outcome": "created", "id": lead.pk, "reason": None}]
        assert (lead.company.name, lead.company.domain) == ("Nusantara Logistics", "nusantara.co.id")

    def test_a_batch_stores_the_good_ones_and_says_why_not_the_others(self, key):
        items = [
            DEWI,
            {"email": "nobody"},
            {"email": "a@gmail.com", "shoe": 43},
            {"email": "b@gmail.com", "employees": "many"},
            {},
            DEWI,
        ]
        answer = post("/api/leads", {"leads": items}, key).json()
        assert [r["outcome"] for r in answer["results"]] == [
            "created",
            "refused",
            "refused",
            "refused",
            "refused",
            "unchanged",
        ]
        assert (answer["created"], answer["unchanged"], answer["refused"]) == (1, 1, 4)
        assert all(r["reason"] for r in answer["results"] if r["outcome"] == "refused")

    def test_changes_are_the_keys(self, key):
        post("/api/leads", DEWI, key)
        post("/api/leads", {"email": DEWI["email"].upper(), "job_title": "COO"}, key)
        assert FactChange.objects.get(field="job_title").actor == f"key:{ApiKey.objects.get().pk}"

    def test_custom_fields_must_exist(self, key):
        CustomField.objects.create(key="shoe", label="Shoe size")
        items = [DEWI | {"custom": {"shoe": 43}}, {"email": "a@gmail.com", "custom": {"hat": "L"}}]
        answer = post("/api/leads", {"leads": items}, key).json()
        assert Lead.objects.get().custom == {"shoe": 43}
        assert "no custom field “hat”" in answer["results"][1]["reason"]


class TestActivities:
    @pytest.fixture(autouse=True)
    def dewi(self, key):
        post("/api/leads", DEWI, key)

    def test_each_is_stored_once(self, key):
        body = {
            "activities": [
                visit(external_id="1"),
                visit(external_id="1"),
                visit(external_id="2"),
                visit(email="ghost@example.net"),
            ]
        }
        answer = post("/api/activities", body, key).json()
        assert [r["outcome"] for r in answer["results"]] == ["stored", "duplicate", "stored", "refused"]
        assert post("/api/activities", body, key).json()["duplicates"] == 3
        assert {a.source_system for a in Activity.objects.all()} == {"Website"}

    def test_scanners_are_machines(self, key):
        post("/api/activities", {"activities": [visit(properties={"user_agent": "GoogleImageProxy"})]}, key)
        assert Activity.objects.get().verdict == Verdict.MACHINE

    def test_a_moment_without_offset_is_in_the_workspaces_zone(self, key):
        post("/api/activities", {"activities": [visit(occurred_at="2026-04-24T10:05:00")]}, key)
        assert Activity.objects.get().occurred_at.isoformat() == "2026-04-24T10:05:00+00:00"

    def test_at_most_a_thousand(self, key):
        assert post("/api/activities", {"activities": [visit()] * 1001}, key).status_code == 413

    def test_a_batch_costs_no_more_queries_than_one(self, key, django_assert_max_num_queries):
        with django_assert_max_num_queries(16):
            post("/api/activities", {"activities": [visit(external_id=str(n)) for n in range(200)]}, key)


class TestBadInput:
    @pytest.mark.parametrize("path", ["/api/leads", "/api/activities"])
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"", 400),
            (b"\xff\xfe", 400),
            (b"{", 400),
            (b"[" * 100_000, 400),
            (b'{"leads":' * 5_000, 400),
            (b"[]", 422),
            (b"null", 422),
            (b'"text"', 422),
            (b'{"leads": 1, "activities": {}}', 422),
            (b'{"n": ' + b"9" * 5_000 + b"}", 400),
            (b" " * 5_000_001, 413),
        ],
    )
    def test_a_request_that_is_none(self, key, path, body, status):
        response = post(path, body, key)
        assert response.status_code == status
        assert response.json()["detail"]

    @pytest.mark.parametrize(
        "value",
        [
            "\\u0000",
            "\\ud800",
            "x" * 3000,
            1e308,
            "NaN",
            10**40,
            None,
            [],
            {"a": "\\u0000"},
            True,
            "2026-13-45",
            "=1+1",
            -1,
        ],
    )
    @pytest.mark.parametrize("field", ["email", "external_id", "employees", "created_at", "custom", "source"])
    def test_a_lead_with_any_value_in_any_field(self, key, field, value):
        body = (
            json.dumps({"leads": [DEWI | {field: value}, {"email": "good@gmail.com"}]})
            .replace("\\\\u", "\\u")
            .replace('"NaN"', "NaN")
        )
        response = post("/api/leads", body.encode(), key)
        assert response.status_code == 200, response.content
        assert response.json()["results"][1]["outcome"] in ("created", "unchanged")

    anything = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=30)
        | st.sampled_from(["page_visit", DEWI["email"], "2026-01-01"]),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
        max_leaves=12,
    )
    names = st.sampled_from(
        [
            "email",
            "type",
            "occurred_at",
            "properties",
            "custom",
            "external_id",
            "url",
            "verdict",
            "employees",
            "created_at",
        ]
    )

    @examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        items=st.lists(anything | st.dictionaries(names, anything, max_size=8), max_size=4),
        path=st.sampled_from(["leads", "activities"]),
    )
    def test_anything_at_all(self, key, items, path):
        api_limits._shared().storage.reset()
        response = post(f"/api/{path}", json.dumps({path: items}).encode("utf-8", "surrogatepass"), key)
        assert response.status_code in (200, 400, 422), response.content


class TestSchema:
    def test_it_documents_every_refusal(self):
        schema = Client().get("/api/openapi.json").json()
        assert set(schema["paths"]["/api/activities"]["post"]["responses"]) == {
            "200",
            "400",
            "401",
            "403",
            "413",
            "422",
            "429",
            "503",
        }

    def test_the_page_shows_both_operations(self):
        page = signed_in("Ada").get("/api/docs").content.decode()
        assert "POST /api/leads" in page
        assert "curl -H" in page
        assert "lead_external_id" in page

    @pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
    def test_other_methods_are_not_allowed(self, method):
        assert getattr(Client(), method)("/api/leads").status_code == 405
