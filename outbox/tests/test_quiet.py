"""When a mail leaves, pure: at once or once a day, never in quiet hours, in the person's zone and through both nights."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from outbox.quiet import Quiet, leaves_at

WARSAW = ZoneInfo("Europe/Warsaw")
NIGHT = (22 * 60, 7 * 60)
LUNCH = (12 * 60, 13 * 60)


def leaves(how: str, quiet: Quiet | None, at: str) -> str | None:
    found = leaves_at(how, quiet, WARSAW, datetime.fromisoformat(at).replace(tzinfo=WARSAW))
    return f"{found.astimezone(WARSAW):%Y-%m-%d %H:%M}" if found else None


@pytest.mark.parametrize(
    ("how", "quiet", "at", "then"),
    [
        ("now", None, "2026-11-18 03:00", "2026-11-18 03:00"),
        ("none", NIGHT, "2026-11-18 03:00", None),
        ("now", NIGHT, "2026-11-18 21:59", "2026-11-18 21:59"),
        ("now", NIGHT, "2026-11-18 22:00", "2026-11-19 07:00"),
        ("now", NIGHT, "2026-11-19 06:59", "2026-11-19 07:00"),
        ("now", NIGHT, "2026-11-19 07:00", "2026-11-19 07:00"),
        ("now", LUNCH, "2026-11-18 12:30", "2026-11-18 13:00"),
        ("now", LUNCH, "2026-11-18 13:00", "2026-11-18 13:00"),
        ("daily", None, "2026-11-18 07:59", "2026-11-18 08:00"),
        ("daily", None, "2026-11-18 08:00", "2026-11-18 08:00"),
        ("daily", None, "2026-11-18 08:01", "2026-11-19 08:00"),
        ("daily", (7 * 60, 9 * 60), "2026-11-18 10:00", "2026-11-19 09:00"),
        ("now", (22 * 60, 150), "2026-03-29 01:30", "2026-03-29 03:30"),  # half past two does not exist
        ("now", (22 * 60, 150), "2026-10-25 02:15", "2026-10-25 02:30"),  # and exists twice: after the second
    ],
)
def test_when_a_mail_leaves(how: str, quiet: Quiet | None, at: str, then: str | None) -> None:
    assert leaves(how, quiet, at) == then


def test_no_mail_leaves_before_it_was_decided_nor_in_quiet_hours() -> None:
    for minute in range(0, 5 * 24 * 60, 7):  # the days around the night in which clocks go back
        at = datetime.fromtimestamp(1_792_713_600 + minute * 60, UTC)
        found = leaves_at("now", NIGHT, WARSAW, at)
        assert found is not None
        assert found >= at
        assert 7 <= found.astimezone(WARSAW).hour < 22
