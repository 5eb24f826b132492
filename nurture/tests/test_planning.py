"""The planner: each step once, in order, at its moment, and nothing after an exit (I13, R24)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoff.models import Handoff
from leadhub.testing import NOON, make_activity, make_lead, person
from leads.stages import Cause, Stage
from nurture.models import EndReason, Enrolment, Hit, LeadList, Letter, Optout, Program, StepEntry
from nurture.suppressions import suppress
from outbox.models import Notice

from .programs import (
    ALWAYS,
    DAY,
    HOUR,
    active,
    enrolled,
    finished_email,
    go,
    letters_of,
    mail,
    place,
    sent,
    story,
    wait,
)

pytestmark = pytest.mark.django_db


def test_a_person_goes_through_the_steps_and_gets_each_letter_once() -> None:
    one = enrolled(active(mail("s1", finished_email()), wait("s2"), mail("s3", finished_email("Second"))))
    go(NOON, NOON, NOON + DAY)
    assert (story(one), place(one)) == (["s1 pending"], "s2")
    assert one.due_at == NOON + 2 * DAY
    go(NOON + 2 * DAY, NOON + 3 * DAY)
    assert (story(one), place(one)) == (["s1 pending", "s2 done", "s3 pending"], "ended: exhausted")
    assert [letter.key for letter in letters_of(one)] == [f"step:{one.pk}:s1", f"step:{one.pk}:s3"]
    assert letters_of(one)[0].values["first_name"] == "Dewi"
    assert [entry.letter_id for entry in one.entries.all() if entry.kind == "email"] == [
        letter.pk for letter in letters_of(one)
    ]


@pytest.mark.parametrize(("clicked", "then"), [(True, "s4"), (False, "s5")])
def test_a_branch_goes_by_what_the_lead_did_with_a_letter(clicked: bool, then: str) -> None:
    asked = {"key": "s3", "kind": "branch", "by": "letter", "letter": "s1", "did": "click"}
    one = enrolled(
        active(mail("s1", finished_email()), wait("s2"), asked | {"yes": [wait("s4")], "no": [wait("s5")]}, wait("s6"))
    )
    go(NOON)
    if clicked:
        Hit.objects.create(letter=letters_of(one)[0], kind="click", at=NOON)
    Hit.objects.create(letter=letters_of(one)[0], kind="click", at=NOON, verdict=2)  # a machine's says nothing
    go(NOON + 2 * DAY)
    assert (place(one), story(one)[-1]) == (then, f"s3 done: {'yes' if clicked else 'no'}")
    go(NOON + 4 * DAY)
    assert place(one) == "s6"


def test_branches_by_facts_and_by_deeds_since_coming_in() -> None:
    facts = {"key": "s1", "kind": "branch", "by": "conditions", "conditions": [{"field": "country", "op": "is", "value": "Poland"}], "yes": [wait("s2")], "no": []}  # fmt: skip
    deeds = {"key": "s3", "kind": "branch", "by": "activity", "activity": "demo_requested", "yes": [wait("s4")], "no": [wait("s5")]}  # fmt: skip
    program = active(facts, deeds)
    pole, other = enrolled(program, country="poland"), enrolled(program)
    make_activity(other.lead, "demo_requested", at=NOON - HOUR)  # before coming in
    busy = enrolled(program)
    make_activity(busy.lead, "demo_requested", at=NOON)
    go(NOON)
    assert [place(one) for one in (pole, other, busy)] == ["s2", "s5", "s4"]


def test_letters_wait_for_the_hours_of_the_lead() -> None:
    hours = {"zone": "lead", "days": [0, 1, 2, 3, 4], "opens": 540, "closes": 1020, "country": "PL"}
    program = active(mail("s1", finished_email()), hours=hours)
    pole, abroad = enrolled(program, country="Poland"), enrolled(program, country="Indonesia")
    go(NOON)
    assert (story(pole), story(abroad), place(abroad)) == (["s1 pending"], [], "s1")  # 19:00 in Jakarta
    assert (abroad.held, abroad.due_at) == ("hours", NOON + 14 * HOUR)
    go(NOON + 14 * HOUR)
    assert story(abroad) == ["s1 pending"]


def test_nobody_gets_more_than_the_cap_from_all_programs() -> None:
    programs = [active(mail("s1", finished_email(f"E{n}")), name=f"P{n}", priority=n) for n in range(1, 6)]
    lead = make_lead(stage="mql")
    ways = [enrolled(program, lead=lead) for program in programs]
    go(*(NOON + n * DAY for n in range(5)))
    assert [story(one) for one in ways] == [["s1 pending"]] * 3 + [[]] * 2
    assert {place(one) + one.held for one in ways[3:]} == {"s1cap"}
    go(NOON + 7 * DAY, NOON + 8 * DAY)
    assert Letter.objects.count() == 5


def test_where_two_programs_collide_the_one_of_lower_number_writes_first() -> None:
    lead = make_lead(stage="mql")
    later, first = (enrolled(active(mail("s1", finished_email(name)), name=name, priority=priority), lead=lead) for name, priority in (("B", 60), ("A", 10)))  # fmt: skip
    go(NOON)
    assert (story(first), story(later), place(later), later.held) == (["s1 pending"], [], "s1", "other")
    go(NOON + DAY)
    assert story(later) == ["s1 pending"]


@pytest.mark.parametrize(
    ("facts", "said", "then"),
    [
        ({"email": ""}, "s1 skipped: No e-mail address is known", "s2"),
        ({"consent": "withdrawn"}, "s1 skipped: Has not consented to e-mails", "s2"),
        ({"topic": True}, "s1 skipped: Left e-mails on this topic", "s2"),
        ({"bounced": True}, "s1 skipped: The address does not take mail", "ended: bounced"),
    ],
)
def test_whoever_may_not_be_written_to_is_skipped_with_the_reason(facts: dict[str, Any], said: str, then: str) -> None:
    program = active(mail("s1", finished_email(topic="News")), wait("s2"))
    lead = make_lead(**({"email": "", "external_id": "x1"} if "email" in facts else {}), consent=facts.get("consent", ""), stage="mql")  # fmt: skip
    one = enrolled(program, lead=lead)
    if "topic" in facts:
        Optout.objects.create(lead=lead, topic="News", at=NOON)
    if "bounced" in facts:
        suppress([lead.email], why="bounced", at=NOON)
    go(NOON)
    assert (story(one), place(one), Letter.objects.count()) == ([said], then, 0)


def test_becoming_sql_ends_it_and_calls_the_waiting_letter_off_in_the_same_transaction() -> None:
    one = enrolled(active(mail("s1", finished_email()), wait("s2"), mail("s3", finished_email("Second"))))
    go(NOON)
    one.lead.move(to=Stage.SALES_QUALIFIED, at=NOON + HOUR, cause=Cause.SCORE)
    assert (place(one), story(one)) == ("ended: sql", ["s1 skipped: Became SQL"])
    go(NOON + 9 * DAY)
    assert [letter.state for letter in letters_of(one)] == ["suppressed"]


def test_a_stage_or_conditions_can_be_the_goal() -> None:
    by_stage = enrolled(active(wait("s1"), goal={"by": "stage", "stage": "mql"}, name="A"), stage="lead")
    by_stage.lead.move(to=Stage.MARKETING_QUALIFIED, at=NOON, cause=Cause.SCORE)
    wanted = [{"field": "job_title", "op": "known"}]
    program = active(wait("s1"), wait("s2"), goal={"by": "conditions", "conditions": wanted}, name="B")
    there, not_yet = enrolled(program, job_title="Head"), enrolled(program)
    go(NOON, NOON + 2 * DAY)
    assert [place(one) for one in (by_stage, there, not_yet)] == ["ended: goal", "ended: goal", "s2"]


def test_lists_change_people_are_told_and_sales_takes_over() -> None:
    chosen = LeadList.objects.create(name="Warm", kind="static", created_at=NOON)
    steps = [
        {"key": "s1", "kind": "list", "list": chosen.pk, "how": "put"},
        {"key": "s2", "kind": "notify", "person": person("Mona").pk, "text": "is warm"},
        {"key": "s3", "kind": "owner", "note": "Read everything twice."},
        wait("s4"),
    ]
    one = enrolled(active(*steps))
    go(NOON)
    assert list(chosen.members()) == [one.lead]
    assert Notice.objects.get(recipient=person("Mona")).text == "Dewi Lestari: is warm"
    assert (place(one), Handoff.objects.get(lead=one.lead).note) == ("ended: sql", "Read everything twice.")
    assert story(one) == ["s1 done", "s2 done", "s3 done"]


def test_the_hold_out_share_walks_along_and_gets_nothing() -> None:
    program = active(mail("s1", finished_email()), wait("s2"), {"key": "s3", "kind": "end"}, hold_out=50)
    ways = [enrolled(program) for _n in range(12)]
    held = [one for one in ways if one.holds_out]
    assert 0 < len(held) < 12
    go(NOON, NOON + 2 * DAY)
    assert story(held[0]) == ["s1 skipped: Held out for comparison", "s2 done", "s3 done"]
    assert Letter.objects.count() == 12 - len(held)


def test_a_paused_person_waits_the_rest_afterwards() -> None:
    one = enrolled(active(mail("s1", finished_email()), wait("s2", 2 * DAY), wait("s3")))
    go(NOON)
    sent(one)
    one.pause(at=NOON + DAY)
    go(NOON + 3 * DAY)
    assert (place(one), story(one)) == ("s2", ["s1 sent"])
    one.resume(at=NOON + 5 * DAY)
    one.refresh_from_db()
    assert one.due_at == NOON + 6 * DAY


@pytest.mark.parametrize("whole", [False, True], ids=["a person", "a program"])
def test_a_letter_that_a_pause_calls_off_is_planned_again_after_it_and_no_step_comes_twice(whole: bool) -> None:
    program = active(mail("s1", finished_email("A")), wait("s2", HOUR), mail("s3", finished_email("B")), mail("s4", finished_email("C")), wait("s5"))  # fmt: skip
    one = enrolled(program)
    go(NOON)
    sent(one)
    go(NOON + HOUR)
    assert (story(one), place(one)) == (["s1 sent", "s2 done", "s3 pending", "s4 pending"], "s5")
    paused: Any = program if whole else one
    paused.pause(at=NOON + 2 * HOUR)
    go(NOON + 3 * HOUR)
    assert (story(one), place(one)) == (["s1 sent", "s2 done"], "s3")
    assert [letter.reason for letter in letters_of(one)] == ["", *["Paused before it was sent"] * 2]
    paused.refresh_from_db()
    paused.resume(at=NOON + DAY)
    go(NOON + DAY, NOON + DAY)
    assert (story(one), place(one)) == (["s1 sent", "s2 done", "s3 pending", "s4 pending"], "s5")
    assert [letter.state for letter in letters_of(one)] == ["sent", *["suppressed"] * 2, *["queued"] * 2]


def test_whoever_planned_before_or_dies_at_the_end_changes_nothing() -> None:
    """The same batch planned by a planner that does not know of the first: entries and keys hold."""
    program = active(mail("s1", finished_email()), wait("s2"))
    one = enrolled(program)
    go(NOON)
    Enrolment.objects.filter(pk=one.pk).update(step="", due_at=NOON)
    go(NOON)
    assert (story(one), place(one), Letter.objects.count()) == (["s1 pending"], "s2", 1)


def test_nothing_is_asked_for_each_person() -> None:
    program = active(mail("s1", finished_email()), wait("s2"), mail("s3", finished_email("B")))
    asked = []
    for count in (2, 6):
        for _n in range(count):
            enrolled(program)
        with CaptureQueriesContext(connection) as queries:
            go(NOON)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert StepEntry.objects.count() == 8


def test_a_program_that_is_paused_or_ended_moves_nobody() -> None:
    program = active(wait("s1", HOUR), wait("s2"))
    one = enrolled(program)
    go(NOON)
    program.pause(at=NOON + timedelta(minutes=30))
    go(NOON + 9 * HOUR)
    assert place(one) == "s1"
    program.resume(at=NOON + 10 * HOUR)
    go(NOON + 10 * HOUR)
    assert place(one) == "s1"
    go(NOON + 11 * HOUR)
    assert place(one) == "s2"
    Program.objects.get().end(at=NOON + 12 * HOUR)
    assert place(one) == f"ended: {EndReason.PROGRAM}"
    assert ALWAYS["days"]
