"""The rows of the lead list: which leads, in which order, each with its score and the reasons for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from accounts.models import User
from leads.conditions import Condition
from leads.models import Lead
from leads.paging import Order, Run
from nurture.models import LeadList, Stay
from scoring.explain import Reason, reasons_for
from scoring.lead_fields import leads_matching
from scoring.models import ScoringModel
from scoring.points import whole_points

from .lead_filter import ME, NOBODY, LeadFilter

SORTS = ("-score", "score", "-newest", "newest", "-active", "active", "name", "-name")
BEST = SORTS[0]


@dataclass(frozen=True)
class Row:
    """One lead as the list shows it. Points are whole; a lead that waits for its first score has None."""

    lead: Lead
    points: int | None
    label: str
    last_active_on: date | None
    reasons: list[Reason]
    stay: Stay | None = None  # in the list that is looked at


def rows_of(leads: Iterable[Lead], *, today: date) -> list[Row]:
    """The rows for these leads, with up to three reasons each, asked for all at once."""
    leads = list(leads)
    reasons = _reasons([lead.pk for lead in leads], today) if leads else {}
    return [_row(lead, reasons.get(lead.pk, [])) for lead in leads]


def _reasons(ids: list[int], today: date) -> dict[int, list[Reason]]:
    """Why each has its score, in whole points; without a published model there is nothing to say."""
    try:
        found = reasons_for(ids, day=today)
    except ScoringModel.DoesNotExist:
        return {}
    return {pk: [Reason(one.text, whole_points(one.points)) for one in told] for pk, told in found.items()}


def _row(lead: Lead, reasons: list[Reason]) -> Row:
    score = getattr(lead, "score", None)
    if score is None:
        return Row(lead, None, "", None, [])
    return Row(lead, whole_points(score.total), score.label, score.last_active_on, reasons)


def wanted_leads(wanted: LeadFilter, *, user: User, today: date, chosen: LeadList | None = None) -> "QuerySet[Lead]":
    """All leads the person may see that the filter wants, in no order."""
    return _narrowed(Lead.objects.visible_to(user), wanted, user=user, today=today, chosen=chosen)


def runs_of(wanted: LeadFilter, sort: str, *, user: User, today: date, chosen: LeadList | None = None) -> list[Run]:
    """The wanted leads in order. Leads without what they are ordered by come last, newest first."""
    leads = wanted_leads(wanted, user=user, today=today, chosen=chosen).select_related("company", "owner", "score")
    down = sort.startswith("-")
    if sort.endswith("newest"):
        return [Run(leads, Order({"created_at": datetime, "pk": int}, down))]
    if sort.endswith("name"):
        return [Run(leads.annotate(sort_name=Left("search", 80)), Order({"sort_name": str, "pk": int}, down))]
    by_day = sort.endswith("active")
    column, kind = ("score__last_active_on", date) if by_day else ("score__total", int)
    known = leads.filter(**{f"{column}__isnull": False})
    others = leads.filter(score__last_active_on=None) if by_day else leads.filter(score=None)
    # The copies of stage and owner beside the score let one index answer "the best MQLs".
    return [
        Run(_by_copies(known, wanted, user), Order({column: kind, "score__lead_id": int}, down)),
        Run(others, Order({"pk": int}, descending=True)),
    ]


def _by_copies(leads: "QuerySet[Lead]", wanted: LeadFilter, user: User) -> "QuerySet[Lead]":
    if wanted.stage:
        leads = leads.filter(score__stage__in=wanted.stage)
    if wanted.owner:
        leads = leads.filter(score__owner=_owner(wanted.owner, user))
    return leads


def _narrowed(leads: Any, wanted: LeadFilter, *, user: User, today: date, chosen: LeadList | None) -> "QuerySet[Lead]":
    if wanted.q:
        leads = leads.search(wanted.q)
    if wanted.stage:
        leads = leads.at(*wanted.stage)
    if wanted.owner:
        leads = leads.filter(owner=_owner(wanted.owner, user))
    if wanted.complete is not None:
        leads = leads.with_completeness().filter(completeness__gte=wanted.complete)
    if chosen:
        leads = chosen.only(leads)
    return leads_matching(_scored(leads, wanted, today), _facts(wanted))


def _owner(owner: str, user: User) -> int | None:
    return None if owner == NOBODY else user.pk if owner == ME else int(owner)


def _scored(leads: Any, wanted: LeadFilter, today: date) -> Any:
    """Narrowed by what the score knows. A lead that waits for its score has none, so no bound holds for it."""
    if wanted.score is not None:
        leads = leads.filter(score__total__gte=wanted.score * 100)
    if wanted.label:
        parts = (Q(score__label__startswith=label) for label in wanted.label)
        leads = leads.filter(reduce(or_, parts))
    if wanted.active is not None:
        leads = leads.filter(score__last_active_on__gte=today - timedelta(days=wanted.active))
    return leads


def _facts(wanted: LeadFilter) -> list[Condition]:
    """The wishes about facts, in the language of conditions: the lead's own where known, else its company's."""
    found = list(wanted.where)
    named = ((name, getattr(wanted, name)) for name in ("source", "industry", "country"))
    found += [Condition(name, "in", values) for name, values in named if values]
    if wanted.consent in ("known", "unknown"):
        found.append(Condition("consent", wanted.consent))
    elif wanted.consent:
        found.append(Condition("consent", "is", wanted.consent))
    return found
