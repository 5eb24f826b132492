"""The pages of programs: begin, edit in place, check, activate, who is where and why; and bad input."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadhub.testing import NOON, make_lead, person, signed_in
from leads.models import Lead
from leads.stages import Cause, Stage
from nurture.models import Enrolment, Letter, Program
from nurture.program_effect import effect_of

from .programs import DAY, active, drafted, enrolled, finished_email, go, mail, sent, wait

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def words(client: Client, url: str, **more: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(url, **more).content.decode()).split())


def at(name: str, program: Program, **more: Any) -> str:
    return reverse(name, kwargs={"pk": program.pk, **more})


SETTINGS = {
    "name": "Warm up", "priority": "50", "by": "stage", "stage": "mql", "activity": "form_submitted", "stages": ["lead", "mql"],
    "present": "on", "again": "on", "goal": "sql", "zone": "lead", "days": ["0", "1"], "opens": "09:00", "closes": "17:00",
    "country": "PL", "own_days": "2026-12-24", "hold_out": "10",
}  # fmt: skip


def test_a_program_is_begun_written_checked_and_activated() -> None:
    mona, email = signed_in("Mona"), finished_email()
    made = mona.post(reverse("program_new"), {"name": "Warm up", "priority": "50"})
    program = Program.objects.get()
    assert made["Location"] == at("program_edit", program)
    mona.post(at("program_step_new", program), {"kind": "email"})
    assert "Choose the e-mail that is sent." in words(mona, at("program_edit", program))
    mona.post(at("program_step", program, key="s1"), {"email": email.pk})
    mona.post(at("program_step_new", program), {"kind": "wait", "after": "s1"})
    mona.post(at("program_step", program, key="s2"), {"how": "weekday", "weekday": "1", "time": "09:30", "unit": "1440", "amount": "1"})  # fmt: skip
    mona.post(at("program_settings", program), SETTINGS)
    said = words(mona, at("program_check", program))
    assert "Nothing is missing." in said
    assert "A marketing manager or an administrator lets it count." in said
    assert "Wait until Tuesday, 09:30" in said
    assert "Monday, Tuesday, 09:00–17:00 by the lead’s clock; not on holidays of PL; not on 2026-12-24." in said
    assert signed_in("Mick").post(at("program_activate", program))["Location"] == at("program_page", program)
    program.refresh_from_db()
    assert (program.state, program.current.track.hold_out) == ("active", 10)  # type: ignore[union-attr]


def test_steps_are_edited_in_place() -> None:
    program, mona = drafted(wait("s1"), wait("s2")), signed_in("Mona")
    form = mona.get(at("program_step", program, key="s1"), headers=HTMX)
    assert 'id="step-s1"' in form.content.decode()
    wrong = mona.post(at("program_step", program, key="s1"), {"how": "for", "amount": "0"}, headers=HTMX)
    assert (wrong.status_code, wrong["HX-Retarget"]) == (422, "#step-s1")
    fine = {"how": "for", "amount": "5", "unit": "60", "weekday": "0", "time": "09:00"}
    right = mona.post(at("program_step", program, key="s1"), fine, headers=HTMX)
    assert right["HX-Retarget"] == "#track"
    assert "Wait 5 hours" in right.content.decode()
    refused = mona.post(at("program_step_move", program, key="s1"), {"to": "up"}, headers=HTMX)
    assert (refused.status_code, refused.content.decode()) == (409, "This step is at the end already.")


def test_a_branch_asks_by_conditions_typed_as_rows() -> None:
    program, mona = drafted(mail("s1", finished_email()), wait("s2")), signed_in("Mona")
    mona.post(at("program_step_new", program), {"kind": "branch", "after": "s2"})
    typed = {"by": "conditions", "letter": "s1", "did": "click", "activity": "page_visit", "field": ["country"], "op": ["is"], "value": ["Poland"]}  # fmt: skip
    mona.post(at("program_step", program, key="s3"), typed)
    mona.post(at("program_step_new", program), {"kind": "end", "into": "s3", "way": "yes"})
    said = words(mona, at("program_edit", program))
    assert "3 Is it so that Country is Poland?" in said
    assert "4 Yes The program is over" in said


def test_steps_can_be_added_after_each_step_and_after_each_branch() -> None:
    asked = {"key": "s2", "kind": "branch", "by": "letter", "letter": "s1", "did": "click"}
    inner = {
        "key": "s4",
        "kind": "branch",
        "by": "letter",
        "letter": "s1",
        "did": "open",
        "yes": [wait("s5")],
        "no": [],
    }
    program = drafted(mail("s1", finished_email()), asked | {"yes": [wait("s3")], "no": [inner]})
    lines = signed_in("Mona").get(at("program_edit", program)).context["lines"]
    assert [line.adds for line in lines] == [[("s1", 0)], [], [("s3", 1)], [], [("s5", 2), ("s4", 1), ("s2", 0)]]


def test_what_a_new_version_changes_stands_in_words() -> None:
    program = active(wait("s1", 2 * DAY), wait("s2"))
    draft = program.begin_draft(by=person("Mona"), at=NOON)
    draft.write(draft.document | {"steps": [wait("s1", DAY)], "hold_out": 5})
    said = words(signed_in("Mona"), at("program_check", program))
    assert "Wait 2 days → Wait 1 day" in said
    assert "Step gone Wait 2 days" in said
    assert "Nobody is held out. → 5% get nothing, for comparison." in said


def test_test_letters_go_to_whoever_asks() -> None:
    program = drafted(mail("s1", finished_email()), mail("s2", finished_email("Draft only")))
    signed_in("Mona").post(at("program_test", program))
    assert set(Letter.objects.values_list("to", "is_test", "lead")) == {("mona@leadhub.example", True, None)}


def test_the_page_says_who_is_where_and_what_became_of_the_steps() -> None:
    program = active(mail("s1", finished_email()), wait("s2"))
    for _n in range(2):
        enrolled(program)
    enrolled(program, lead=make_lead("", external_id="x", stage="mql"))
    go(NOON)
    said = words(signed_in("Mona"), at("program_page", program))
    assert "1 Send “Welcome” Pending 2 · Skipped 1 No e-mail address is known: 1 0 here" in said
    assert "2 Wait 2 days 3 here" in said
    people = signed_in("Mona").get(at("program_people", program), {"step": "s1", "outcome": "skipped"})
    assert [one.lead.external_id for one, _why in people.context["rows"]] == ["x"]


def test_a_doubtful_letter_is_told_apart_from_a_pending_one_and_leads_to_it_until_it_is_sent_again() -> None:
    program = active(mail("s1", finished_email()), wait("s2"))
    doubtful, pending = enrolled(program), enrolled(program)
    go(NOON)
    sent(doubtful, Letter.State.UNKNOWN)
    mona = signed_in("Mona")
    assert "1 Send “Welcome” Pending 1 · Doubtful 1 0 here" in words(mona, at("program_page", program))
    for outcome, one in (("doubtful", doubtful), ("pending", pending)):
        people = mona.get(at("program_people", program), {"step": "s1", "outcome": outcome})
        assert [row.pk for row, _why in people.context["rows"]] == [one.pk]
    letter = doubtful.entries.get().letter
    assert letter
    page = mona.get(reverse("enrolment", args=[doubtful.pk])).text
    assert "Doubtful" in page
    assert reverse("letter_page", args=[letter.pk]) in page
    letter.resend(at=NOON)
    assert "Pending 2 0 here" in words(mona, at("program_page", program))


def test_each_way_tells_why_somebody_waits() -> None:
    hours = {"zone": "workspace", "days": [0, 1, 2, 3, 4], "opens": 540, "closes": 600}
    one = enrolled(active(mail("s1", finished_email()), hours=hours))
    go(NOON)
    said = words(signed_in("Mona"), reverse("enrolment", args=[one.pk]))
    assert "Send “Welcome”: outside the sending hours" in said
    assert "Send “Welcome”: outside the sending hours" in words(
        signed_in("Mona"), reverse("lead_page", args=[one.lead_id])
    )
    masked = words(signed_in("Ann"), reverse("enrolment", args=[one.pk]))
    assert one.lead.last_name not in masked


def test_people_are_put_in_paused_and_taken_out_by_hand() -> None:
    program, lead, mona = active(wait("s1")), make_lead(stage="mql"), signed_in("Mona")
    mona.post(reverse("lead_enrol", args=[lead.pk]), {"program": program.pk})
    one = Enrolment.objects.get()
    assert one.entered_by == "Put in by Mona"
    mona.post(reverse("enrolment_pause", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == "paused"
    mona.post(reverse("enrolment_remove", args=[one.pk]))
    one.refresh_from_db()
    assert (one.state, one.end_reason) == ("ended", "removed")


def test_the_effect_is_told_beside_the_hold_out_with_n() -> None:
    program = active(wait("s1"), hold_out=50)
    ways = [enrolled(program) for _n in range(8)]
    for one in ways[:3]:
        one.lead.move(to=Stage.SALES_QUALIFIED, at=NOON + DAY, cause=Cause.SCORE)
    assert [one.stage for one in effect_of(program)] == ["mql", "sql", "opportunity"]
    sql = effect_of(program)[1]
    held = sum(one.holds_out for one in ways)
    assert (sql.n, sql.held_n, sql.hits + sql.held_hits) == (8 - held, held, 3)
    assert (sql.verdict, sql.share is not None) == ("Too few to compare yet.", True)


def test_where_everybody_comes_in_as_mql_nothing_is_said_of_becoming_it() -> None:
    program = active(wait("s1"), entry={"by": "stage", "stage": "mql"})
    assert [one.stage for one in effect_of(program)] == ["sql", "opportunity"]


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "x", "after": "\ud800"},
        {"kind": "wait", "after": "s99"},
        {"kind": "wait", "into": "s1", "way": "no"},
        {},
    ],
)
def test_strange_steps_are_refused_with_a_sentence(data: dict[str, str]) -> None:
    program = drafted(wait("s1"))
    data = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    assert signed_in("Mona").post(at("program_step_new", program), data).status_code == 302
    assert Lead.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("own_days", "2026-02-30", "Write each day as 2026-12-24."),
        ("days", [], "This field is required."),
        ("hold_out", "9" * 40, "Ensure this value is less than or equal to 50."),
        ("closes", "08:00", "The end comes after the beginning."),
        ("by", "list", "Say which one."),
        ("goal", "conditions", "Say by which conditions."),
        ("priority", "0", "Ensure this value is greater than or equal to 1."),
        ("name", "", "This field is required."),
    ],
)
def test_strange_settings_are_refused_with_a_sentence(name: str, value: Any, said: str) -> None:
    answer = signed_in("Mona").post(at("program_settings", drafted(wait("s1"))), SETTINGS | {name: value})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_strange_addresses_find_nobody() -> None:
    program = active(wait("s1"))
    mona = signed_in("Mona")
    for query in ({"step": "%", "outcome": "?"}, {"state": "x"}, {"after": "9" * 30}, {"step": "s" * 500}):
        assert mona.get(at("program_people", program), query).status_code == 200
    assert mona.get(at("program_step", program, key="s9")).status_code == 404
