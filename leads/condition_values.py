"""How the values that conditions compare are read: as text, number or day. `condition_queries` does the same in SQL."""

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

#: What counts as nothing around a text. Stated in full, so that Python and SQL strip the same.
BLANKS = " \t\n\r\f\v\u00a0"
NUMBER = r"^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}($|[T ])"
_NUMBER = re.compile(NUMBER[:-1] + r"\Z")
_DAY = re.compile(DAY.replace("$", r"\Z"))


def fold(text: str) -> str:
    """Lower case character by character, as PostgreSQL's simple `lower()` does.

    `str.lower()` on a whole text differs twice: İ becomes two characters, and Σ at the end of a word becomes ς.
    """
    if text.isascii():
        return text.lower()
    return "".join("i" if char == "İ" else char.lower() for char in text)


def is_number(value: Any) -> bool:
    """Whether the value is a number by type. Booleans are none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def text_of(value: Any) -> str | None:
    """The value as text without blanks around it; None when it is unknown: null, blank, a list or an object."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip(BLANKS) or None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    number = _exact(value)
    return None if number is None else _plain(number)


def _plain(number: Decimal) -> str:
    """Digits without exponent and without needless zeros, as PostgreSQL's `trim_scale` leaves them."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def folded(value: Any) -> str:
    """The value as text without case; blank when it is unknown."""
    return fold(text_of(value) or "")


def number_of(value: Any) -> Decimal | None:
    """The value as a number: a number, or a text such as "250" or "-1.5"; else None. Beyond 30 digits it is none."""
    if isinstance(value, str):
        value = value.strip(BLANKS)
        return Decimal(value) if _NUMBER.match(value) else None
    number = _exact(value)
    return number if number is not None and _NUMBER.match(_plain(number)) else None


def _exact(value: Any) -> Decimal | None:
    """A finite number as it is; None for anything else."""
    if not is_number(value) or (not isinstance(value, int) and not math.isfinite(value)):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number or abs(number)  # no minus zero


def day_of(value: Any) -> str | None:
    """The value as a day "2026-11-21": a date, or a text that begins so; else None. Days compare as text."""
    text = text_of(value) if isinstance(value, (str, date)) else None
    return text[:10] if text and _DAY.match(text) else None


def is_calendar_day(value: Any) -> bool:
    """Whether the value is a text "2026-11-21" and such a day exists."""
    try:
        return (
            isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value)) and bool(_DAY.match(value))
        )
    except ValueError:
        return False


def same(value: Any, wanted: Any) -> bool:
    """Whether a known value is the wanted one: as numbers where either is a number, else as text without case."""
    if is_number(value) or is_number(wanted):
        number = number_of(value)
        return number is not None and number == number_of(wanted)
    return folded(value) == folded(wanted) != ""


def at_least(value: Any, bound: Any) -> bool:
    """Whether the value is not below the bound: as days where the bound is a day, else as numbers."""
    if is_calendar_day(bound):
        day = day_of(value)
        return day is not None and day >= bound
    number, limit = number_of(value), number_of(bound)
    return number is not None and limit is not None and number >= limit


def at_most(value: Any, bound: Any) -> bool:
    """Whether the value is not above the bound, in the same way as `at_least`."""
    if is_calendar_day(bound):
        day = day_of(value)
        return day is not None and day <= bound
    number, limit = number_of(value), number_of(bound)
    return number is not None and limit is not None and number <= limit
