"""At work or not: windows of the week in the person's own zone."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from handoff.hours import at_work

WARSAW, JAKARTA = ZoneInfo("Europe/Warsaw"), ZoneInfo("Asia/Jakarta")
WEEK = [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("moment", "zone", "days", "opens", "closes", "expected"),
    [
        ("2026-11-18T09:00", WARSAW, WEEK, time(9), time(17), True),
        ("2026-11-18T17:00", WARSAW, WEEK, time(9), time(17), False),
        ("2026-11-21T12:00", WARSAW, WEEK, time(9), time(17), False),  # a Saturday
        ("2026-11-21T12:00", WARSAW, [], time(9), time(17), True),
        ("2026-11-18T09:00", WARSAW, [], None, None, True),
        ("2026-11-21T23:00", WARSAW, WEEK, None, None, False),
        ("2026-11-18T02:00", JAKARTA, WEEK, time(22), time(6), True),
        ("2026-11-21T02:00", WARSAW, WEEK, time(22), time(6), True),  # Friday's night goes on into Saturday
        ("2026-11-16T02:00", WARSAW, WEEK, time(22), time(6), False),  # Sunday's night is nobody's
        ("2026-10-25T02:30", WARSAW, [6], time(2), time(3), True),  # the hour that comes twice
    ],
)
def test_at_work(moment, zone, days, opens, closes, expected) -> None:
    assert at_work(datetime.fromisoformat(moment).replace(tzinfo=zone), zone, days, opens, closes) is expected
