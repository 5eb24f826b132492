"""Policies, calendars and their changes in plain words."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.conditions import Condition, ConditionFault, parse_conditions
from scoring.lead_fields import LIST_FIELDS, sentence_of_list

from .holiday_names import countries
from .models import SlaPolicy, WorkCalendar
from .models.setting_change import Facts
from .setting_words import differing
from .windows import shown_length, shown_windows


def kept_conditions() -> Iterator[tuple[str, Sequence[Condition]]]:
    """The conditions of the policies in force, and what each is called: who puts away what they name has to know."""
    for policy in SlaPolicy.objects.in_force():
        yield _("the deadline policy “%(name)s”") % {"name": policy.name}, policy.wanted()


def policy_lines(policy: SlaPolicy) -> list[str]:
    """The promise and its reminders, a sentence each."""
    said = policy.document()
    return [promise_of(said), *_reminders(said)]


def promise_of(said: Facts) -> str:
    if said["kind"] == SlaPolicy.Kind.SAME_TIME:
        words = _("The first follow-up is due at the same time of the next working day (%(calendar)s).")
        return words % {"calendar": said["calendar"]}
    time = {"time": shown_length(said["minutes"] or 0), "calendar": said["calendar"]}
    if said["kind"] == SlaPolicy.Kind.WORKING:
        return _("The first follow-up is due within %(time)s of working time (%(calendar)s).") % time
    return _("The first follow-up is due within %(time)s straight: nights, weekends and holidays count.") % time


def _reminders(said: Facts) -> list[str]:
    lines = []
    if said["unclaimed_after"]:
        lines.append(_("Nobody has claimed it after %(time)s: the reps and their managers are told.") % _time(said, "unclaimed_after"))  # fmt: skip
    if said["before_due"]:
        lines.append(_("%(time)s before it is due, and when it is: whoever holds it is told, or the reps and managers while nobody does.") % _time(said, "before_due"))  # fmt: skip
    else:
        lines.append(_("When it is due: whoever holds it is told, or the reps and managers while nobody does."))
    if said["late_every"]:
        times = ngettext("%(n)d time", "%(n)d times", said["late_times"]) % {"n": said["late_times"]}
        lines.append(_("Every %(time)s after that, %(times)s: the sales managers too.") % (_time(said, "late_every") | {"times": times}))  # fmt: skip
    if said["release_after"]:
        lines.append(_("Late by %(time)s: it goes back to everybody.") % _time(said, "release_after"))
    return lines


def _time(said: Facts, name: str) -> dict[str, str]:
    return {"time": shown_length(said[name])}


def calendar_lines(calendar: WorkCalendar) -> list[str]:
    """Its week and its holidays, a sentence each."""
    said = calendar.document()
    return [week_of(said), holidays_of_calendar(said)]


def week_of(said: Facts) -> str:
    """“Mon–Fri 09:00–17:00; Sat 10:00–12:00”"""
    runs: list[tuple[int, int]] = []
    for day in range(7):
        if runs and said["week"][runs[-1][0]] == said["week"][day]:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return "; ".join(
        f"{_days(first, last)} {shown_windows(said['week'][first])}" for first, last in runs if said["week"][first]
    )


def _days(first: int, last: int) -> str:
    return str(WEEKDAYS_ABBR[first]) if first == last else f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def holidays_of_calendar(said: Facts) -> str:
    country = countries().get(said["country"], "")
    place = ", ".join(filter(None, (country, said["subdivision"])))
    own = ngettext("%(n)d day of the house", "%(n)d days of the house", len(said["own_days"])) % {"n": len(said["own_days"])}  # fmt: skip
    closed = _("closed on the holidays of %(place)s") % {"place": place} if place else _("no public holidays")
    return ", ".join([said["zone"].replace("_", " "), closed, *([own] if said["own_days"] else [])])


def change_lines(before: Facts | None, after: Facts | None) -> list[tuple[str, str, str]]:
    """What changed: name, before, after; everything for something new or gone."""
    return differing(_labels(), _shown, before, after)


def _labels() -> dict[str, str]:
    return {
        "name": _("Name"),
        "position": _("Place"),
        "conditions": _("For leads where"),
        "kind": _("The clock counts"),
        "minutes": _("First follow-up within"),
        "calendar": _("Calendar"),
        "unclaimed_after": _("Nobody has claimed it after"),
        "before_due": _("Before it is due"),
        "late_every": _("While it is late, every"),
        "late_times": _("How many times"),
        "release_after": _("Back to everybody when late by"),
        "zone": _("Time zone"),
        "week": _("Week"),
        "country": _("Holidays of"),
        "subdivision": _("Part of the country"),
        "own_days": _("Days of the house"),
    }


_LENGTHS = frozenset({"minutes", "unclaimed_after", "before_due", "late_every", "release_after"})


def _shown(said: Facts | None, name: str) -> str:
    value = (said or {}).get(name)
    if not value:
        return ""
    if name in _LENGTHS:
        return shown_length(value)
    readers: dict[str, Callable[[Any], str]] = {
        "week": lambda week: week_of({"week": week}),
        "kind": lambda kind: str(SlaPolicy.Kind(kind).label),
        "country": lambda code: countries().get(code, code),
        "conditions": _conditions,
        "own_days": _own_days,
    }
    return readers.get(name, str)(value)


def _conditions(document: Any) -> str:
    try:
        return sentence_of_list(parse_conditions(document, LIST_FIELDS))
    except ConditionFault:
        return "…"


def _own_days(days: Facts) -> str:
    return "; ".join(
        " ".join(filter(None, (formats.date_format(date.fromisoformat(day), "j M Y"), one["name"], shown_windows(one["windows"]))))
        for day, one in days.items()
    )  # fmt: skip
