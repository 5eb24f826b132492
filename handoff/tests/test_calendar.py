"""The SLA clock is pure and explains its deadlines by spans (product.md §5)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.calendar import (
    CalendarError,
    Deadline,
    SameTimeNextWorkingDay,
    StraightHours,
    WorkingHours,
    WorkingTime,
)

WARSAW = ZoneInfo("Europe/Warsaw")
TEN_TO_SIX = ((time(10), time(18)),)
WEEK = WorkingTime(WARSAW, dict.fromkeys(range(5), TEN_TO_SIX))


def at(text: str, zone: ZoneInfo = WARSAW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def spans(deadline: Deadline) -> list[tuple[str, str, str]]:
    return [
        (span.kind.value, f"{span.start.astimezone(WARSAW):%a %H:%M}", f"{span.end.astimezone(WARSAW):%a %H:%M}")
        for span in deadline.spans
    ]


def test_straight_hours_count_every_hour() -> None:
    deadline = StraightHours(24).deadline(at("2026-11-21 15:00"))
    assert deadline.due_at == at("2026-11-22 15:00")
    assert spans(deadline) == [("counted", "Sat 15:00", "Sun 15:00")]


def test_saturday_afternoon_and_four_working_hours_is_monday_two_oclock() -> None:
    deadline = WorkingHours(4, WEEK).deadline(at("2026-11-21 15:00"))
    assert deadline.due_at == at("2026-11-23 14:00")
    assert spans(deadline) == [("closed", "Sat 15:00", "Mon 10:00"), ("counted", "Mon 10:00", "Mon 14:00")]


def test_hours_run_over_a_lunch_break_and_a_night() -> None:
    split = WorkingTime(WARSAW, dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17)))))
    deadline = WorkingHours(6, split).deadline(at("2026-11-18 11:00"))
    assert deadline.due_at == at("2026-11-19 10:00")
    assert [kind for kind, _start, _end in spans(deadline)] == ["counted", "closed", "counted", "closed", "counted"]


def test_a_holiday_is_a_span_with_its_name() -> None:
    closed = WorkingTime(WARSAW, WEEK.windows, {date(2026, 11, 11): "Independence Day"})
    deadline = WorkingHours(2, closed).deadline(at("2026-11-10 17:00"))
    assert deadline.due_at == at("2026-11-12 11:00")
    assert spans(deadline) == [
        ("counted", "Tue 17:00", "Tue 18:00"),
        ("closed", "Tue 18:00", "Wed 00:00"),
        ("holiday", "Wed 00:00", "Thu 00:00"),
        ("closed", "Thu 00:00", "Thu 10:00"),
        ("counted", "Thu 10:00", "Thu 11:00"),
    ]
    assert deadline.spans[2].name == "Independence Day"


def test_the_night_when_clocks_go_back_has_an_hour_more() -> None:
    night = WorkingTime(WARSAW, {5: ((time(22), time(0)),), 6: ((time(0), time(6)),)})
    deadline = WorkingHours(8, night).deadline(at("2026-10-24 22:00"))
    assert deadline.due_at == at("2026-10-25 05:00")


def test_same_time_next_working_day() -> None:
    deadline = SameTimeNextWorkingDay(WEEK).deadline(at("2026-11-20 15:00"))
    assert deadline.due_at == at("2026-11-23 15:00")


def test_outside_the_windows_it_is_the_next_open_moment() -> None:
    assert SameTimeNextWorkingDay(WEEK).deadline(at("2026-11-18 21:00")).due_at == at("2026-11-20 10:00")


@pytest.mark.parametrize(
    "target", [WorkingHours(4, WorkingTime(WARSAW, {})), SameTimeNextWorkingDay(WorkingTime(WARSAW, {}))]
)
def test_a_calendar_without_work_is_refused_loudly(target: WorkingHours | SameTimeNextWorkingDay) -> None:
    with pytest.raises(CalendarError):
        target.deadline(at("2026-11-18 21:00"))


def test_windows_that_overlap_are_no_calendar() -> None:
    with pytest.raises(CalendarError, match="not overlap"):
        WorkingTime(WARSAW, {0: ((time(9), time(12)), (time(11), time(17)))})


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive there
    hours=st.integers(1, 60),
    days=st.sets(st.integers(0, 6), min_size=1),
)
def test_counted_spans_make_exactly_the_target_and_leave_no_gap(start: datetime, hours: int, days: set[int]) -> None:
    deadline = WorkingHours(hours, WorkingTime(WARSAW, dict.fromkeys(days, TEN_TO_SIX))).deadline(start)
    counted = sum((span.length for span in deadline.spans if span.kind == "counted"), timedelta())
    assert counted == timedelta(hours=hours)
    edges = [start, *(span.end for span in deadline.spans)]
    assert [span.start for span in deadline.spans] == edges[:-1]
    assert edges[-1] == deadline.due_at
