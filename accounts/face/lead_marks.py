"""Marks of a lead: who, score, clock, stage, why now, ledger, timeline."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import wording
from .marks import share_of, unique_id

register = template.Library()
STEPS = {
    "lead": gettext_lazy("Lead"),
    "mql": gettext_lazy("MQL"),
    "sql": gettext_lazy("SQL"),
    "opportunity": gettext_lazy("Opportunity"),
    "customer": gettext_lazy("Customer"),
}
ENDS = {"disqualified": gettext_lazy("Disqualified"), "lost": gettext_lazy("Lost")}
ALIASES = {"marketing_qualified": "mql", "sales_qualified": "sql"}
SOON = 25.0  # per cent of the time left


def pick(thing: Any, *names: str) -> Any:
    """The first of the names that the mapping or object has a value for; callables are called."""
    for name in names:
        value = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
        value = value() if callable(value) else value
        if value not in (None, ""):
            return value
    return ""


def stage_slug(stage: Any) -> str:
    value = str(getattr(stage, "value", stage) or "lead").lower()
    return ALIASES.get(value, value)


@register.inclusion_tag("components/score_chip.html")
def score_chip(
    total: int | None,
    label: str = "",
    reasons: Sequence[Any] = (),
    as_of: date | None = None,
    href: str = "",
    size: str = "m",
) -> dict[str, Any]:
    """Total and grid label; up to three reasons and the day on hover."""
    found = {
        "total": total,
        "label": label,
        "reasons": list(reasons or ())[:3],
        "as_of": as_of,
        "href": href,
        "size": size,
    }
    return {**found, "band": label[-1:], "id": unique_id("score"), "explains": bool(reasons or as_of)}


def clock_words(state: str, due_at: datetime, met_at: datetime | None, now: datetime) -> str:
    late = wording.duration(wording.in_minutes((met_at or now) - due_at))
    if met_at:
        return _("done, %(time)s late") % {"time": late} if met_at > due_at else _("done in time")
    if state == "paused":
        return _("paused")
    return (_("late by %(time)s") if now >= due_at else _("%(time)s left")) % {"time": late}


@register.inclusion_tag("components/clock_chip.html")
def clock_chip(
    opened_at: datetime | None = None,
    due_at: datetime | None = None,
    met_at: datetime | None = None,
    now: datetime | None = None,
    state: str = "",
    compact: bool = False,
    size: str = "m",
) -> dict[str, Any]:
    """Time left until a deadline, or how late; ticks in the browser unless met or paused."""
    if due_at is None:
        return {"due_at": None}
    now = now or timezone.now()
    left = share_of((due_at - now).total_seconds(), (due_at - opened_at).total_seconds()) if opened_at else 100.0
    running = "late" if now >= due_at else "soon" if left < SOON else "good"
    state = state or ("met" if met_at and met_at <= due_at else "late" if met_at else running)
    return {
        "due_at": due_at,
        "opened_at": opened_at,
        "state": state,
        "share": "100" if state == "late" else str(left),
        "words": clock_words(state, due_at, met_at, now),
        "hover": _("Due %(moment)s") % {"moment": wording.moment(due_at, now)},
        "fixed": bool(met_at) or state in {"met", "paused"},
        "compact": compact,
        "size": size,
    }


@register.inclusion_tag("components/stage_badge.html")
def stage_badge(stage: Any, label: str = "") -> dict[str, Any]:
    slug = stage_slug(stage)
    return {"slug": slug, "label": label or {**STEPS, **ENDS}.get(slug, slug)}


@register.inclusion_tag("components/stage_path.html")
def stage_path(stage: Any, dates: Mapping[Any, Any] | None = None, reached: Any = "", cycle: int = 1) -> dict[str, Any]:
    """Five steps, where the lead stands and since when; a lead that ended shows where it left the path."""
    slug = stage_slug(stage)
    days = {stage_slug(key): value for key, value in (dates or {}).items()}
    ended = slug in ENDS
    at = list(STEPS).index(stage_slug(reached) if ended else slug)
    steps = []
    for place, (step, name) in enumerate(STEPS.items()):
        state = "past" if place < at or (ended and place == at) else "here" if place == at else "ahead"
        steps.append({"slug": step, "name": name, "state": state, "day": days.get(step) if state != "ahead" else None})
    if ended:
        steps[at + 1 :] = [{"slug": slug, "name": ENDS[slug], "state": "ended", "day": days.get(slug)}]
    return {"steps": steps, "cycle": cycle}


@register.inclusion_tag("components/reason_line.html")
def reason_line(reasons: Iterable[Any] = ()) -> dict[str, Any]:
    """Why now, in words: up to two reasons."""
    return {
        "reasons": [one if isinstance(one, str) else pick(one, "text") or str(one) for one in list(reasons or ())[:2]]
    }


@register.inclusion_tag("components/person_cell.html")
def person_cell(  # noqa: PLR0913, PLR0917 - a name may be given in as many ways
    lead: Any = None,
    name: str = "",
    title: str = "",
    company: str = "",
    href: str = "",
    panel_url: str = "",
    avatar: bool = False,
    size: str = "m",
) -> dict[str, Any]:
    """Name, title and company; whatever is missing is left out, and a lead without a name goes by its e-mail."""
    firm = company or pick(lead, "company")
    about = [title or pick(lead, "job_title"), firm if isinstance(firm, str) else pick(firm, "name") or str(firm)]
    return {
        "name": name or pick(lead, "name", "full_name"),
        "email": pick(lead, "email"),
        "about": [str(one) for one in about if one],
        "href": href or pick(lead, "get_absolute_url"),
        "panel_url": panel_url,
        "avatar": avatar,
        "size": size,
    }


@register.inclusion_tag("components/ledger.html")
def ledger(lines: Sequence[Any], total: Any, label: str = "") -> dict[str, Any]:
    """The lines that make a score, with bars left and right of a common zero line, and their sum."""
    values = [Decimal(str(pick(line, "points") or 0)) for line in lines]
    bars = [value for line, value in zip(lines, values, strict=True) if pick(line, "kind") in {"rule", "cap"}]
    low, high = min([*bars, Decimal(0)]), max([*bars, Decimal(0)])
    scale = Decimal(200) / ((high - low) or 1)
    zero = round(-low * scale, 2)
    rows = []
    for line, value in zip(lines, values, strict=True):
        width = round(abs(value) * scale, 2)
        kind = pick(line, "kind") or "rule"
        rows.append(
            {
                "line": line,
                "kind": kind,
                "points": value if kind != "group" or pick(line, "points") != "" else None,
                "bar": {"x": str(zero if value > 0 else zero - width), "width": str(width), "minus": value < 0}
                if kind in {"rule", "cap"}
                else None,
            }
        )
    return {"rows": rows, "zero": str(zero), "total": total, "label": label}


@register.inclusion_tag("components/timeline.html")
def timeline(days: Iterable[Any], empty: str = "") -> dict[str, Any]:
    """What happened, grouped by day, newest first; machine activity folded."""
    return {"days": days, "empty": empty}
