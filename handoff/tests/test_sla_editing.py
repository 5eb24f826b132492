"""Changing a policy, its place or a calendar: first what it moves, then all of it at once, and on record (R17)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.models import DeadlineChange, Handoff, SlaChange, SlaPolicy, WorkCalendar
from handoff.reminders import remind
from handoff.sla import Rulebook
from handoff.sla_clocks import Effect
from handoff.sla_editing import (
    CalendarEdit,
    CalendarRemoval,
    PolicyEdit,
    PolicyRemoval,
    SlaRefused,
    latest_change,
    make,
)
from leadhub.testing import NOON, person, signed_in
from outbox.models import Notice

from .offering import called, claimed, offered
from .test_sla import ASKED, POLISH, asked_for_contact, office, policy

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def change(edit: Any, *, at: datetime = NOON + HOUR) -> SlaChange:
    return make(edit, seen=latest_change(), by=person("Sue"), at=at)


def default(**facts: Any) -> SlaPolicy:
    """The default policy as it would be."""
    found = SlaPolicy.objects.get(is_default=True)
    for name, value in facts.items():
        setattr(found, name, value)
    return found


def due(handoff: Handoff) -> timedelta:
    handoff.refresh_from_db()
    return handoff.due_at - NOON


def test_what_a_change_would_do_is_known_before_and_changes_nothing() -> None:
    handoff = offered()
    effect = Effect.of(PolicyEdit(default(minutes=30)).book(), NOON + HOUR)
    assert (len(effect.moves), effect.earlier, effect.later, effect.overdue) == (1, 1, 0, 1)
    assert effect.biggest[0].by == timedelta(minutes=30 - 24 * 60)
    assert (due(handoff), SlaPolicy.objects.get().minutes) == (24 * HOUR, 24 * 60)


def test_running_deadlines_move_and_old_and_new_are_on_record() -> None:
    handoff = claimed("Rita")
    made = change(PolicyEdit(default(minutes=8 * 60)))
    moved = DeadlineChange.objects.get()
    assert due(handoff) == 8 * HOUR
    assert (moved.old_due, moved.new_due) == (NOON + 24 * HOUR, NOON + 8 * HOUR)
    assert (moved.by, moved.at, moved.why) == (person("Sue"), NOON + HOUR, "Policy “Every SQL”: changed")
    assert (made.moved, made.before["minutes"], made.after["minutes"]) == (1, 1440, 480)
    assert handoff.remind_at == NOON + 4 * HOUR


def test_what_was_followed_up_or_decided_stays_as_it_was() -> None:
    followed, closed = claimed("Rita"), claimed("Sam")
    called(followed, at=NOON + HOUR)
    closed.lead.move(to="mql", at=NOON, reason="Merged")
    assert change(PolicyEdit(default(minutes=60)), at=NOON + 2 * HOUR).moved == 0
    assert due(followed) == due(closed) == 24 * HOUR


def test_a_new_policy_takes_over_those_that_fit_and_gives_them_back_when_it_goes() -> None:
    handoff, other = asked_for_contact(), offered()
    fast = SlaPolicy(name="Fast track", conditions=[ASKED], minutes=120)
    change(PolicyEdit(fast))
    assert (due(handoff), due(other)) == (2 * HOUR, 24 * HOUR)
    change(PolicyRemoval(fast))
    assert due(handoff) == 24 * HOUR
    assert [str(one) for one in SlaChange.objects.order_by("id")] == [
        "Policy “Fast track”: added",
        "Policy “Fast track”: removed",
    ]


def test_the_order_decides() -> None:
    policy("Poles", POLISH, minutes=60)
    fast = policy(minutes=120)
    handoff = asked_for_contact(country="Poland")
    assert due(handoff) == HOUR
    change(PolicyEdit(fast, place=0))
    assert due(handoff) == 2 * HOUR
    assert [one.name for one in Rulebook.now().policies] == ["Fast track", "Poles", "Every SQL"]


def test_a_changed_calendar_moves_the_deadlines_that_count_by_it() -> None:
    calendar = office()
    policy(kind="working", minutes=60, calendar=calendar)
    handoff, other = asked_for_contact(), offered()
    calendar.own_days = {"2026-11-18": {"name": "Moving house", "windows": []}}
    assert change(CalendarEdit(calendar)).moved == 1
    assert (due(handoff), due(other)) == (timedelta(hours=22), 24 * HOUR)


def test_a_calendar_that_nobody_counts_by_goes_and_its_name_is_free_again() -> None:
    fast = policy(kind="working", minutes=60, calendar=office())
    change(PolicyRemoval(fast))
    gone = change(CalendarRemoval(office_of_now()))
    assert (str(gone), gone.moved, gone.before["zone"]) == ("Calendar “Office”: removed", 0, "Europe/Warsaw")
    assert not WorkCalendar.objects.in_use().exists()
    assert office().pk


def office_of_now() -> WorkCalendar:
    return WorkCalendar.objects.in_use().get(name="Office")


def test_a_calendar_that_policies_count_by_stays_and_the_refusal_names_them() -> None:
    policy(kind="working", minutes=60, calendar=office())
    with pytest.raises(SlaRefused, match="“Office” cannot be removed: the policy “Fast track” counts by it"):
        change(CalendarRemoval(office_of_now()))
    answer = signed_in("Sue").get(reverse("work_calendar_remove", args=[office_of_now().pk]), follow=True)
    assert "the policy “Fast track” counts by it" in answer.content.decode()


def test_what_becomes_overdue_by_it_is_told_at_once() -> None:
    claimed("Rita")
    person("Sue")
    change(PolicyEdit(default(minutes=30)))
    remind(NOON + HOUR)
    assert {notice.kind for notice in Notice.objects.all()} == {"due"}


def test_whoever_looked_before_another_changed_something_looks_again() -> None:
    seen = latest_change()
    change(PolicyEdit(default(minutes=60)))
    with pytest.raises(SlaRefused, match="meanwhile"):
        make(PolicyEdit(default(minutes=90)), seen=seen, by=person("Sue"), at=NOON)


def test_the_last_policy_stays() -> None:
    with pytest.raises(SlaRefused, match="cannot be removed"):
        change(PolicyRemoval(default()))


def test_as_many_statements_move_few_as_many(django_assert_max_num_queries: Any) -> None:
    def moved(count: int, minutes: int) -> int:
        for _n in range(count):
            offered()
        with django_assert_max_num_queries(40) as asked:
            change(PolicyEdit(default(minutes=minutes)))
        return len(asked)

    person("Sue")
    assert moved(1, 60) == moved(20, 90)


# --- On the screen ----------------------------------------------------------------------------------------------------
TYPED = {
    "name": "Fast track",
    "place": "0",
    "kind": "straight",
    "minutes": "2 h",
    "field": "sql_cause",
    "op": "is",
    "value": "intent",
}


def post(name: str, data: dict[str, Any], pk: int | None = None) -> Any:
    return signed_in("Sue").post(reverse(name, args=[pk] if pk else []), data)


def test_first_the_preview_then_by_confirming_it_is_so() -> None:
    handoff = asked_for_contact(at=timezone.now().replace(microsecond=0))
    page = post("sla_policy_new", TYPED)
    assert b"Nothing has changed yet" in page.content
    assert SlaPolicy.objects.count() == 1
    answer = post("sla_policy_new", TYPED | {"confirm": "1", "seen": str(latest_change())})
    assert answer.status_code == 302
    handoff.refresh_from_db()
    assert handoff.due_at == handoff.offered_at + 2 * HOUR
    why = signed_in("Sue").get(reverse("handoff_page", args=[handoff.pk])).content.decode()
    assert "Policy “Fast track”, as Became SQL by is Commercial intent" in why
    assert "Moved from" in why


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"minutes": "24"}, "Write a time with its unit"),
        ({"minutes": "99999999 h"}, "Write a time with its unit"),
        ({"minutes": "9999 h"}, "between 1 min and 2000 h"),
        ({"minutes": "0 min"}, "between 1 min"),
        ({"minutes": ""}, "Say within what time"),
        ({"kind": "working"}, "Choose the calendar"),
        ({"kind": "yesterday"}, "Select a valid choice"),
        ({"calendar": "99999999999999999999"}, "Select a valid choice"),
        ({"late_times": "10000000000000000000000"}, "less than or equal to 100"),
        ({"name": "every sql"}, "a policy with this name"),
        ({"field": "", "value": ""}, "Say by conditions"),
        ({"field": "nothing"}, "A condition is not complete"),
        ({"place": "-7"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_a_policy_is_a_sentence_at_the_field(typed: dict[str, str], sentence: str) -> None:
    page = post("sla_policy_new", TYPED | typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()


CALENDAR = {"name": "Office", "zone": "Europe/Warsaw", "day_0": "09:00-12:00, 13-17", "country": "DE", "subdivision": "BY",
            "own_days": "2026-12-24 Christmas Eve\n2026-12-31 New Year's Eve, 09:00–12:00"}  # fmt: skip


def test_a_calendar_is_typed_as_people_write_it() -> None:
    assert post("work_calendar_new", CALENDAR | {"confirm": "1", "seen": "0"}).status_code == 302
    made = WorkCalendar.objects.get()
    assert made.week == [[[540, 720], [780, 1020]], [], [], [], [], [], []]
    assert made.own_days["2026-12-31"] == {"name": "New Year's Eve", "windows": [[540, 720]]}
    form = signed_in("Ada").get(reverse("work_calendar_edit", args=[made.pk])).content.decode()
    assert "09:00–12:00, 13:00–17:00" in form
    assert "2026-12-24 Christmas Eve" in form


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day_0": "09:00-12:00, 11:00-17:00"}, "do not overlap: 09:00–12:00 and 11:00–17:00 do"),
        ({"day_0": "22:00-06:00"}, "A window over midnight is written on both days"),
        ({"day_0": "09:00-25:00"}, "times go from 00:00 to 24:00"),
        ({"day_0": "nine to five"}, "is no window"),
        ({"day_0": ""}, "would never be open"),
        ({"zone": "Europe/Atlantis"}, "Select a valid choice"),
        ({"subdivision": "XX"}, "Known are BB"),
        ({"country": "PL", "subdivision": "99"}, "Known are 02"),
        ({"own_days": "2026-02-30 Never"}, "Line 1: A line begins with a day"),
        ({"own_days": "2026-12-24\n2026-12-24"}, "Line 2: This day stands here twice"),
        ({"own_days": "0000-00-00"}, "Line 1"),
        ({"own_days": "2026-12-24 Eve, 09:00-08:00"}, "ends before it begins"),
    ],
)
def test_what_cannot_be_a_calendar_is_a_sentence_at_the_field(typed: dict[str, str], sentence: str) -> None:
    page = post("work_calendar_new", CALENDAR | typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_a_calendar_with_too_little_time_for_its_policies_is_refused() -> None:
    calendar = office()
    policy(kind="working", minutes=60 * 60, calendar=calendar)
    page = post("work_calendar_edit", CALENDAR | {"day_0": "09:00-09:05"}, calendar.pk)
    assert "more than a year away" in page.content.decode()


def test_a_row_is_taken_away_and_one_goes_back_to_the_form_without_losing_anything() -> None:
    page = post("sla_policy_new", TYPED | {"back": "1"}).content.decode()
    assert 'value="2 h"' in page
    assert 'value="sql_cause" selected' in page
    page = post("sla_policy_new", TYPED | {"remove": "0"}).content.decode()
    assert 'value="sql_cause" selected' not in page


def test_the_page_tells_who_changed_what() -> None:
    change(PolicyEdit(default(minutes=60)), at=datetime(2026, 11, 20, tzinfo=UTC))
    page = signed_in("Ann").get(reverse("sla_policy")).content.decode()
    assert "Policy “Every SQL”: changed" in page
    detail = signed_in("Ann").get(reverse("sla_change", args=[SlaChange.objects.get().pk])).content.decode()
    assert "24 h" in detail
    assert "1 h" in detail
