"""Homes: each role starts where its work is; an empty house says what to do next."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from leadhub.home_fading import fading_soon
from leadhub.testing import assert_same_queries, make_company, make_lead, person, signed_in
from leads.stages import Stage
from reports.tests.makers import HOUR, moved, offered
from scoring.days import workspace_day
from scoring.explain import ledger_of
from scoring.models import LeadScore
from scoring.sweep import drain

pytestmark = pytest.mark.django_db
_numbers = count(1)


def some_mql(total: int = 4200) -> None:
    """A lead that crossed the mark an hour ago, and whose score is near the leave mark."""
    at = timezone.now() - timedelta(hours=1)
    lead = make_lead(stage=Stage.MARKETING_QUALIFIED, company=make_company(f"Firm {next(_numbers)}"))
    moved(lead, Stage.MARKETING_QUALIFIED, at)
    LeadScore.objects.update_or_create(
        lead=lead,
        defaults={
            "stage": lead.stage,
            "total": total,
            "engagement": 900,
            "label": "B2",
            "scored_on": at.date(),
            "stage_since": at,
        },
    )


def some_late_handoff() -> None:
    lead = make_lead(stage=Stage.SALES_QUALIFIED, company=make_company(f"Firm {next(_numbers)}"))
    offered(timezone.now() - 26 * HOUR, lead=lead, claimed_by=person("Rita"))


@pytest.mark.parametrize(("name", "goes_to"), [("Rita", "/inbox/"), ("Ann", "/reports/")])
def test_a_rep_starts_in_the_inbox_and_an_analyst_in_the_reports(name: str, goes_to: str) -> None:
    response = signed_in(name).get("/")
    assert (response.status_code, response["Location"]) == (302, goes_to)


@pytest.mark.parametrize("name", ["Mona", "Mick", "Sue", "Ada"])
def test_an_empty_house_says_what_to_do_next(name: str) -> None:
    page = signed_in(name).get("/")
    assert page.status_code == 200
    assert "yet" in page.content.decode()


def test_a_marketer_sees_who_crossed() -> None:
    some_mql()
    assert signed_in("Mona").get("/").context["crossed_count"] == 1


def test_an_mql_whose_deeds_fade_is_shown_with_the_day_it_leaves() -> None:
    now = timezone.now()
    lead = make_lead(seniority="Manager", department="Operations", industry="Logistics", employees=120)
    lead.record("webinar_attended", at=now - timedelta(days=100))
    drain(now)
    moved(lead, Stage.MARKETING_QUALIFIED, now)
    LeadScore.objects.filter(lead=lead).update(stage=Stage.MARKETING_QUALIFIED)
    score = LeadScore.objects.get(lead=lead)
    found = fading_soon(workspace_day(now))
    later = [ledger_of(lead, day=workspace_day(now) + timedelta(days=n)).total for n in range(1, 15)]
    under = [n for n, total in enumerate(later, start=1) if total < 4000]
    assert score.total >= 4000
    assert [fading.on for fading in found] == [workspace_day(now) + timedelta(days=under[0])]


def test_the_sales_manager_sees_what_is_late_and_who_holds_it() -> None:
    some_late_handoff()
    context = signed_in("Sue").get("/").context
    assert context["cards"][0]["value"] == "1"
    assert [(load.name, load.open, load.late) for load in context["loads"]] == [("Rita", 1, 1)]


@pytest.mark.parametrize(("name", "make"), [("Mona", some_mql), ("Sue", some_late_handoff), ("Ada", some_mql)])
def test_homes_ask_equally_often_whatever_there_is(name: str, make: object) -> None:
    assert_same_queries(signed_in(name), "/", make, most=14)  # type: ignore[arg-type]


def test_several_roles_get_tabs() -> None:
    mona = person("Mona")
    mona.roles = ["marketer", "sales_manager"]
    mona.save(update_fields=["roles"])
    some_mql()
    browser = signed_in("Mona")
    assert [tab["active"] for tab in browser.get("/").context["tabs"]] == [True, False]
    assert [tab["active"] for tab in browser.get("/?view=marketing").context["tabs"]] == [False, True]
    assert browser.get("/?view=%F0%9F%92%A9").status_code == 200


def test_the_score_chart_counts_in_bars_of_ten_points() -> None:
    some_mql(total=4200)
    chart = signed_in("Mona").get("/home/scores/").json()
    assert chart["categories"][-1] == "40–49"
    assert chart["series"][1]["data"] == [0, 0, 0, 0, 1]
