"""What fell due just now and what has waited longer take turns, so that neither keeps the other waiting (quality.md R3)."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts.models import User
from handoff import reminders
from handoff.models import Handoff, Reminder
from handoff.reminders import Sellers, remind
from leadhub.testing import NOON, person

from .offering import offered

MINUTE = timedelta(minutes=1)
NOW = NOON + timedelta(days=3)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round takes two handoffs, and there is time for one round of each kind."""
    person("Rita")
    person("Sue")
    monkeypatch.setattr(reminders, "BATCH", 2)
    monkeypatch.setattr(reminders, "WORK_SECONDS", 0.0)


def due(*ago: timedelta) -> list[int]:
    """A handoff for each that is due since so long, by id."""
    made = [offered() for _one in ago]
    for handoff, since in zip(made, ago, strict=True):
        Handoff.objects.filter(pk=handoff.pk).update(due_at=NOW - since, remind_at=NOW - since)
    return [handoff.pk for handoff in made]


def told() -> set[int]:
    return set(Reminder.objects.filter(told=True).values_list("handoff", flat=True))


@pytest.mark.django_db
def test_what_is_just_due_does_not_wait_until_a_backlog_is_through(house: None) -> None:
    due(*(number * 60 * MINUTE for number in range(1, 7)))
    [now] = due(MINUTE / 2)
    remind(NOW)
    assert now in told()


@pytest.mark.django_db
def test_a_backlog_goes_on_however_much_falls_due(house: None) -> None:
    older, oldest, _old = due(20 * MINUTE, 30 * MINUTE, 10 * MINUTE)
    second, _third, first = due(MINUTE / 3, MINUTE / 4, MINUTE / 2)
    remind(NOW)
    assert told() == {oldest, older, first, second}  # the longest due first, of each kind


@pytest.mark.django_db
def test_what_comes_again_is_a_backlog_like_any_other(house: None) -> None:
    late = due(*(timedelta(hours=4, minutes=2 + number) for number in range(3)))
    Handoff.objects.update(remind_at=F("due_at") + timedelta(hours=4))  # they were told when they were due
    due_now = due(MINUTE / 2, MINUTE / 3, MINUTE / 4)
    remind(NOW)
    assert (len(told() & set(late)), len(told() & set(due_now))) == (2, 2)


@pytest.mark.django_db
def test_what_there_was_no_time_for_is_told_next_time(house: None) -> None:
    everything = due(*(number * MINUTE / 3 for number in range(9)))
    for _round in range(5):
        remind(NOW)
    assert told() == set(everything)
    assert Reminder.objects.filter(told=True).count() == len(everything)


@pytest.mark.parametrize(
    ("reps", "holders", "takes"),
    [
        (20, [None] * 200, 200),
        (1_000, [None] * 200, 10),  # each of them is a thousand notices
        (1_000, [7] * 200, 200),  # each of them is its holder's
        (1_000, [7] * 50 + [None] * 150, 59),
        (20_000, [None] * 5, 1),  # one at least
    ],
)
def test_a_round_is_as_large_as_its_people_allow(reps: int, holders: list[int | None], takes: int) -> None:
    assert Sellers([User()] * reps, []).fitting(holders) == takes
