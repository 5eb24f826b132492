"""Periods: whole days of the workspace, and the period before."""

from datetime import date
from zoneinfo import ZoneInfo

from reports.periods import Period

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def test_last_days_end_with_today() -> None:
    assert Period.last_days(7, date(2026, 11, 18)) == Period(date(2026, 11, 12), date(2026, 11, 18))


def test_previous_is_as_long_and_ends_the_day_before() -> None:
    assert NOVEMBER.previous == Period(date(2026, 10, 2), date(2026, 10, 31))
    assert NOVEMBER.previous.days == NOVEMBER.days


def test_bounds_are_midnights_of_the_zone_and_know_summer_time() -> None:
    begin, end = Period(date(2026, 10, 25), date(2026, 10, 25)).bounds(ZoneInfo("Europe/Warsaw"))
    assert (end - begin).total_seconds() == 24 * 3600  # wall clocks of one zone subtract by the wall
    assert begin.isoformat() == "2026-10-25T00:00:00+02:00"
    assert end.isoformat() == "2026-10-26T00:00:00+01:00"


def test_weeks_begin_on_the_monday_before() -> None:
    assert NOVEMBER.weeks()[0] == date(2026, 10, 26)
    assert NOVEMBER.weeks()[-1] == date(2026, 11, 30)
    assert len(NOVEMBER.weeks()) == 6


def test_months_cross_the_year() -> None:
    assert Period(date(2025, 12, 31), date(2026, 2, 1)).months() == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
