"""Scores as of another day: deeds by the day they occurred, facts as they stood, in the workspace's calendar (product.md §3)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import act_as
from leadhub.testing import NOON, make_activity, make_company, make_lead, person
from leads.models import Company, Lead
from scoring.days import end_of, workspace_day
from scoring.explain import ledger_of, reasons_for
from scoring.models import LeadScore
from scoring.standings import scores_on
from scoring.sweep import rebuild_vectors, recalculate, score_day, sweep_day
from scoring.versions import draft, publish

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


FACTS = [
    ("seniority", "is", "VP", 20),
    ("employees", "at_least", 50, 8),
    ("industry", "is", "Steel", 4),
    ("custom.tier", "is", "gold", 2),
]


@pytest.fixture(autouse=True)
def rules() -> None:
    """A VP has 20, a company of 50 or more 8, industry Steel 4, custom tier gold 2; a visit 10 that halve every 10 days."""
    said = [(points, {"field": field, "op": op, "value": value}) for field, op, value, points in FACTS]
    visit = {
        "group": "web",
        "points": 10,
        "activity": {"types": ["page_visit"]},
        "fade": {"kind": "half_life", "days": 10},
    }
    groups = [{"key": "who", "axis": "fit"}, {"key": "web", "axis": "engagement"}]
    facts = [{"key": one["field"], "group": "who", "points": points, "when": [one]} for points, one in said]
    document = {"name": "As of", "groups": groups, "rules": [*facts, {"key": "visit"} | visit]}
    publish(draft(document, by=None, at=NOON - 90 * DAY), by=None, at=NOON - 90 * DAY)


def fit_on(lead: Lead, moment: datetime) -> int:
    """Fit in points, the same by ledger and by export."""
    day = workspace_day(moment)
    [listed] = [one for one in scores_on(day, now=NOON) if one.email == lead.email]
    ledger = ledger_of(lead, day=day)
    assert listed.fit == ledger.fit == sum(line.points for line in ledger.lines if line.axis == "fit")
    return ledger.fit // 100


def set_company(company: Company, at: datetime, **facts: Any) -> None:
    act_as("system:test", at)
    Company.objects.filter(pk=company.pk).update(**facts)


def set_lead(lead: Lead, at: datetime, **facts: Any) -> None:
    act_as("system:test", at)
    Lead.objects.filter(pk=lead.pk).update(**facts)


def test_facts_count_as_they_stood_at_the_end_of_the_day() -> None:
    lead = make_lead(seniority="Intern", company=make_company(employees=10))
    set_lead(lead, NOON - 20 * DAY, seniority="VP")
    set_lead(lead, NOON - 10 * DAY, seniority="", custom={"tier": "gold"})
    set_company(lead.company, NOON - 15 * DAY, employees=80)
    assert [fit_on(lead, NOON - n * DAY) for n in (25, 20, 16, 15, 11, 10, 0)] == [0, 20, 20, 28, 28, 10, 10]


def test_the_company_of_that_day_counts_with_its_facts_of_that_day() -> None:
    steel, other = make_company("Steel", industry="Steel", employees=500), make_company("Other", employees=5)
    lead = make_lead(company=steel)
    set_lead(lead, NOON - 10 * DAY, company=other)
    set_company(steel, NOON - 5 * DAY, industry="Wood")
    assert [fit_on(lead, NOON - n * DAY) for n in (11, 10, 0)] == [12, 0, 0]


def test_a_change_in_the_last_minute_belongs_to_its_day_and_one_at_midnight_to_the_next() -> None:
    lead, midnight = make_lead(), end_of(workspace_day(NOON - 3 * DAY))
    set_lead(lead, midnight, seniority="VP")
    assert [fit_on(lead, midnight - timedelta(minutes=1)), fit_on(lead, midnight)] == [0, 20]


def test_deeds_after_the_day_do_not_count_and_those_before_fade_until_it() -> None:
    lead = make_lead()
    for days in (20, 0):
        make_activity(lead, at=NOON - days * DAY)
    rebuild_vectors(NOON)
    days = [ledger_of(lead, day=workspace_day(NOON + n * DAY)).engagement for n in (-21, -20, -10, -1, 0, 10, 99, 100)]
    assert days == [0, 1000, 500, 268, 1250, 625, 1, 0]


def test_recalculating_a_past_day_stores_it_and_the_next_sweep_brings_back_the_present() -> None:
    lead = make_lead()
    make_activity(lead, at=NOON - 10 * DAY)
    set_lead(lead, NOON - 5 * DAY, seniority="VP")
    rebuild_vectors(NOON)
    recalculate(workspace_day(NOON), at=NOON)
    assert LeadScore.objects.get(lead=lead).total == 2500
    recalculate(workspace_day(NOON - 10 * DAY), at=NOON)
    assert LeadScore.objects.get(lead=lead).total == 1000
    sweep_day(NOON)
    assert LeadScore.objects.get(lead=lead).total == 2500


@pytest.mark.parametrize(
    ("zone", "age"), [("UTC", 0), ("Asia/Jakarta", 0), ("Pacific/Kiritimati", 0), ("America/Los_Angeles", 1)]
)
def test_a_day_is_one_of_the_workspace(zone: str, age: int, settings: Any) -> None:
    """One and the same moment is another day in another place."""
    settings.WORKSPACE_TIME_ZONE, settings.WORKSPACE_ZONE = zone, ZoneInfo(zone)
    lead = make_lead()
    make_activity(lead, at=datetime(2026, 11, 18, 0, 30, tzinfo=UTC))
    rebuild_vectors(NOON)
    assert ledger_of(lead, day=date(2026, 11, 18)).engagement == [1000, 933][age]


def test_a_day_of_25_hours_is_one_day(settings: Any) -> None:
    settings.WORKSPACE_TIME_ZONE, settings.WORKSPACE_ZONE = "Europe/Warsaw", ZoneInfo("Europe/Warsaw")
    lead = make_lead()
    make_activity(lead, at=datetime(2026, 10, 24, 22, 30, tzinfo=UTC))  # 00:30 on the 25th, summer time
    make_activity(lead, at=datetime(2026, 10, 25, 22, 30, tzinfo=UTC))  # 23:30 on the same day, winter time
    rebuild_vectors(NOON)
    assert ledger_of(lead, day=date(2026, 10, 25)).engagement == 2000
    assert end_of(date(2026, 10, 25)) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)


def test_reasons_of_a_hundred_leads_ask_as_often_as_those_of_one() -> None:
    leads = [make_lead(seniority="VP", company=make_company(f"C{n}", employees=90)) for n in range(100)]
    for lead in leads:
        make_activity(lead)
    rebuild_vectors(NOON)
    asked = []
    for ids in ([leads[0].pk], [lead.pk for lead in reversed(leads)]):
        with CaptureQueriesContext(connection) as queries:
            found = reasons_for(ids, day=workspace_day(NOON))
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8
    assert [[reason.text for reason in one] for one in found.values()] == [["seniority", "visit", "employees"]] * 100


def test_scoring_a_day_without_moves_leaves_stages_alone() -> None:
    lead = make_lead(seniority="VP")
    score_day(workspace_day(NOON), at=NOON, move=False, refit=True)
    assert LeadScore.objects.get(lead=lead).fit == 2000
    assert person("Mona").pk
