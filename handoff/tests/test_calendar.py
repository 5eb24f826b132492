"""Working time and deadlines are pure, explain themselves by spans, and agree with counting minute by minute (R17)."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.calendar import DAY_MINUTES, CalendarError, OwnDay, WorkingTime
from handoff.targets import SameTimeNextWorkingDay, Span, Straight, Working, spans
from leadhub.testing import FULL, examples, in_full

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR = timedelta(hours=1)


def hours(*pairs: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    return tuple((int(first * 60), int(last * 60)) for first, last in pairs)


def on_weekdays(*pairs: tuple[float, float], zone: ZoneInfo = WARSAW, **more: object) -> WorkingTime:
    return WorkingTime(zone, (*[hours(*pairs)] * 5, (), ()), **more)  # type: ignore[arg-type]


TEN_TO_SIX = on_weekdays((10, 18))


def at(text: str, zone: ZoneInfo = WARSAW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def told(found: list[Span]) -> list[tuple[str, str, str]]:
    return [
        (span.name or span.kind.value, f"{span.start.astimezone(WARSAW):%a %H:%M}", f"{span.end.astimezone(WARSAW):%a %H:%M}")
        for span in found
    ]  # fmt: skip


def test_straight_hours_count_every_hour() -> None:
    start = at("2026-11-21 15:00")
    assert Straight(24 * HOUR).due(start) == at("2026-11-22 15:00")
    assert told(Straight(24 * HOUR).spans(start, start + 24 * HOUR)) == [("counted", "Sat 15:00", "Sun 15:00")]


def test_saturday_afternoon_and_four_working_hours_is_monday_two_oclock() -> None:
    start, target = at("2026-11-21 15:00"), Working(4 * HOUR, TEN_TO_SIX)
    assert target.due(start) == at("2026-11-23 14:00")
    assert told(target.spans(start, target.due(start))) == [
        ("closed", "Sat 15:00", "Mon 10:00"), ("counted", "Mon 10:00", "Mon 14:00"),
    ]  # fmt: skip


def test_hours_run_over_a_lunch_break_and_a_night() -> None:
    target = Working(6 * HOUR, on_weekdays((9, 12), (13, 17)))
    start = at("2026-11-18 11:00")
    assert target.due(start) == at("2026-11-19 10:00")
    kinds = [span.kind for span in target.spans(start, target.due(start))]
    assert kinds == ["counted", "closed", "counted", "closed", "counted"]


def test_a_holiday_is_a_span_with_its_name() -> None:
    target = Working(2 * HOUR, on_weekdays((10, 18), holidays=lambda _year: {date(2026, 11, 11): "Independence Day"}))
    start = at("2026-11-10 17:00")
    assert told(target.spans(start, target.due(start))) == [
        ("counted", "Tue 17:00", "Tue 18:00"),
        ("closed", "Tue 18:00", "Wed 00:00"),
        ("Independence Day", "Wed 00:00", "Thu 00:00"),
        ("closed", "Thu 00:00", "Thu 10:00"),
        ("counted", "Thu 10:00", "Thu 11:00"),
    ]


def test_a_day_of_the_house_may_be_shorter_or_open_on_a_holiday() -> None:
    own = {
        date(2026, 12, 24): OwnDay("Christmas Eve", hours((10, 12))),
        date(2026, 12, 25): OwnDay("", hours((10, 11))),
    }
    calendar = on_weekdays((10, 18), holidays=lambda _year: {date(2026, 12, 25): "Christmas"}, own_days=own)
    assert Working(3 * HOUR, calendar).due(at("2026-12-24 09:00")) == at("2026-12-25 11:00")


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-10-24 22:00", 8, "2026-10-25 05:00"),  # the night has an hour more
        ("2026-03-28 22:00", 8, "2026-03-29 07:00"),  # and one less
        ("2026-10-25 02:15", 1, "2026-10-25 02:15"),  # the second quarter past two is an hour after the first
    ],
)
def test_the_nights_when_clocks_change(start: str, length: int, due: str) -> None:
    night = WorkingTime(WARSAW, (*[hours((22, 24))] * 5, hours((22, 24)), hours((0, 7))))
    found = Working(length * HOUR, night).due(at(start))
    assert f"{found.astimezone(WARSAW):%Y-%m-%d %H:%M}" == due
    assert found - at(start).astimezone(UTC) == length * HOUR


def test_a_window_is_what_the_clock_on_the_wall_shows() -> None:
    at_half_past_two = WorkingTime(WARSAW, (*[()] * 6, hours((2.5, 3.25))))
    spring, autumn = at_half_past_two.stretches(date(2026, 3, 29)), at_half_past_two.stretches(date(2026, 10, 25))
    assert [closes - opens for opens, closes in spring] == [timedelta(minutes=15)]
    assert [closes - opens for opens, closes in autumn] == [timedelta(minutes=30), timedelta(minutes=45)]


def test_same_time_next_working_day() -> None:
    assert SameTimeNextWorkingDay(TEN_TO_SIX).due(at("2026-11-20 15:00")) == at("2026-11-23 15:00")


def test_outside_the_windows_it_is_the_next_open_moment() -> None:
    assert SameTimeNextWorkingDay(TEN_TO_SIX).due(at("2026-11-18 21:00")) == at("2026-11-20 10:00")


@pytest.mark.parametrize(
    "target", [Working(4 * HOUR, WorkingTime(WARSAW)), SameTimeNextWorkingDay(WorkingTime(WARSAW))]
)
def test_a_calendar_without_work_is_refused_loudly(target: Working | SameTimeNextWorkingDay) -> None:
    with pytest.raises(CalendarError):
        target.due(at("2026-11-18 21:00"))


def test_a_wait_beyond_the_end_of_time_is_refused_as_well() -> None:
    with pytest.raises(CalendarError):
        Working(10**5 * HOUR, on_weekdays((10, 10.25))).due(at("2026-11-18 21:00"))
    with pytest.raises(CalendarError):
        Working(10**4 * HOUR, TEN_TO_SIX).due(at("9996-11-18 21:00", ZoneInfo("UTC")))


@pytest.mark.parametrize("windows", [((9, 12), (11, 17)), ((12, 9),), ((9, 9),), ((22, 25),), ((13, 17), (9, 12))])
def test_windows_that_are_no_day(windows: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(CalendarError):
        on_weekdays(*windows)


def test_windows_may_touch() -> None:
    start = at("2026-11-18 09:00")
    assert len(Working(6 * HOUR, on_weekdays((9, 12), (12, 17))).spans(start, at("2026-11-18 15:00"))) == 1


def test_a_long_wait_looks_at_no_more_days_than_a_short_one() -> None:
    class Watched(WorkingTime):
        looks = 0

        def stretches(self, day: date) -> list[tuple[datetime, datetime]]:
            type(self).looks += 1
            return super().stretches(day)

    calendar = Watched(ZoneInfo("UTC"), TEN_TO_SIX.week)
    looks = []
    for length in (10, 20_000):  # two days, nearly ten years
        due = calendar.after(at("2026-11-18 09:00"), length * HOUR)
        calendar.elapsed(at("2026-11-18 09:00"), due)
        assert len(spans(calendar, at("2026-11-18 09:00"), due)) < 60
        before, Watched.looks = Watched.looks, 0
        assert calendar.after(at("2026-11-18 09:00"), length * HOUR) == due
        looks.append(Watched.looks)
        assert before
    assert looks[0] == looks[1] < 10


# --- Against an oracle that counts minutes ----------------------------------------------------------------------------
ZONES = ["UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Jakarta", "Pacific/Chatham",
         "America/Santiago", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "Asia/Beirut"]  # fmt: skip
#: The days on which clocks change in one zone or another, and others.
TURNS = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-09-06", "2026-10-04", "2026-10-25", "2026-11-01", "2026-04-24",
         "2026-02-15", "2026-03-22", "2026-12-31", "2011-12-29", "2028-02-28"]  # fmt: skip


def some_windows(random: Random) -> tuple[tuple[int, int], ...]:
    edges = sorted(random.sample(range(DAY_MINUTES + 1), random.choice((0, 2, 2, 4, 6))))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def some_calendar(random: Random) -> tuple[WorkingTime, datetime]:
    """A calendar and a whole minute near a day on which something happens."""
    turn = datetime.fromisoformat(random.choice(TURNS)).replace(tzinfo=UTC)
    days = [turn.date() + timedelta(days=n) for n in range(-2, 5)]
    names = dict.fromkeys(random.sample(days, random.randrange(3)), "Holiday")
    own = {day: OwnDay("Own", some_windows(random)) for day in random.sample(days, random.randrange(3))}
    week = tuple(some_windows(random) for _day in range(7))
    calendar = WorkingTime(ZoneInfo(random.choice(ZONES)), week, lambda _year: names, own)
    return calendar, turn + timedelta(minutes=random.randrange(-2 * DAY_MINUTES, DAY_MINUTES))


@cache
def shifts(zone: ZoneInfo, first: int, days: int) -> np.ndarray:
    """Minutes from UTC at each half hour from a day since 1970 on; none of the zones changes its clocks in between."""
    halves = [datetime.fromtimestamp(first * 86_400 + n * 1_800, zone) for n in range(days * 48 + 1)]
    return np.array([one.utcoffset() // timedelta(minutes=1) for one in halves])  # type: ignore[operator]


def open_minutes(calendar: WorkingTime, start: datetime, days: int) -> np.ndarray:
    """Whether each minute from `start` on is open, by the clock on the wall alone."""
    minute = int(start.timestamp()) // 60 + np.arange(days * DAY_MINUTES)
    today = int(minute[0]) // DAY_MINUTES
    local = minute + shifts(calendar.zone, today, days + 1)[(minute - today * DAY_MINUTES) // 30]
    first = int(local.min()) // DAY_MINUTES
    wall = np.zeros((days + 4) * DAY_MINUTES, bool)
    for n in range(days + 4):
        for opens, closes in calendar.windows_on(date(1970, 1, 1) + timedelta(days=first + n)):
            wall[n * DAY_MINUTES + opens : n * DAY_MINUTES + closes] = True
    return wall[local - first * DAY_MINUTES]


@pytest.mark.parametrize("part", range(4))
def test_it_agrees_with_counting_minute_by_minute(part: int) -> None:
    random = Random(part)
    for _case in range(FULL if not in_full() else 10 * FULL):
        calendar, start = some_calendar(random)
        budget, passed = random.randint(1, 600), open_minutes(calendar, start, 6).cumsum()
        if passed[-1] < budget:
            assert calendar.elapsed(start, start + timedelta(days=6)) == timedelta(minutes=int(passed[-1]))
            continue
        due = start + timedelta(minutes=int(np.searchsorted(passed, budget)) + 1)
        assert calendar.after(start, timedelta(minutes=budget)) == due, (calendar, start, budget)
        assert calendar.elapsed(start, due) == timedelta(minutes=budget)


@examples(60)
@given(st.randoms(use_true_random=False), st.timedeltas(timedelta(microseconds=1), timedelta(days=60)))
def test_what_elapsed_until_the_deadline_is_the_target(random: Random, budget: timedelta) -> None:
    calendar, minute = some_calendar(random)
    start = minute + timedelta(microseconds=random.randrange(10**11))
    try:
        due = Working(budget, calendar).due(start)
    except CalendarError:
        return
    assert calendar.elapsed(start, due) == budget
    found = Working(budget, calendar).spans(start, due)
    assert sum((span.counted for span in found), timedelta()) == budget
    assert [span.start for span in found] == [start, *(span.end for span in found[:-1])]
    assert found[-1].end == due
