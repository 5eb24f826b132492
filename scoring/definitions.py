"""Who is MQL and SQL by score (R9, R10, R15, R25): the tests on exact hundredths, and their reasons in plain words.

Each test takes a `Standing` of one lead or of many (arrays): one code path. What a definition omits does not constrain;
a definition that names nothing qualifies nobody.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .definition import LIMIT, QualifiedByMarketing, QualifiedForSales
from .points import signed_points
from .vectors import date_of

LOWEST = -3 * LIMIT  # below every score


@dataclass(frozen=True)
class Standing:
    """Where one lead (numbers) or many (arrays) stand on a day: hundredths, and day numbers (−1: never)."""

    fit: Any
    total: Any
    last_active: Any
    last_intent: Any
    day: Any


def is_mql(mql: QualifiedByMarketing, lead: Standing) -> Any:
    """Enough points, enough fit, and active within the days asked for (R9)."""
    named = not (mql.total is None and mql.fit is None and mql.active_within_days is None)
    active = _within(lead.last_active, lead.day, mql.active_within_days) if mql.active_within_days else True
    return _reaches(lead.total, mql.total) & _reaches(lead.fit, mql.fit) & active & named


def leaves_mql(mql: QualifiedByMarketing, lead: Standing, days_stayed: Any) -> Any:
    """Under the leave mark, and MQL for long enough (R8). Without a leave mark nobody leaves by score."""
    if mql.leave_total is None:
        return (lead.total < 0) & False
    return (lead.total < mql.leave_total) & (days_stayed >= mql.min_stay_days)


def is_sql_by_score(sql: QualifiedForSales, lead: Standing) -> Any:
    """Enough points and enough fit."""
    named = not (sql.total is None and sql.fit is None)
    return _reaches(lead.total, sql.total) & _reaches(lead.fit, sql.fit) & named


def is_sql_by_intent(sql: QualifiedForSales, lead: Standing) -> Any:
    """Showed commercial intent within the days asked for (R3), with enough fit for that."""
    named = not (sql.intent_within_days is None and sql.intent_fit is None)
    return _within(lead.last_intent, lead.day, sql.intent_within_days) & _reaches(lead.fit, sql.intent_fit) & named


def is_sql(sql: QualifiedForSales, lead: Standing) -> Any:
    """SQL by score or by intent."""
    return is_sql_by_score(sql, lead) | is_sql_by_intent(sql, lead)


def _reaches(value: Any, mark: int | None) -> Any:
    return value >= (LOWEST if mark is None else mark)


def _within(last: Any, day: Any, days: int | None) -> Any:
    """Whether the last such deed happened, and fewer than `days` days ago."""
    return (last >= 0) if days is None else (last >= 0) & (day - last < days)


def why_mql(mql: QualifiedByMarketing, lead: Standing) -> str:
    """One lead's reason for being MQL: "Score 54 (50 needed), fit 20 (10 needed), active on 2026-11-20"."""
    parts = [_mark(_("score"), lead.total, mql.total), _mark(_("fit"), lead.fit, mql.fit)]
    if mql.active_within_days:
        parts.append(_("active on %(day)s") % {"day": date_of(lead.last_active)})
    return _sentence(parts)


def why_sql(sql: QualifiedForSales, lead: Standing) -> str:
    """One lead's reason for being SQL; intent is named first, since it says more."""
    if is_sql_by_intent(sql, lead):
        intent = _("showed commercial intent on %(day)s") % {"day": date_of(lead.last_intent)}
        return _sentence([intent, _mark(_("fit"), lead.fit, sql.intent_fit)])
    return _sentence([_mark(_("score"), lead.total, sql.total), _mark(_("fit"), lead.fit, sql.fit)])


def why_left(mql: QualifiedByMarketing, lead: Standing) -> str:
    """One lead's reason for being MQL no more."""
    numbers = {"score": _plain(lead.total), "mark": _plain(mql.leave_total or 0)}
    return _("Score %(score)s fell under the leave mark %(mark)s") % numbers


def mql_in_words(mql: QualifiedByMarketing) -> str:
    """The definition as both teams read it (R25)."""
    parts = [_least(_("score"), mql.total), _least(_("fit"), mql.fit)]
    if mql.active_within_days:
        parts.append(_("at least one counted activity within %(days)d days") % {"days": mql.active_within_days})
    said = _sentence(parts) or _("Nobody becomes MQL by score")
    if mql.leave_total is None:
        return said
    numbers = {"mark": _plain(mql.leave_total), "days": mql.min_stay_days}
    return (
        said
        + ". "
        + _("Back to lead when the score falls under %(mark)s, after %(days)d days at the earliest") % numbers
    )


def sql_in_words(sql: QualifiedForSales) -> str:
    """The definition as both teams read it (R25)."""
    by_score = _sentence([_least(_("score"), sql.total), _least(_("fit"), sql.fit)])
    intent = _least(_("fit"), sql.intent_fit)
    if sql.intent_within_days:
        deed = _("an activity that shows intent within %(days)d days") % {"days": sql.intent_within_days}
    else:
        deed = _("an activity that shows intent") if intent else ""
    ways = [way for way in (by_score, ", ".join(filter(None, [deed, intent]))) if way]
    return _sentence([_("; or ").join(ways)]) or _("Nobody becomes SQL by score")


def _mark(name: str, value: int, mark: int | None) -> str:
    if mark is None:
        return ""
    return _("%(name)s %(value)s (%(mark)s needed)") % {"name": name, "value": _plain(value), "mark": _plain(mark)}


def _least(name: str, mark: int | None) -> str:
    return "" if mark is None else _("%(name)s at least %(mark)s") % {"name": name, "mark": _plain(mark)}


def _plain(hundredths: int) -> str:
    return signed_points(hundredths).removeprefix("+")


def _sentence(parts: list[str]) -> str:
    text = ", ".join(filter(None, parts))
    return text[:1].upper() + text[1:]
