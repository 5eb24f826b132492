"""Dates as files write them. Which of day and month stands first is found from the whole column, or asked; never guessed."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from .faults import ValueRefused

Order = Literal["", "dmy", "mdy"]
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?\Z")
_CLOCK = r"(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?)?\s*\Z"
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})" + _CLOCK, re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})" + _CLOCK, re.IGNORECASE)
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})" + _CLOCK, re.IGNORECASE)
_NAMED_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _CLOCK, re.IGNORECASE)
_MONTHS = {
    name: n
    for n, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}


class Dates:
    """Reads the dates of one column; texts without an offset are in `zone`."""

    def __init__(self, order: Order, zone: ZoneInfo) -> None:
        self.order, self.zone = order, zone
        #: The moment as ISO text in UTC, and whether it was told with its time of day. Raises `ValueRefused`.
        self.read = lru_cache(maxsize=20_000)(self._read)

    def _read(self, text: str) -> tuple[str, bool]:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            try:
                moment, exact = self._other(text)
            except (ValueError, OverflowError, OSError) as fault:
                raise ValueRefused(_("“%(text)s” is not a date we can read.") % {"text": text[:60]}) from fault
        else:
            exact = len(text) > 10 and not text.isdigit()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        try:
            return moment.astimezone(UTC).isoformat(), exact
        except OverflowError as fault:
            raise ValueRefused(_("“%(text)s” is not a date we can read.") % {"text": text[:60]}) from fault

    def _other(self, text: str) -> tuple[datetime, bool]:
        if _EPOCH.match(text):
            seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
            return datetime.fromtimestamp(seconds, UTC), True
        if found := _NUMBERS.match(text):
            first, mark, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
            order = "dmy" if mark == "." else self.order
            if not order and first != second:
                raise ValueRefused(
                    _("“%(text)s” can be read two ways; say whether the day or the month is first.")
                    % {"text": text[:60]}
                )
            day, month = (second, first) if order == "mdy" else (first, second)
            return _at(year, month, day, found.groups()[4:])
        if found := _YEAR_FIRST.match(text):
            return _at(int(found[1]), int(found[2]), int(found[3]), found.groups()[3:])
        if found := _DAY_NAMED.match(text):
            return _at(int(found[3]), _month(found[2]), int(found[1]), found.groups()[3:])
        if found := _NAMED_DAY.match(text):
            return _at(int(found[3]), _month(found[1]), int(found[2]), found.groups()[3:])
        raise ValueError(text)


def _month(name: str) -> int:
    number = _MONTHS.get(name[:3].lower())
    if not number:
        raise ValueError(name)
    return number


def _at(year: int, month: int, day: int, clock: Iterable[str | None]) -> tuple[datetime, bool]:
    hour, minute, second, half = clock
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(hours)
        hours = hours % 12 + (12 if half[0].lower() == "p" else 0)
    full = year + 2000 if year < 100 else year
    moment = datetime(full, month, day, hours, int(minute or 0), int(second or 0))  # noqa: DTZ001 - the caller knows the zone
    return moment, hour is not None


class OrderEvidence:
    """What the dates of a column say about their order."""

    def __init__(self) -> None:
        self.day_first = self.month_first = self.undecided = False
        self.example = ""

    def see(self, text: str) -> None:
        found = _NUMBERS.match(text)
        if not found or found[2] == ".":
            return
        first, second = int(found[1]), int(found[3])
        self.day_first |= first > 12
        self.month_first |= second > 12
        if first <= 12 and second <= 12 and first != second:
            self.undecided, self.example = True, self.example or text

    @property
    def order(self) -> Order:
        """The order that some date proves; blank when none does, or when two dates prove opposite ones."""
        if self.day_first == self.month_first:
            return ""
        return "dmy" if self.day_first else "mdy"

    @property
    def must_ask(self) -> bool:
        return self.undecided and not self.order
