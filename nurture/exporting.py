"""A list as a CSV file: who may take how many leads of it (quality.md §4), and what of each."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from accounts.access import holders
from accounts.models import Role, User
from leads.models import Lead
from leads.permissions import sees_personal_data
from leads.spreadsheets import csv_lines
from scoring.points import whole_points

from .list_pages import stays_of
from .models import LeadList

exports_all = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR, Role.ANALYST)
exports_all_named = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
exports_some = holders(Role.MARKETER)
exports_team = holders(Role.SALES_MANAGER)
#: So many leads in one file, where a role may not take all.
MARKETERS, REPS = 1_000, 500
#: Files a person may take in a while.
RATE = "30/hour"
PORTION = 2_000


class TooMany(Exception):
    """More leads than this person may take; the text is a sentence for people."""


def leads_for(chosen: LeadList, user: User) -> "QuerySet[Lead]":
    """The leads of the list that the person may take along; raises `TooMany`."""
    leads, most = _allowed(chosen.only(Lead.objects.visible_to(user)), user)
    if most and leads.order_by().values("pk")[: most + 1].count() > most:
        raise TooMany(
            _("You may export up to %(most)d leads at once, and this list has more; ask a marketing manager.")
            % {"most": most}
        )
    return leads


def is_large(leads: "QuerySet[Lead]", user: User) -> bool:
    """Whether more leads leave with their names than a marketer may take: this asks for a fresh password (quality.md §4)."""
    return exports_all_named(user) and leads.order_by().values("pk")[: MARKETERS + 1].count() > MARKETERS


def _allowed(leads: "QuerySet[Lead]", user: User) -> "tuple[QuerySet[Lead], int]":
    """The widest that one of the person's roles allows; 0 is no limit."""
    if exports_all(user):
        return leads, 0
    if exports_some(user):
        return leads, MARKETERS
    if exports_team(user):
        return (leads if user.team_id is None else leads.filter(Q(owner__team=user.team_id) | Q(owner=user))), 0
    return leads.filter(owner=user), REPS


def _in_zone(moment: datetime | None) -> str:
    return moment.astimezone(settings.WORKSPACE_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""


def _fact(name: str) -> Callable[[Lead], Any]:
    """The lead's own, else its company's."""
    return lambda lead: getattr(lead, name) or (getattr(lead.company, name) if lead.company else "") or ""


def _of_score(lead: Lead, name: str) -> Any:
    score = getattr(lead, "score", None)
    return "" if score is None else getattr(score, name)


Column = tuple[Any, Callable[[Lead], Any]]
NUMBER: list[Column] = [(__("Lead"), lambda lead: lead.pk)]
PERSONAL: list[Column] = [
    (__("E-mail"), lambda lead: lead.email),
    (__("First name"), lambda lead: lead.first_name),
    (__("Last name"), lambda lead: lead.last_name),
    (__("Job title"), lambda lead: lead.job_title),
    (__("Phone"), lambda lead: lead.phone),
    (__("Company"), lambda lead: lead.company.name if lead.company else ""),
    (__("City"), _fact("city")),
    (__("Consent"), lambda lead: lead.consent),
    (__("Owner"), lambda lead: lead.owner.name if lead.owner else ""),
]
OTHERS: list[Column] = [
    (__("Seniority"), lambda lead: lead.seniority),
    (__("Department"), lambda lead: lead.department),
    (__("Industry"), _fact("industry")),
    (__("Country"), _fact("country")),
    (__("Employees"), _fact("employees")),
    (__("Source"), lambda lead: lead.source),
    (__("Stage"), lambda lead: lead.get_stage_display()),
    (__("Score"), lambda lead: "" if (total := _of_score(lead, "total")) == "" else whole_points(total)),
    (__("Grid label"), lambda lead: _of_score(lead, "label")),
    (__("Last active"), lambda lead: _of_score(lead, "last_active_on") or ""),
]


def file_of(chosen: LeadList, leads: "QuerySet[Lead]", user: User) -> Iterator[str]:
    """The lines of the file, read portion by portion; without personal data for whoever reads leads masked (R6)."""
    named = sees_personal_data(user)
    columns = [*NUMBER, *(PERSONAL if named else []), *OTHERS]
    yield "\ufeff"  # so that spreadsheets read all letters
    yield from csv_lines(_rows(chosen, leads, columns, why=named))


def _rows(chosen: LeadList, leads: "QuerySet[Lead]", columns: list[Column], *, why: bool) -> Iterator[list[Any]]:
    yield [str(label) for label, _read in columns] + [_("In the list since"), *([_("Why")] if why else [])]
    last = 0
    while portion := list(_portion(leads, after=last)):
        stays = stays_of(chosen, [lead.pk for lead in portion])
        for lead in portion:
            stay = stays.get(lead.pk)
            since = [_in_zone(stay.entered_at), stay.why_entered] if stay else ["", ""]
            yield [read(lead) for _label, read in columns] + since[: 1 + why]
        last = portion[-1].pk


def _portion(leads: "QuerySet[Lead]", *, after: int) -> "QuerySet[Lead]":
    return leads.filter(pk__gt=after).select_related("company", "owner", "score").order_by("pk")[:PORTION]
