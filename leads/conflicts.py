"""Two people editing one lead: what somebody else changed since the form was opened, beside what was typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User

from .models import Company, FactChange, Lead


@dataclass(frozen=True)
class Conflict:
    """One field somebody else changed. `kept` is "theirs" where the person had not touched it, else "yours"."""

    name: str
    label: str
    who: str
    at: datetime
    theirs: str
    yours: str
    kept: str


def token_of(lead: Lead) -> str:
    """The moment of the latest change of the lead or its company, as the form carries it."""
    moments = [lead.updated_at, *([lead.company.updated_at] if lead.company else [])]
    return max(moments).isoformat()


def conflicts_of(lead: Lead, typed: QueryDict, labels: dict[str, str]) -> list[Conflict]:
    """What changed since the form's token, by field; nothing when the token is not one of ours."""
    seen = _moment(typed.get("seen", ""))
    if seen is None:
        return []
    whose = Q(lead=lead) | Q(company=lead.company_id) if lead.company_id else Q(lead=lead)
    changes = list(FactChange.objects.filter(whose, at__gt=seen).order_by("at", "id"))
    people, companies = _people(changes), _companies(changes)
    found: dict[str, Conflict] = {}
    for change in changes:
        name = _field_of(change)
        if name not in labels:
            continue
        names = companies if name == "company" else {}
        before = found[name].theirs if name in found else _text(change.old, names)
        yours = typed.get(name, "").strip()
        theirs = _text(change.new, names)
        kept = "theirs" if yours in (before, theirs) else "yours"
        who = people.get(change.actor, _("Somebody"))
        found[name] = Conflict(name, labels[name], who, change.at, theirs, yours, kept)
    return list(found.values())


def merged(typed: QueryDict, conflicts: Iterable[Conflict], token: str) -> QueryDict:
    """What was typed, with the others' values where the person had touched nothing, and a fresh token."""
    data = typed.copy()
    data["seen"] = token
    for conflict in conflicts:
        if conflict.kept == "theirs":
            data[conflict.name] = conflict.theirs
    return data


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _field_of(change: FactChange) -> str:
    if change.field.startswith("custom."):
        return "custom_" + change.field.removeprefix("custom.")
    return "company" if change.field == "company_id" else change.field


def _text(value: Any, names: dict[int, str]) -> str:
    if value is None:
        return ""
    return names.get(value, "") if names else str(value)


def _people(changes: Iterable[FactChange]) -> dict[str, str]:
    ids = [change.actor[5:] for change in changes if change.actor.startswith("user:") and change.actor[5:].isdecimal()]
    return {f"user:{pk}": name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")} if ids else {}


def _companies(changes: Iterable[FactChange]) -> dict[int, str]:
    ids = {value for change in changes if change.field == "company_id" for value in (change.old, change.new) if value}
    return dict(Company.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
