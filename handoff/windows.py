"""Times as people type them: “09:00–12:00, 13:00–17:00”, “1 h 30 min”, “2026-12-24 Christmas Eve, 10:00–12:00”."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .calendar import CalendarError, check_windows

MOST_WINDOWS, MOST_DAYS = 12, 200
_TIME = r"([0-9]{1,2})(?::([0-9]{2}))?"
_DASH = "[-\N{EN DASH}\N{EM DASH}]"
_WINDOW = re.compile(rf"\s*{_TIME}\s*{_DASH}\s*{_TIME}\s*")
_BEGINNING = re.compile(rf"[0-9]{{1,2}}:[0-9]{{2}}\s*{_DASH}")
_LENGTH = re.compile(r"(?:([0-9]{1,5})\s*h(?:ours?)?)?\s*(?:([0-9]{1,6})\s*m(?:in(?:utes?)?)?)?", re.IGNORECASE)
_OWN_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s+(.*))?")
Windows = list[list[int]]


def read_windows(text: str) -> Windows:
    """The windows of a day; a blank text is a closed day. Raises `ValidationError` with a sentence."""
    parts = [part for part in text.split(",") if part.strip()]
    if len(parts) > MOST_WINDOWS:
        raise ValidationError(_("At most %(most)d windows a day.") % {"most": MOST_WINDOWS})
    windows = [_read_window(part) for part in parts]
    for (first, last), (after, _end) in pairwise(windows):
        if after < last:
            said = {"one": shown_windows([[first, last]]), "other": shown_windows([[after, _end]])}
            raise ValidationError(_("Windows follow one another and do not overlap: %(one)s and %(other)s do.") % said)
    try:
        check_windows(tuple((first, last) for first, last in windows))
    except CalendarError:
        raise ValidationError(_("Windows lie within one day and follow one another.")) from None
    return windows


def _read_window(part: str) -> list[int]:
    match = _WINDOW.fullmatch(part)
    if not match:
        raise ValidationError(_("“%(part)s” is no window. Write it like 09:00–17:30.") % {"part": part.strip()[:40]})
    hour, minute, to_hour, to_minute = (int(group or 0) for group in match.groups())
    first, last = hour * 60 + minute, to_hour * 60 + to_minute
    if max(minute, to_minute) > 59 or first >= 24 * 60 or last > 24 * 60:
        raise ValidationError(_("“%(part)s”: times go from 00:00 to 24:00.") % {"part": part.strip()[:40]})
    if first >= last:
        raise ValidationError(
            _(
                "“%(part)s” ends before it begins. A window over midnight is written on both days: to 24:00, and from 00:00."
            )
            % {"part": part.strip()[:40]}
        )
    return [first, last]


def shown_windows(windows: Iterable[Iterable[int]]) -> str:
    """“09:00–12:00, 13:00–17:00”"""
    return ", ".join(f"{_clock(first)}–{_clock(last)}" for first, last in windows)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def read_length(text: str) -> int:
    """The minutes of “4 h”, “30 min” or “1 h 30 min”. Raises `ValidationError`."""
    match = _LENGTH.fullmatch(text.strip())
    if not match or not any(match.groups()):
        raise ValidationError(_("Write a time with its unit, such as 4 h, 30 min or 1 h 30 min."))
    hours, minutes = (int(group or 0) for group in match.groups())
    return hours * 60 + minutes


def shown_length(minutes: int) -> str:
    """“1 h 30 min”"""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))


def read_own_days(text: str) -> dict[str, dict[str, Any]]:
    """Lines of day, name and windows; without windows the day is closed. Raises `ValidationError` naming each bad line."""
    found: dict[str, dict[str, Any]] = {}
    faults = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_DAYS:
        raise ValidationError(_("At most %(most)d days.") % {"most": MOST_DAYS})
    for number, line in lines:
        try:
            day, said = _read_own_day(line)
            if day in found:
                raise ValidationError(_("This day stands here twice."))
            found[day] = said
        except ValidationError as fault:
            faults.append(_("Line %(number)d: %(fault)s") % {"number": number, "fault": fault.messages[0]})
    if faults:
        raise ValidationError(faults)
    return dict(sorted(found.items()))


def _read_own_day(line: str) -> tuple[str, dict[str, Any]]:
    match = _OWN_DAY.fullmatch(line)
    try:
        day = date.fromisoformat(match.group(1) if match else "")
    except ValueError:
        raise ValidationError(_("A line begins with a day, such as 2026-12-24.")) from None
    rest = (match.group(2) or "") if match else ""
    windows = _BEGINNING.search(rest)
    name = rest[: windows.start()] if windows else rest
    said = {"name": name.strip(" ,:")[:80], "windows": read_windows(rest[windows.start() :]) if windows else []}
    return day.isoformat(), said


def shown_own_days(days: dict[str, dict[str, Any]]) -> str:
    """The lines again."""
    return "\n".join(
        ", ".join(filter(None, (f"{day} {said['name']}".strip(), shown_windows(said["windows"]))))
        for day, said in sorted(days.items())
    )


class WindowsField(forms.CharField):
    """The windows of one weekday."""

    def clean(self, value: Any) -> Windows:
        return read_windows(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return shown_windows(value) if isinstance(value, list) else value


class LengthField(forms.CharField):
    """A length of time in minutes; None where left empty. `most` in minutes."""

    def __init__(self, *, most: int, **more: Any) -> None:
        super().__init__(**{"max_length": 20} | more)
        self.most = most

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        minutes = read_length(text)
        if not 0 < minutes <= self.most:
            raise ValidationError(_("This is between 1 min and %(most)s.") % {"most": shown_length(self.most)})
        return minutes

    def prepare_value(self, value: Any) -> Any:
        return shown_length(value) if isinstance(value, int) else value


class OwnDaysField(forms.CharField):
    """Days of the house, a line each."""

    def clean(self, value: Any) -> dict[str, dict[str, Any]]:
        return read_own_days(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return shown_own_days(value) if isinstance(value, dict) else value
