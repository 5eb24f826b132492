"""Opportunities as a list and as a file: who may see and take along how much (quality.md §4 “export list”; R31)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from handoff.gate import ITEMS
from handoff.models import Opportunity
from handoff.models.qualification_parts import Answer
from leads.permissions import sees_personal_data

from .permissions import sees_company_reports

STATES = {"open": _("Open"), "won": _("Won"), "lost": _("Lost")}
#: The most rows of one file, by role; who holds several has the most of them. No figure: all.
MOST_BY_ROLE: dict[str, int | None] = {
    Role.SALES_REP: 500,
    Role.MARKETER: 1_000,
    Role.SALES_MANAGER: None,
    Role.MARKETING_MANAGER: None,
    Role.ANALYST: None,
    Role.ADMINISTRATOR: None,
}
#: The most rows any file has: it is written at once.
LARGEST = 20_000


def seen_by(user: User, state: str = "") -> "QuerySet[Opportunity]":
    """The opportunities a person may know of: a rep's own, a manager's team's, everybody else all; of one state or all."""
    rows = Opportunity.objects.select_related(
        "lead__company", "lead__owner", "reason", "handoff__claimed_by", "handoff__qualification"
    )
    if user.holds(Role.SALES_MANAGER) and user.team_id and not _sees_all(user):
        rows = rows.filter(Q(lead__owner__team=user.team_id) | Q(lead__owner=None) | Q(lead__owner=user))
    elif not sees_company_reports(user):
        rows = rows.filter(lead__owner=user)
    if state == "open":
        return rows.filter(closed_at=None)
    return rows.filter(ending=state) if state in STATES else rows


def _sees_all(user: User) -> bool:
    return user.holds(Role.MARKETER, Role.MARKETING_MANAGER, Role.ANALYST, Role.ADMINISTRATOR)


def most_rows(user: User) -> int:
    """How many rows a person's file may have."""
    allowed = [most for role, most in MOST_BY_ROLE.items() if user.holds(role)]
    return LARGEST if None in allowed else max((most for most in allowed if most), default=0)


def is_large(rows: "QuerySet[Opportunity]", user: User) -> bool:
    """Whether more rows leave with names than a marketer may take: this asks for a fresh password (quality.md §4)."""
    may_take_all = user.holds(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
    marketers = MOST_BY_ROLE[Role.MARKETER] or 0
    return may_take_all and rows.order_by().values("pk")[: marketers + 1].count() > marketers


def head(user: User) -> list[Any]:
    people = [_t("Name"), _t("E-mail"), _t("Company")] if sees_personal_data(user) else []
    return [
        _t("Lead"), *people, _t("Owner"), _t("Opened"), _t("Amount"), _t("Currency"), _t("Expected close"), _t("Closed"),
        _t("Ending"), _t("Reason"), *([_t("In words")] if people else []), *ITEMS,
    ]  # fmt: skip


def cells(rows: Sequence[Opportunity], user: User) -> Iterator[list[Any]]:
    """The rows of the file, in the order of its head; an analyst's has no names and no words."""
    shows_people = sees_personal_data(user)
    for one in rows:
        lead, found = one.lead, one.handoff.qualification
        people = [lead.name, lead.email, lead.company.name if lead.company else ""] if shows_people else []
        yield [
            lead.pk, *people, lead.owner.name if lead.owner else "", one.opened_at.date(), one.amount, one.currency,
            one.expected_on, one.closed_at.date() if one.closed_at else None, one.ending or "open", str(one.reason or ""),
            *([one.reason_text] if shows_people else []), *(Answer(answer).value for answer in found.answers.values()),
        ]  # fmt: skip
