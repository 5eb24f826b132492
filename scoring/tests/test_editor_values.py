"""Conditions are built from values that really occur, with counts; who may see them, and what is never shown."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leadhub.testing import make_activity, make_company, make_lead, person, signed_in
from scoring import values, versions
from scoring.models import ScoringModel
from scoring.values import values_of

from .test_editor_steps import document

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> ScoringModel:
    return versions.draft(document(), by=person("Mona"), at=timezone.now())


def found(axis: str, field: str, typed: str = "", *types: str) -> list[tuple[str, int]]:
    said = values_of(axis, field, typed, types)
    assert said is not None
    return [(one.value, one.count) for one in said.found]


def test_the_commonest_come_first_and_the_company_speaks_where_the_lead_does_not() -> None:
    firm = make_company(industry="Retail")
    make_lead(company=firm)
    make_lead(company=firm, industry="Software")
    make_lead(industry="Software")
    make_lead(industry="  ")
    assert found("fit", "industry") == [("Software", 2), ("Retail", 1)]


def test_what_is_typed_narrows_them_without_regard_to_case() -> None:
    for country in ("Poland", "POLAND", "Portugal", "100%_x"):
        make_lead(country=country)
    assert {value for value, _count in found("fit", "country", "pol")} == {"Poland", "POLAND"}
    assert found("fit", "country", "%_") == [("100%_x", 1)]


def test_those_of_activities_are_of_the_chosen_types() -> None:
    lead = make_lead()
    make_activity(lead, url="https://x.example/pricing?a=1")
    make_activity(lead, "content_downloaded", url="https://x.example/guide")
    assert found("engagement", "path", "", "page_visit") == [("/pricing", 1)]
    assert len(found("engagement", "path")) == 2


def test_custom_fields_and_properties_have_values_too() -> None:
    make_lead(custom={"tier": "Gold"})
    make_activity(make_lead(custom={"tier": ["a list"]}), properties={"plan": 3})
    assert found("fit", "custom.tier") == [("Gold", 1)]
    assert found("engagement", "properties.plan") == [("3", 1)]


@pytest.mark.parametrize("field", ["email", "phone", "first_name", "last_name", "external_id", "moon", "", "custom."])
def test_values_of_one_person_and_of_no_field_are_not_shown(field: str) -> None:
    make_lead("dewi@example.com")
    assert values_of("fit", field) is None


def test_only_the_latest_are_looked_at_and_it_says_so(monkeypatch: pytest.MonkeyPatch, draft: ScoringModel) -> None:
    monkeypatch.setattr(values, "SAMPLE", 2)
    for country in ("Old", "New", "New"):
        make_lead(country=country)
    assert found("fit", "country") == [("New", 2)]
    answer = signed_in("Mona").post(reverse("rule_values", args=[draft.version, "fit"]), {"wanted": "country"})
    assert "of the latest 2 leads" in answer.text


@pytest.mark.parametrize(("name", "status"), [("Mona", 200), ("Ada", 200), ("Rita", 403), ("Sue", 403), ("Ann", 403)])
def test_who_may_not_draft_does_not_see_them(draft: ScoringModel, name: str, status: int) -> None:
    url = reverse("rule_values", args=[draft.version, "fit"])
    assert signed_in(name).post(url, {"wanted": "country"}).status_code == status


@pytest.mark.parametrize("said", [{}, {"wanted": "custom.%s"}, {"wanted": "industry", "typed": "'\"%(x)s\\"}])
def test_whatever_is_asked_gets_an_answer(draft: ScoringModel, said: dict[str, Any]) -> None:
    assert signed_in("Mona").post(reverse("rule_values", args=[draft.version, "fit"]), said).status_code == 200


def test_it_asks_the_database_as_often_for_many_values_as_for_one() -> None:
    asked = []
    for country in ("Poland", "Spain", "Chile"):
        make_lead(country=country)
        with CaptureQueriesContext(connection) as queries:
            values_of("fit", "country")
        asked.append(len(queries))
    assert asked == [3, 3, 3]
