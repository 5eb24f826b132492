"""A planted history for the replay: leads of known visits and facts, offered to sales, with known outcomes."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings

from handoff.models import Ending, Handoff, Opportunity, Outcome
from leadhub.testing import NOON, make_lead, person
from leads.models import Activity, ActivityType, Lead
from reports.periods import Period
from reports.replay_moments import HANDOFFS
from reports.replay_page import ReplayPage, ReplayQuestion
from scoring.models import ScoringModel
from scoring.versions import draft, publish

from .makers import HOUR, offered

DAY = timedelta(days=1)
TODAY = date(2026, 11, 18)
VISIT = {"key": "visit", "group": "web", "points": 10, "activity": {"types": ["page_visit"]}}
VP = {"key": "vp", "group": "who", "points": 30, "when": [{"field": "seniority", "op": "is", "value": "VP"}]}
GROUPS = [{"key": "who", "axis": "fit"}, {"key": "web", "axis": "engagement"}]
_numbers = count(1)


def versions() -> tuple[ScoringModel, ScoringModel]:
    """Published: a visit 10, SQL from 50 on. Draft: a VP has 30 besides, SQL from 60 on. Both: MQL from 20 on."""
    marks = [({"mql": {"total": 20}, "sql": {"total": total}}) for total in (50, 60)]
    now = {"name": "Visits", "groups": GROUPS, "rules": [VISIT], "definitions": marks[0]}
    publish(draft(now, by=None, at=NOON - 90 * DAY), by=None, at=NOON - 90 * DAY)
    later = now | {"name": "Visits and VPs", "rules": [VISIT, VP], "definitions": marks[1]}
    return ScoringModel.objects.published(), draft(later, by=None, at=NOON - 80 * DAY)


def visited(lead: Lead, times: int = 1, *, at: datetime = NOON - DAY, recorded_at: datetime | None = None) -> None:
    """So many page visits."""
    kind = ActivityType.objects.get(key="page_visit")
    Activity.objects.bulk_create(
        Activity(
            lead=lead, type=kind, occurred_at=at, recorded_at=recorded_at or at, funnel_stage="top",
            external_id=f"replay-{next(_numbers)}",
        )
        for _time in range(times)
    )  # fmt: skip


def handed(visits: int, outcome: str = "", *, ending: str = "", at: datetime = NOON, **facts: Any) -> Handoff:
    """A lead with so many visits the day before, offered at noon; closed an hour later where there is an outcome."""
    lead = make_lead(at=at - 30 * DAY, **facts)
    visited(lead, visits, at=at - DAY)
    closed = {"closed": HOUR, "outcome": outcome} if outcome else {}
    handoff = offered(at, lead=lead, **({"claimed_by": person("Rita")} | closed if closed else {}))
    if outcome == Outcome.ACCEPTED:
        ended = {"ending": ending, "closed_at": at + DAY} if ending else {}
        Opportunity.objects.create(handoff=handoff, lead=lead, opened_at=at + HOUR, **ended)
    return handoff


def planted() -> None:
    """42 handoffs, 38 decided: who is accepted visited six times, or is a VP; who came five times is sent back."""
    for n in range(20):
        handed(6, Outcome.ACCEPTED, ending=Ending.WON if n < 5 else Ending.LOST if n < 8 else "")
    for n in range(6):
        handed(3, Outcome.ACCEPTED, ending=Ending.LOST if n < 2 else "", seniority="VP")
    for _n in range(8):
        handed(5, Outcome.SENT_BACK)
    for _n in range(4):
        handed(1, Outcome.DISQUALIFIED)
    for _n in range(3):
        handed(6)
    handed(5, Outcome.WITHDRAWN)


def asked(
    version: ScoringModel, *, kind: str = HANDOFFS, acceptance: int = 60, volume: int | None = None
) -> ReplayPage:
    """The replay of the four weeks until noon's day, as the marketing manager sees it."""
    period = Period.last_days(28, TODAY)
    question = ReplayQuestion(person("Mick"), period, "28", kind, str(version.version), acceptance, volume)
    return ReplayPage(question, today=TODAY, zone=settings.WORKSPACE_ZONE)
