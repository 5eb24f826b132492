"""Times and numbers in words people read; pure: the moment that counts as now is an argument."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DASH = "–"
MINUS = "−"


def in_minutes(span: timedelta) -> int:
    """Whole minutes of a span, without its sign."""
    return int(abs(span.total_seconds()) // 60)


def duration(minutes: int) -> str:
    """ "2 h 10 min", "3 days 4 h"; the two largest units that still matter."""
    hours, rest = divmod(minutes, 60)
    if minutes < 1:
        return _("under a minute")
    if minutes < 60:
        return _("%(m)s min") % {"m": minutes}
    if hours < 48:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": rest} if rest and hours < 24 else _("%(h)s h") % {"h": hours}
    days, rest = divmod(hours, 24)
    words = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return _("%(days)s %(h)s h") % {"days": words, "h": rest} if rest and days < 7 else words


def relative(at: datetime, now: datetime) -> str:
    """ "in 3 h", "2 days ago", "just now"; one unit only."""
    minutes = in_minutes(at - now)
    days = minutes // 1440
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        size = duration(minutes)
    elif days < 2:
        size = _("%(h)s h") % {"h": minutes // 60}
    elif days < 45:
        size = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    else:
        months = round(days / 30.4)
        size = ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return _("in %(time)s") % {"time": size} if at > now else _("%(time)s ago") % {"time": size}


def day(value: date, today: date) -> str:
    """ "today", "Mon 16 Nov", "16 Nov 2025"."""
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((value - today).days)
    if near:
        return near
    return format_date(value, "D j M" if value.year == today.year else "j M Y")


def moment(at: datetime, now: datetime) -> str:
    """The day and the time in the viewer's zone: "today 16:20"."""
    local = timezone.localtime(at)
    words = day(local.date(), timezone.localtime(now).date())
    return f"{words} {local:%H:%M}" if local.year == timezone.localtime(now).year else words


def full_moment(at: datetime) -> str:
    """Everything, for the hover: "Mon 16 November 2026, 16:20 CET"."""
    local = timezone.localtime(at)
    return f"{format_date(local, 'D j F Y')}, {local:%H:%M} {local.tzname()}"


def number(value: Any) -> str:
    """Grouped by thousands; words pass as they are ("1,000+")."""
    if isinstance(value, str):
        return value
    return DASH if value is None else number_format(value, force_grouping=True)


def signed(value: Any) -> str:
    """+25, −2, 0; decimals only where there are any, and then two."""
    exact = Decimal(str(value))
    whole = exact == exact.to_integral_value()
    size = number_format(abs(exact).quantize(Decimal(1) if whole else Decimal("0.01")), force_grouping=True)
    sign = "" if exact == 0 else "+" if exact > 0 else MINUS
    return f"{sign}{size}"


def whole_points(hundredths: int) -> int:
    """Whole points people see: half away from zero (product.md §3)."""
    size = (abs(hundredths) + 50) // 100
    return size if hundredths >= 0 else -size


def percent(share: Any, decimals: int = 0) -> str:
    """A share of one as per cent, half up; nothing known is a dash."""
    if share is None:
        return DASH
    value = (Decimal(str(share)) * 100).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{number_format(value, decimals)}%".replace("-", MINUS)


def initials(name: str) -> str:
    """First and last initial; "?" when nothing is known."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
