"""Facts as they stood at a moment, from today's rows and the audit history (product.md §3, "as of")."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.addresses import email_key

from .condition_fields import LEAD_FIELDS
from .condition_values import text_of
from .conditions import Facts
from .models import Company, FactChange, Lead

Row = dict[str, Any]
_PATHS = sorted({path for field in LEAD_FIELDS for path in field.paths})


def facts_of(lead_ids: Sequence[int], *, before: datetime | None = None) -> dict[int, Facts]:
    """What conditions may ask of each lead, by field name; as it stood just before a moment, or today's where none is given.

    A fact changed since then is what the first change from the moment on says it was. Four queries for any set, one for
    today's.
    """
    chosen = Lead.objects.filter(id__in=lead_ids).order_by()
    if before is None:
        return {row["id"]: _facts(row) for row in chosen.values("id", "custom", *_PATHS)}
    leads: dict[int, Row] = {row["id"]: dict(row) for row in chosen.values()}
    _turn_back(leads, FactChange.objects.filter(lead_id__in=lead_ids, at__gte=before), "lead_id")
    wanted = {row["company_id"] for row in leads.values()} - {None}
    companies: dict[int, Row] = {
        row["id"]: dict(row) for row in Company.objects.filter(id__in=wanted).order_by().values()
    }
    _turn_back(companies, FactChange.objects.filter(company_id__in=wanted, at__gte=before), "company_id")
    return {pk: _facts(_with_company(row, companies)) for pk, row in leads.items()}


class FactHistory:
    """The facts of one lead at any number of moments; four queries at most, when it is made."""

    def __init__(self, lead: Lead) -> None:
        self._lead: Row = {field.attname: getattr(lead, field.attname) for field in Lead._meta.concrete_fields}
        own = list(FactChange.objects.filter(lead=lead))
        firms = [pk for pk in {lead.company_id, *(one.old for one in own if one.field == "company_id")} if pk]
        rows = Company.objects.filter(id__in=firms).values() if firms else ()
        self._companies: dict[int, Row] = {row["id"]: dict(row) for row in rows}
        others = list(FactChange.objects.filter(company__in=self._companies)) if self._companies else []
        self._changes = sorted([*own, *others], key=lambda one: (one.at, one.pk))

    def through(self, moments: Sequence[datetime]) -> list[Facts]:
        """The facts as they stood just before each of the moments, which rise.

        Moments between which nothing changed have one and the same object.
        """
        changes, found = self._changes.copy(), list[Facts]()
        lead, companies = dict(self._lead), {pk: dict(row) for pk, row in self._companies.items()}
        for moment in reversed(moments):
            changed = not found
            while changes and changes[-1].at >= moment:
                changed, change = True, changes.pop()
                _undo(change, lead if change.lead_id else companies[change.company_id or 0])
            found.append(_facts(_with_company(lead, companies)) if changed else found[-1])
        return found[::-1]


def changed_since(moment: datetime) -> set[int]:
    """The leads of which a fact, or one of their present company's, changed at the moment or later."""
    changes = FactChange.objects.filter(at__gte=moment)
    own = changes.filter(lead__isnull=False).values_list("lead_id", flat=True)
    firms = changes.filter(company__isnull=False).values("company_id")
    return {*own.distinct().order_by(), *Lead.objects.filter(company__in=firms).order_by().values_list("id", flat=True)}


def _turn_back(rows: dict[int, Row], changes: QuerySet[FactChange], whose: str) -> None:
    """Put the old value of the first change after the moment in place of today's."""
    for change in changes.order_by("-at", "-id"):
        _undo(change, rows[getattr(change, whose)])


def _undo(change: FactChange, row: Row) -> None:
    if change.field.startswith("custom."):
        row["custom"] = {**row["custom"], change.field.removeprefix("custom."): change.old}
    else:
        row[change.field] = change.old
        if change.field == "email":
            row["email_key"] = email_key(change.old) if change.old else None


def _with_company(lead: Row, companies: dict[int, Row]) -> Row:
    """A lead's row as a query that joins its company would give it."""
    return lead | {f"company__{name}": value for name, value in companies.get(lead["company_id"], {}).items()}


def _facts(row: Row) -> Facts:
    facts: dict[str, Any] = {f"custom.{name}": value for name, value in row["custom"].items()}
    for field in LEAD_FIELDS:
        known = (row.get(path) for path in field.paths)
        facts[field.name] = next((value for value in known if text_of(value) is not None), None)
    key = facts.get("email_domain")
    facts["email_domain"] = key.rpartition("@")[2] if key and "@" in key else None
    return facts
