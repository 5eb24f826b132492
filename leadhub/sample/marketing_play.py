"""What marketing does over the year: lists, promotions by hand, facts learnt on the telephone, reminders of the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from handoff import reminders
from leads.models import Lead
from leads.stages import Stage
from nurture import filling
from nurture.models import LeadList, Touched

from .emails import write_emails
from .people import YEAR
from .programs import go_round, write_programs
from .staff import ADA, BUDI, MARKETERS, MICK, MONA
from .year import Year

DAY = timedelta(days=1)
_DYNAMIC = (
    ("Warehouse people in Indonesia", "For the letters of the Jakarta office.", [
        {"field": "country", "op": "is", "value": "Indonesia"},
        {"field": "department", "op": "in", "value": ["Operations", "Logistics"]},
    ]),
    ("Large logistics firms", "250 employees and more: worth a visit.", [
        {"field": "industry", "op": "in", "value": ["Logistics", "Wholesale"]},
        {"field": "employees", "op": "at_least", "value": 250},
    ]),
    ("Polish retail, top of funnel", "Gets the peak season series.", [
        {"field": "country", "op": "is", "value": "Poland"},
        {"field": "industry", "op": "in", "value": ["Retail", "E-commerce"]},
    ]),
    ("Back at the prices", "Three visits of the pricing pages within 60 days: call before the others do.", [
        {"field": "stage", "op": "in", "value": ["lead", "mql"]},
        {"field": "activity", "op": "is", "value": "page_visit", "times": 3, "days": 60,
         "when": [{"field": "path", "op": "starts_with", "value": "/pricing"}]},
    ]),
)  # fmt: skip
#: So many days ago the dynamic lists were filled, so that there is a history of who came and went.
_FILLED = (40, 19, 5, 1, 0)
_STATIC = (
    ("Breakfast in Poznań, 3 December", "Invited by hand; 30 seats.", {"country": "Poland"}, 34),
    ("Beta of StockWise Scan 5", "Asked to try the handheld application.", {"country": "Indonesia"}, 18),
)
_WHY = (
    "Recommended by a customer",
    "Spoke with us at the stand",
    "Asked a good question in the webinar",
    "Partner says they are looking",
)


def prepare(year: Year) -> None:
    """Put marketing's acts on the agenda of the year."""
    rng = Random(f"{year.seed}:marketing")  # noqa: S311
    begin = year.now - YEAR
    year.agenda.add(year.now - 40 * DAY, lambda: _lists(year))
    year.agenda.add(year.now - 38 * DAY, lambda: write_emails(year.sales.person(MONA), year.now - 38 * DAY))
    year.agenda.add(year.now - 21 * DAY, lambda: _programs(year, year.now - 21 * DAY))
    for hours in (*range(21 * 24 - 20, 72, -20), *range(72, -1, -8)):  # the nearer, the finer
        year.agenda.add(year.now - timedelta(hours=hours), go_round(year.now - timedelta(hours=hours)))
    for _time in range(22):
        at = begin + YEAR * rng.uniform(0.2, 0.99)
        year.agenda.add(at, _promote(year, at, rng))
    for _time in range(40):
        at = begin + YEAR * rng.uniform(0.1, 0.99)
        year.agenda.add(at, _learn(year, at, rng))
    for days in _FILLED:
        year.agenda.add(year.now - days * DAY, _fill(year.now - days * DAY))
    for hours in range(72, -1, -3):
        at = year.now - timedelta(hours=hours)
        year.agenda.add(at, lambda at=at: reminders.remind(at))  # type: ignore[misc]


def _programs(year: Year, at: datetime) -> None:
    mona, mick, ada = (year.sales.person(one) for one in (MONA, MICK, ADA))
    write_programs(mona, (mick, ada), at)


def _lists(year: Year) -> None:
    mona, budi, at = year.sales.person(MONA), year.sales.person(BUDI), year.now - 40 * DAY
    for number, (name, purpose, conditions) in enumerate(_DYNAMIC):
        LeadList.objects.create(
            name=name, kind=LeadList.Kind.DYNAMIC, description=purpose, conditions=conditions,
            created_by=(mona, budi)[number % 2], created_at=at,
        )  # fmt: skip
    for name, purpose, where, seats in _STATIC:
        made = LeadList.objects.create(
            name=name, kind=LeadList.Kind.STATIC, description=purpose, created_by=mona, created_at=at
        )
        best = Lead.objects.filter(company__country=where["country"]).order_by("-score__total", "pk")[:seats]
        if invited := list(best.values_list("pk", flat=True)):
            made.put_in(Lead.objects.filter(pk__in=invited), by=mona, at=at)


def _fill(at: datetime) -> Callable[[], Any]:
    def act() -> None:
        for chosen in LeadList.objects.dynamic():
            filling.fill(chosen.pk, at)
        Touched.objects.all().delete()  # every list has looked at every lead

    return act


def _promote(year: Year, at: datetime, rng: Random) -> Callable[[], Any]:
    def act() -> None:
        if lead := _some_lead(rng, at):
            lead.promote(reason=rng.choice(_WHY), by=_marketer(year, rng), at=at)

    return act


def _learn(year: Year, at: datetime, rng: Random) -> Callable[[], Any]:
    """A fact learnt late: the history of facts shows who wrote it, and the fit follows."""

    def act() -> None:
        lead = _some_lead(rng, at)
        if lead and not lead.department:
            lead.edit({"department": "Operations"}, by=_marketer(year, rng), at=at)
        elif lead and lead.seniority == "Manager":
            lead.edit({"job_title": "Head of operations", "seniority": "Director"}, by=_marketer(year, rng), at=at)

    return act


def _some_lead(rng: Random, at: datetime) -> Lead | None:
    """One of the warmer leads that marketing still holds."""
    warm = Lead.objects.filter(score__stage=Stage.LEAD, created_at__lt=at, score__fit__gte=1500).order_by(
        "-score__total", "-score__lead"
    )
    return next(iter(warm[rng.randrange(5, 60) :][:1]), None)


def _marketer(year: Year, rng: Random) -> User:
    return year.sales.person(rng.choice(MARKETERS))
