"""Filters: times, numbers and points in a template."""

import contextlib
from datetime import date, datetime, timedelta
from decimal import InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from . import wording

register = template.Library()


def _time_tag(at: datetime, words: str, hover: str, *, ticks: bool) -> str:
    attribute = " data-relative" if ticks else ""
    return format_html('<time datetime="{}" title="{}"' + attribute + ">{}</time>", at.isoformat(), hover, words)


@register.filter
def relative_time(at: datetime | None) -> str:
    """How far away; ticks; the moment on hover."""
    if at is None:
        return wording.DASH
    return _time_tag(at, wording.relative(at, timezone.now()), wording.full_moment(at), ticks=True)


@register.filter
def moment(at: datetime | None) -> str:
    """The moment in the viewer's zone; how far away on hover."""
    if at is None:
        return wording.DASH
    now = timezone.now()
    return _time_tag(
        at, wording.moment(at, now), f"{wording.full_moment(at)} ({wording.relative(at, now)})", ticks=False
    )


@register.simple_tag
def when(at: datetime | None) -> str:
    """Both: "in 3 h · today 16:20"."""
    if at is None:
        return wording.DASH
    return format_html('<span class="nowrap">{} · {}</span>', relative_time(at), moment(at))


@register.filter
def day(value: date | datetime | None) -> str:
    """A calendar day in words; a moment counts by the viewer's zone."""
    if value is None:
        return wording.DASH
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return wording.day(on, timezone.localdate())


@register.filter
def clock_time(at: datetime | None) -> str:
    """The time of day alone, for entries that stand under their day."""
    if at is None:
        return ""
    return _time_tag(at, f"{timezone.localtime(at):%H:%M}", wording.full_moment(at), ticks=False)


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A timedelta or a number of minutes in words."""
    if value is None:
        return wording.DASH
    return wording.duration(wording.in_minutes(value) if isinstance(value, timedelta) else int(abs(value)))


@register.filter
def percent(share: Any, decimals: int = 0) -> str:
    with contextlib.suppress(InvalidOperation, ValueError):
        return wording.percent(share if share != "" else None, decimals)
    return wording.DASH


@register.filter
def number(value: Any) -> str:
    return wording.number(None if value == "" else value)


@register.filter
def at_most(value: int | None, limit: int) -> str:
    """Counts that stop counting: "1,000+"."""
    if value is None or value <= limit:
        return wording.number(value)
    return f"{wording.number(limit)}+"


@register.filter
def signed(value: Any) -> str:
    with contextlib.suppress(InvalidOperation, ValueError):
        return wording.signed(value)
    return "" if value is None else str(value)


@register.filter
def points(hundredths: int | None) -> str:
    """Hundredths of a point as the whole points people see."""
    if hundredths is None:
        return wording.DASH
    return wording.number(wording.whole_points(hundredths)).replace("-", wording.MINUS)


@register.filter
def signed_points(hundredths: int | None) -> str:
    return wording.DASH if hundredths is None else wording.signed(wording.whole_points(hundredths))


@register.filter
def exact_points(hundredths: int | None) -> str:
    """Both decimals: "+92.50"."""
    if hundredths is None:
        return wording.DASH
    sign = "" if hundredths == 0 else "+" if hundredths > 0 else wording.MINUS
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{wording.number(whole)}.{rest:02d}"


@register.filter
def default_dash(value: Any) -> Any:
    return wording.DASH if value is None or value == "" else value


@register.filter
def initials(name: Any) -> str:
    return wording.initials(str(name or ""))


@register.filter
def undo_url(message: Any) -> str:
    """Where the undo button of a message posts to; "" when it has none. Written as extra_tags="undo:/lists/3/undo/"."""
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix("undo:") for tag in tags if tag.startswith("undo:/")), "")


@register.filter
def toast_tone(message: Any) -> str:
    """A message's level as a tone of the house."""
    return {"success": "good", "warning": "soon", "error": "late"}.get(message.level_tag, "neutral")
