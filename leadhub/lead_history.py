"""What changed about a lead: its stages with reason and score, its facts from old to new, and by whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from leads.models import Company, CustomField, FactChange, Lead, Merge, StageMove
from leads.numbers import id_of
from leads.paging import Order, Page
from leads.permissions import LeadPermissions
from leads.stages import Cause
from scoring.lead_fields import is_personal

NEWEST = Order({"at": datetime, "pk": int}, descending=True)


@dataclass(frozen=True)
class Change:
    """One changed fact in words; `old` and `new` are None where unknown."""

    label: str
    old: str | None
    new: str | None
    at: datetime
    who: str


@dataclass(frozen=True)
class Moved:
    """One move of stage: `who` is a person or what decided."""

    move: StageMove
    who: str
    reason: str


@dataclass(frozen=True)
class History:
    """All moves (a lead has few) and one page of changed facts."""

    moves: list[Moved]
    changes: list[Change]
    older: str
    newer: str


def history_of(lead: Lead, asked: Mapping[str, str], *, masked: bool = False) -> History:
    """The lead's history; masked, without personal facts and without what somebody wrote."""
    whose = Q(lead=lead) | Q(company=lead.company_id) if lead.company_id else Q(lead=lead)
    page = Page.of(FactChange.objects.filter(whose), NEWEST, asked)
    rows = [change for change in page.rows if not (masked and is_personal(change.field))]
    words = _Words(rows)
    moves = [
        Moved(
            move, move.by.name if move.by else str(Cause(move.cause).label), "" if masked and move.by else move.reason
        )
        for move in lead.stage_moves.select_related("by")
    ]
    return History(moves, [words.told(change) for change in rows], page.next, page.previous)


def merges_of(lead: Lead, user: User, now: datetime) -> list[tuple[Merge, bool]]:
    """What was merged into the lead, each with whether this person can still take it back."""
    may = LeadPermissions(user, lead).merge
    return [(merge, may and merge.can_be_undone(now)) for merge in Merge.objects.into(lead)]


class _Words:
    """Turns stored changes into words, looking up all names at once."""

    def __init__(self, changes: Iterable[FactChange]) -> None:
        changes = list(changes)
        self.people = _names(
            User,
            {change.actor[5:] for change in changes if change.actor.startswith("user:")} | _ids(changes, "owner_id"),
        )
        self.companies = _names(Company, _ids(changes, "company_id"))
        custom = any(change.field.startswith("custom.") for change in changes)
        self.custom = dict(CustomField.objects.values_list("key", "label")) if custom else {}

    def told(self, change: FactChange) -> Change:
        return Change(
            self.label(change),
            self.value(change, change.old),
            self.value(change, change.new),
            change.at,
            self.who(change.actor),
        )

    def label(self, change: FactChange) -> str:
        if change.field.startswith("custom."):
            key = change.field.removeprefix("custom.")
            return self.custom.get(key, key)
        model = Company if change.company_id else Lead
        name = change.field if change.field == "external_id" else change.field.removesuffix("_id")
        try:
            label = getattr(model._meta.get_field(name), "verbose_name", name)
        except FieldDoesNotExist:
            return change.field
        return str(label).capitalize()

    def value(self, change: FactChange, value: Any) -> str | None:
        if value in (None, ""):
            return None
        names = {"owner_id": self.people, "company_id": self.companies}.get(change.field, {})
        return names.get(str(value), str(value))

    def who(self, actor: str) -> str:
        kind, _sep, number = actor.partition(":")
        if kind == "user":
            return self.people.get(number, _("Somebody"))
        told = {"import": _("Import %(number)s"), "key": _("API key %(number)s")}.get(kind, _("LeadHub"))
        return told % {"number": number} if "%" in told else told


def _ids(changes: Iterable[FactChange], field: str) -> set[str]:
    return {str(value) for change in changes if change.field == field for value in (change.old, change.new) if value}


def _names(model: type[User] | type[Company], ids: set[str]) -> dict[str, str]:
    known = [pk for pk in map(id_of, ids) if pk is not None]
    return {str(pk): name for pk, name in model.objects.filter(pk__in=known).values_list("pk", "name")} if known else {}
