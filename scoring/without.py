"""Which rules a lead would not have become SQL without: a frozen ledger, added up again with one rule left out (R22, R27)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from .definition import ENGAGEMENT, FIT, Model, clip
from .definitions import Standing, is_sql
from .vectors import scoring_day

Lines = list[Mapping[str, Any]]


def carried_by(ledger: Mapping[str, Any]) -> dict[str, str]:
    """The rules that gave points in a frozen ledger, with their titles."""
    return {line["key"]: line["title"] for line in _rules(ledger) if line["points"] > 0}


def needed(ledger: Mapping[str, Any], model: Model) -> set[str]:
    """The rules without each of which, all else equal, the lead would not have been SQL that day.

    Exact: points of the other rules stay, and caps of groups and axes are applied anew, so that a rule whose points a cap
    would have made up for is not needed. Empty where the ledger did not make it SQL at all (handed over by a person).
    """
    lines = _rules(ledger)
    if not _is_sql(lines, ledger, model):
        return set()
    return {
        line["key"]
        for line in lines
        if line["points"] > 0 and not _is_sql([other for other in lines if other is not line], ledger, model)
    }


def _rules(ledger: Mapping[str, Any]) -> Lines:
    return [line for line in ledger.get("lines", []) if line.get("kind") == "rule"]


def _is_sql(lines: Iterable[Mapping[str, Any]], ledger: Mapping[str, Any], model: Model) -> bool:
    lines = list(lines)
    fit, engagement = _axis(FIT, lines, model), _axis(ENGAGEMENT, lines, model)
    active, intent = (_number(ledger.get(name)) for name in ("last_active", "last_intent"))
    standing = Standing(fit, fit + engagement, active, intent, _number(ledger["day"]))
    return bool(is_sql(model.definitions.sql, standing))


def _axis(name: str, lines: Lines, model: Model) -> int:
    """The points of an axis in hundredths, from its rules' lines."""
    axis, total = model.axes[name], 0
    for group in model.groups_of(name):
        points = sum(round(line["points"] * 100) for line in lines if line["group"] == group.key)
        total += clip(points, group.floor, group.cap)
    return clip(total, axis.lowest, axis.highest)


def _number(day: str | None) -> int:
    return scoring_day(date.fromisoformat(day)) if day else -1
