"""Programs as a whole: who comes in, versions that keep people where they are, a second look, ends; and merging."""

from datetime import timedelta
from typing import Any

import pytest

from leadhub.testing import NOON, make_activity, make_lead, person
from leads.signals import activities_recorded
from leads.stages import Cause, Stage
from nurture import entering, programs
from nurture.models import Enrolment, LeadList, Program, ProgramRefused, ProgramVersion
from nurture.program_check import findings

from .programs import DAY, HOUR, active, drafted, enrolled, finished_email, go, mail, place, story, wait

pytestmark = pytest.mark.django_db


def inside(program: Program) -> list[str]:
    return sorted(Enrolment.objects.filter(program=program).values_list("lead__first_name", flat=True))


def test_a_list_leads_in_whoever_is_marketings_and_nobody_twice() -> None:
    chosen = LeadList.objects.create(name="Warm", kind="static", created_at=NOON)
    leads = [make_lead(first_name=name, stage=stage) for name, stage in (("A", "mql"), ("B", "lead"), ("C", "sql"))]
    gone = make_lead(first_name="D", stage="mql", suppressed_at=NOON)
    chosen.put_in(type(gone).objects.all(), by=person("Mona"), at=NOON)
    program = active(wait("s1"), entry={"by": "list", "list": chosen.pk, "stages": ["mql", "lead"]})
    assert (entering.enter_all(NOON), entering.enter_all(NOON + HOUR)) == (2, 0)
    assert inside(program) == ["A", "B"]
    assert (
        Enrolment.objects.get(lead=leads[0]).entered_by
        == "Leads of the list “Warm”, those there now as well, once a cycle."
    )


def test_programs_without_anybody_to_let_in_keep_nobody_out_of_others() -> None:
    active(wait("s1"), name="By hand")
    active(wait("s1"), name="A list that is gone", entry={"by": "list", "list": 987_654_321})
    make_lead(stage="mql")
    active(wait("s1"), name="MQLs", entry={"by": "stage", "stage": "mql"})
    assert entering.enter_all(NOON) == 1


def test_from_activation_on_only_newcomers_come_in() -> None:
    old = make_lead(first_name="Old", stage="mql", at=NOON - DAY)
    program = active(wait("s1"), entry={"by": "stage", "stage": "mql", "present": False})
    assert entering.enter_all(NOON) == 0
    make_lead(first_name="New", at=NOON).move(to=Stage.MARKETING_QUALIFIED, at=NOON + HOUR, cause=Cause.SCORE)
    assert (entering.enter_all(NOON + HOUR), inside(program), old.stage) == (1, ["New"], "mql")


def test_a_form_leads_in_with_the_deed_itself_and_machines_do_not() -> None:
    program = active(wait("s1"), entry={"by": "form", "activity": "form_submitted"})
    lead, robot, late = (make_lead(first_name=name) for name in ("A", "B", "C"))
    deeds = [make_activity(lead, "form_submitted"), make_activity(robot, "form_submitted", verdict=2), make_activity(late, "form_submitted", at=NOON - DAY), make_activity(late)]  # fmt: skip
    activities_recorded.send(
        sender=type(lead), activity_ids=[one.pk for one in deeds], lead_ids=[], verdicts_changed=False
    )
    assert inside(program) == ["A"]


def test_a_lead_that_sales_sent_back_runs_it_again_as_a_new_cycle() -> None:
    program = active(wait("s1"), entry={"by": "recycled", "reason": "Not now"})
    one = make_lead(first_name="Back", stage="mql")
    for reason in ("Not now: next year", "Wrong person", "Not now"):
        one.move(to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.PERSON, reason="x", by=person("Mona"))
        one.move(to=Stage.MARKETING_QUALIFIED, at=NOON, cause=Cause.PERSON, reason=reason, by=person("Rita"))
        entering.enter_all(NOON)
    ways = Enrolment.objects.filter(program=program).order_by("id")
    assert [(way.cycle, way.state, way.end_reason) for way in ways] == [(2, "ended", "sql"), (4, "active", "")]


def test_the_hold_out_share_is_arithmetic() -> None:
    program = active(wait("s1"), hold_out=30)
    ways = [enrolled(program) for _n in range(20)]
    assert [one.holds_out for one in ways] == [
        entering.holds_out(program.pk, one.lead_id, one.cycle, 30) for one in ways
    ]
    shares = [entering.holds_out(1, lead, 1, 30) for lead in range(5_000)]
    assert 0.27 < sum(shares) / len(shares) < 0.33


def new_version(program: Program, *steps: dict[str, Any]) -> None:
    draft = program.begin_draft(by=person("Mona"), at=NOON)
    draft.write(draft.document | {"steps": list(steps)})
    assert program.activate(by=person("Mick"), at=NOON + HOUR)


def test_people_stay_where_they_are_and_go_on_from_what_is_gone() -> None:
    first, second = finished_email(), finished_email("Second")
    program = active(mail("s1", first), wait("s2"), wait("s3"), mail("s4", second))
    stays, moves = enrolled(program), enrolled(program)
    go(NOON)
    Enrolment.objects.filter(pk=moves.pk).update(step="s3", due_at=NOON + 9 * DAY)
    new_version(program, wait("s2"), mail("s1", first), wait("s5", DAY), mail("s4", second))
    go(NOON + HOUR)
    assert (place(stays), place(moves)) == ("s2", "ended: exhausted")
    assert stays.due_at == NOON + 2 * DAY
    go(NOON + 2 * DAY, NOON + 3 * DAY)
    assert story(stays) == ["s1 pending", "s2 done", "s5 done", "s4 pending"]  # s1 not again
    assert ProgramVersion.objects.get(number=2).document["gone"] == {"s3": "s4"}


def test_a_version_that_counts_is_never_changed() -> None:
    program = active(wait("s1"))
    with pytest.raises(ProgramRefused, match="counts already"):
        program.current.write({})  # type: ignore[union-attr]


def test_over_a_hundred_people_need_a_second_look_by_another_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "MOST_ALONE", 2)
    for _n in range(3):
        make_lead(stage="mql")
    program = drafted(wait("s1"), entry={"by": "stage", "stage": "mql"})
    assert program.activate(by=person("Mick"), at=NOON) is False
    with pytest.raises(ProgramRefused, match="a second person must look"):
        program.activate(by=person("Mick"), at=NOON)
    draft = program.draft()
    draft.write(draft.document | {"hold_out": 5})  # another wording: the first look is void
    assert program.activate(by=person("Ada"), at=NOON) is False
    assert program.activate(by=person("Mick"), at=NOON) is True
    program.refresh_from_db()
    assert (program.state, program.current.activated_by) == ("active", person("Mick"))


def test_what_keeps_a_draft_from_counting_is_said() -> None:
    email = finished_email()
    email.versions.update(finished_at=None)
    end = {"key": "s2", "kind": "end"}
    never = {"zone": "lead", "days": [0], "opens": 540, "closes": 600, "own_days": [(NOON + timedelta(days=n)).date().isoformat() for n in range(5, 200, 7)]}  # fmt: skip
    program = drafted(mail("s1", email), end, wait("s3"), hours=never)
    said = [(str(one), one.blocks) for one in findings(program, program.draft(), now=NOON)]
    assert said == [
        ("Step 1 (E-mail): this e-mail has no finished version, or is archived.", True),
        ("Step 3 (Wait): nobody comes here: the program is over one step before.", True),
    ]
    with pytest.raises(ProgramRefused, match="no finished version"):
        program.activate(by=person("Mick"), at=NOON)


def test_people_without_a_name_are_counted_before_it_counts() -> None:
    for name in ("", "", "Dewi"):
        make_lead(first_name=name, stage="mql")
    program = drafted(mail("s1", finished_email(body="Hello {{ first_name }},")), entry={"by": "stage", "stage": "mql"})
    said = [str(one) for one in findings(program, program.draft(), now=NOON)]
    assert said == ["“Welcome”: 2 people have no “First name”, and the text has no fallback for it."]


def test_two_leads_that_become_one_are_on_a_program_once() -> None:
    program = active(mail("s1", finished_email()), wait("s2"))
    kept, gone = enrolled(program), enrolled(program)
    other = enrolled(active(wait("s1"), name="Other"), lead=gone.lead)
    go(NOON)
    merge = kept.lead.merge(gone.lead, by=person("Mona"), at=NOON + HOUR)
    assert sorted(Enrolment.objects.filter(lead=kept.lead).values_list("pk", flat=True)) == [kept.pk, other.pk]
    merge.undo(by=person("Mona"), at=NOON + HOUR)
    assert Enrolment.objects.get(pk=gone.pk).lead_id == gone.lead_id
    assert story(gone) == ["s1 skipped: Merged with another lead"]  # what was called off is not sent again
