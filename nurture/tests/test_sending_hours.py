"""When nurture may write: weekdays, hours, holidays and own days by a zone; and the waits that end at such moments."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.testing import examples
from nurture.sending_hours import Hours, waited_until, zone_of

WARSAW, JAKARTA = ZoneInfo("Europe/Warsaw"), ZoneInfo("Asia/Jakarta")
WEEK = Hours(country="PL", own_days=(date(2026, 11, 12),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "opens"),
    [
        ("2026-11-18 10:00", WARSAW, "2026-11-18 10:00"),  # a Wednesday at 11 there
        ("2026-11-18 07:59", WARSAW, "2026-11-18 08:00"),
        ("2026-11-18 16:00", WARSAW, "2026-11-19 08:00"),  # 17:00 is over
        ("2026-11-20 17:00", WARSAW, "2026-11-23 08:00"),  # over the weekend
        ("2026-11-10 18:00", WARSAW, "2026-11-13 08:00"),  # the 11th is a holiday, the 12th an own day
        ("2026-11-18 10:00", JAKARTA, "2026-11-19 02:00"),  # 17:00 in Jakarta
        ("2026-10-23 16:00", WARSAW, "2026-10-26 08:00"),  # over the night in which clocks go back
    ],
)
def test_letters_wait_until_it_is_open_where_the_lead_is(moment: str, zone: ZoneInfo, opens: str) -> None:
    assert WEEK.next_open(at(moment), zone) == at(opens)


@given(st.integers(0, 700 * 24 * 60), st.sampled_from([WARSAW, JAKARTA]))
@examples(80)
def test_the_moment_found_is_open_and_none_before_it(minutes: int, zone: ZoneInfo) -> None:
    moment = at("2026-01-01") + timedelta(minutes=minutes)
    found = WEEK.next_open(moment, zone)
    assert found is not None
    assert found >= moment
    assert WEEK.next_open(found, zone) == found
    assert found == moment or found.astimezone(zone).hour == 9


def test_hours_without_a_day_never_open() -> None:
    assert Hours(days=()).next_open(at("2026-11-18 10:00"), WARSAW) is None


@pytest.mark.parametrize(
    ("how", "given_", "until"),
    [
        ("for", {"minutes": 90}, "2026-11-18 13:30"),
        ("weekday", {"weekday": 1, "time": 9 * 60}, "2026-11-24 08:00"),
        ("weekday", {"weekday": 2, "time": 14 * 60}, "2026-11-18 13:00"),  # today, later
        ("weekday", {"weekday": 2, "time": 13 * 60}, "2026-11-25 12:00"),  # this very minute is not later
        ("date", {"day": date(2026, 12, 1), "time": 8 * 60}, "2026-12-01 07:00"),
        ("date", {"day": date(2026, 1, 1), "time": 8 * 60}, "2026-11-18 12:00"),  # it passed: now
    ],
)
def test_waits_end_by_the_clock_of_the_zone(how: str, given_: dict[str, object], until: str) -> None:
    said = {"minutes": 0, "weekday": 0, "time": 0, "day": None} | given_
    assert waited_until(how, at("2026-11-18 12:00"), WARSAW, **said) == at(until)  # type: ignore[arg-type]


def test_the_zone_is_the_leads_own_else_its_countrys() -> None:
    assert zone_of("Asia/Jakarta", "Poland", otherwise=WARSAW) == JAKARTA
    assert zone_of("Mars/Base", "poland", otherwise=JAKARTA) == WARSAW
    assert zone_of(None, "", "ID", otherwise=WARSAW) == JAKARTA
    assert zone_of(5, "Atlantis", otherwise=WARSAW) == WARSAW
