"""At work or not: windows of the week in the person's own zone."""

from datetime import datetime, time
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handoff.hours import at_work

from .routes import week

WARSAW, JAKARTA = ZoneInfo("Europe/Warsaw"), ZoneInfo("Asia/Jakarta")
OFFICE = week("09:00-12:00, 13:00-17:00")
NIGHT = week("22:00-24:00", days=range(5))
NIGHTS = [[*early, *late] for early, late in zip(week("00:00-06:00", days=range(1, 6)), NIGHT, strict=True)]


@pytest.mark.parametrize(
    ("moment", "zone", "weekly", "expected"),
    [
        ("2026-11-18T09:00", WARSAW, OFFICE, True),
        ("2026-11-18T11:59:59", WARSAW, OFFICE, True),
        ("2026-11-18T12:00", WARSAW, OFFICE, False),  # lunch
        ("2026-11-18T13:00", WARSAW, OFFICE, True),
        ("2026-11-18T17:00", WARSAW, OFFICE, False),
        ("2026-11-21T10:00", WARSAW, OFFICE, False),  # a Saturday
        ("2026-11-21T10:00", WARSAW, [], True),
        ("2026-11-21T10:00", WARSAW, [[]] * 7, True),
        ("2026-11-18T23:59", JAKARTA, NIGHTS, True),
        ("2026-11-21T02:00", WARSAW, NIGHTS, True),  # Friday's night goes on into Saturday
        ("2026-11-16T02:00", WARSAW, NIGHTS, False),  # Sunday's night is nobody's
        ("2026-10-25T02:30", WARSAW, week("02:00-03:00", days=[6]), True),  # the hour that comes twice
    ],
)
def test_at_work(moment: str, zone: ZoneInfo, weekly: list[list[list[int]]], expected: bool) -> None:
    assert at_work(datetime.fromisoformat(moment).replace(tzinfo=zone), zone, weekly) is expected


@pytest.mark.parametrize(
    ("days", "opens", "closes", "weekly"),
    [
        ([], None, None, []),
        ([0, 1, 2, 3, 4], time(9), time(17), week("9-17")),
        ([], time(9), time(17), week("9-17", days=range(7))),
        ([5], None, None, week("0-24", days=[5])),
        ([0], time(8), time(8), week("0-24", days=[0])),
        ([6], time(22), time(6), [[[0, 360]], [], [], [], [], [], [[1320, 1440]]]),
        ([0], time(22), time(0), week("22-24", days=[0])),
        ([], time(22), time(6), week("0-6, 22-24", days=range(7))),
    ],
)
def test_hours_of_before_became_windows(days: list[int], opens: Any, closes: Any, weekly: Any) -> None:
    assert import_module("handoff.migrations.0022_weeks_of_seats").week_of(days, opens, closes) == weekly
