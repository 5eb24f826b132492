"""The leads behind a bar of the funnel: a list in pages, newest first."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from leads.models import Lead
from leads.paging import Order, Page
from leads.stages import PATH

from .funnel import STEPS, with_steps
from .questions import FunnelQuestion

NEWEST_FIRST = Order({"created_at": datetime, "pk": int}, descending=True)


def counted_leads(question: FunnelQuestion, *, step: str, stopped: bool, zone: ZoneInfo) -> "QuerySet[Lead]":
    """The leads of the cohort that reached the step; with `stopped` only those that came no further."""
    rows = with_steps(question.leads(zone))
    place = [stage.value for stage in PATH].index(step or PATH[0].value)
    if place:
        rows = rows.filter(**{f"{step}_at__isnull": False})
    if stopped and place < len(STEPS):
        rows = rows.filter(**{f"{STEPS[place].value}_at__isnull": True})
    return rows


def page_of(rows: "QuerySet[Lead]", asked: Mapping[str, str]) -> Page:
    return Page.of(rows.select_related("company", "score"), NEWEST_FIRST, asked)
