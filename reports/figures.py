"""How figures are said: shares, spans and their changes, in words that templates, charts and files share."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from accounts.face import wording


def percent_words(share: float | None) -> str | None:
    """ "87 %", or None where there is nothing to take a share of."""
    return None if share is None else wording.percent(share)


def span_words(span: timedelta | None) -> str | None:
    """ "2 h 10 min", or None."""
    return None if span is None else wording.duration(wording.in_minutes(span))


def hours(span: timedelta | None) -> float | None:
    """Hours with one decimal, as charts and files take them."""
    return None if span is None else round(span.total_seconds() / 3600, 1)


def days(span: timedelta | None) -> float | None:
    """Days with one decimal."""
    return None if span is None else round(span.total_seconds() / 86400, 1)


def change_in_points(now: float | None, then: float | None) -> dict[str, Any]:
    """The change of a share in percentage points, more being better; nothing to compare gives nothing."""
    if now is None or then is None:
        return {}
    points = round(100 * now) - round(100 * then)
    return {
        "change": ngettext("%(points)s point", "%(points)s points", abs(points)) % {"points": wording.signed(points)}
        if points
        else _t("unchanged"),
        "tone": "good" if points > 0 else "late" if points < 0 else "neutral",
        "against": _t("the period before"),
    }


def change_of_span(now: timedelta | None, then: timedelta | None) -> dict[str, Any]:
    """The change of a time, less being better."""
    if now is None or then is None:
        return {}
    longer = now > then
    span = span_words(abs(now - then))
    return {
        "change": (_t("%(span)s longer") if longer else _t("%(span)s shorter")) % {"span": span}
        if now != then
        else _t("unchanged"),
        "tone": "late" if longer else "good" if now != then else "neutral",
        "against": _t("the period before"),
    }
