"""The track of a program, pure: reading with every fault named, where steps lead, edits, sentences, differences."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.testing import examples
from nurture.track import Branch, Mail, Wait, led_to
from nurture.track_editing import EditRefused, add, fresh, move, put, remove
from nurture.track_reading import TrackFault, parse_track, read_track
from nurture.track_words import Names, differences, hours_sentence, length_words, sentence, whole_sentences
from scoring.lead_fields import LIST_FIELDS

NAMES = Names({7: "Welcome", 8: "Second try"}, {5: "Warm"}, {3: "Mona"}, {"demo_requested": "Demo requested"})


def wait(key: str, minutes: int = 2880) -> dict[str, Any]:
    return {"key": key, "kind": "wait", "how": "for", "minutes": minutes}


def mail(key: str, email: int | None = 7) -> dict[str, Any]:
    return {"key": key, "kind": "email", "email": email}


def branch(key: str, letter: str, *, yes: Any = (), no: Any = ()) -> dict[str, Any]:
    asked = {"by": "letter", "letter": letter, "did": "click"}
    return {"key": key, "kind": "branch", **asked, "yes": list(yes), "no": list(no)}


def document(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**fresh(), "steps": list(steps), **more}


LONG = document(mail("s1"), wait("s2"), branch("s3", "s1", yes=[mail("s4", 8)], no=[wait("s5"), mail("s6", 8)]), {"key": "s7", "kind": "end"})  # fmt: skip


def parsed(*steps: dict[str, Any], **more: Any) -> Any:
    return parse_track(document(*steps, **more), LIST_FIELDS)


def test_each_step_leads_on_and_the_ways_of_a_branch_join_again() -> None:
    track = parse_track(LONG, LIST_FIELDS)
    assert [place.step.key for place in track.places] == ["s1", "s2", "s3", "s4", "s5", "s6", "s7"]
    assert [track.after(key) for key in ("s1", "s2", "s4", "s5", "s6", "s7")] == ["s2", "s3", "s7", "s6", "s7", ""]
    assert (track.after("s3", yes=True), track.after("s3", yes=False)) == ("s4", "s5")
    empty = parsed(mail("s1"), branch("s2", "s1", no=[wait("s3")]), mail("s4"))
    assert (empty.after("s2", yes=True), empty.after("s2", yes=False), empty.after("s3")) == ("s4", "s3", "s4")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([mail("s1", None)], "Step 1 (E-mail), e-mail: Choose the e-mail that is sent."),
        ([mail("s1"), wait("s2", 0)], "Step 2 (Wait), how long: This must be a whole number from 1 to 527040."),
        ([wait("s1"), wait("s1")], "Step 2 (Wait): Two steps have this key."),
        ([branch("s1", "s2"), mail("s2")], "Step 1 (Branch), which e-mail: Choose an e-mail that this program sends before this step."),
        ([{"key": "s1", "kind": "branch", "by": "conditions"}], "Step 1 (Branch), conditions: Say what is asked: there is no condition yet."),
        ([mail("s1"), branch("s2", "s1", no=[{"key": "s3", "kind": "wait", "how": "date", "time": 540}])], "Step 3 (Wait), day: Choose a day."),
        ([{"key": "s1", "kind": "notify", "person": 3}], "Step 1 (Tell a person), text: Write what the person is told."),
        ([{"key": "s1", "kind": "owner"}], "Step 1 (Hand over), note: Write a note for sales: why now?"),
        ([{"key": "s1", "kind": "teleport"}], "Step 1: There is no such kind of step."),
        ([], "There is no step yet."),
    ],
)  # fmt: skip
def test_faults_name_step_and_field(steps: list[Any], said: str) -> None:
    with pytest.raises(TrackFault) as fault:
        parsed(*steps)
    assert str(fault.value) == said


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hours", {"zone": "lead", "days": [], "opens": 540, "closes": 1020}, "Sending hours: Choose at least one weekday; these hours would never open."),
        ("hours", {"zone": "lead", "days": [0], "opens": 1020, "closes": 540}, "Sending hours: The end comes after the beginning."),
        ("entry", {"by": "list"}, "Who comes in: Choose the list."),
        ("goal", {"by": "conditions", "conditions": []}, "Goal: There must be at least 1 entries."),
        ("hold_out", 80, "Hold-out share: This must be a whole number from 0 to 50."),
        ("nonsense", 1, "“nonsense” is not known here; known are entry, goal, hours, hold_out, steps, made, gone."),
    ],
)  # fmt: skip
def test_faults_of_the_program_itself(field: str, value: Any, said: str) -> None:
    faults = read_track(document(wait("s1"), **{field: value}), LIST_FIELDS)[1]
    assert [str(fault) for fault in faults] == [said]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["wait", "email", "branch", "for", "letter"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["steps", "key", "kind", "yes", "no", "how", "by", "entry", "hours", "goal", "days", "gone"]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@given(ANYTHING)
@examples(60)
def test_any_document_is_read_or_refused_with_sentences(anything: Any) -> None:
    track, faults = read_track(anything, LIST_FIELDS)
    assert all(str(fault) for fault in faults)
    assert track.places is not None
    json.dumps([str(fault) for fault in faults])


def test_edits_keep_keys_and_never_use_one_again() -> None:
    made, first = add(fresh(), "email")
    made, second = add(made, "branch", after=first)
    made, inner = add(made, "wait", into=second, way="no")
    made = remove(put(made, first, {"email": 7, "key": "forged"}), inner)
    made, last = add(made, "end", after=second)
    assert (first, second, inner, last) == ("s1", "s2", "s3", "s4")
    assert made["steps"][0] == {"email": 7, "key": "s1", "kind": "email"}
    assert made["steps"][1]["no"] == []


def test_a_step_moves_along_its_way_and_out_of_a_branch() -> None:
    assert [step["key"] for step in move(LONG, "s2", -1)["steps"]] == ["s2", "s1", "s3", "s7"]
    out = move(LONG, "s4", 1)
    assert [step["key"] for step in out["steps"]] == ["s1", "s2", "s3", "s4", "s7"]
    assert out["steps"][2]["yes"] == []
    assert [step["key"] for step in move(LONG, "s5", -1)["steps"]] == ["s1", "s2", "s5", "s3", "s7"]
    with pytest.raises(EditRefused, match="at the end already"):
        move(LONG, "s1", -1)
    with pytest.raises(EditRefused, match="not there any more"):
        remove(LONG, "s99")


def test_branches_do_not_stand_endlessly_in_each_other() -> None:
    made, key = add(fresh(), "branch")
    for _n in range(2):
        made, key = add(made, "branch", into=key, way="yes")
    with pytest.raises(EditRefused, match="too deep"):
        add(made, "branch", into=key, way="yes")


def test_whoever_stood_at_a_step_that_is_gone_finds_the_next_one_that_is_left() -> None:
    old = parse_track(LONG, LIST_FIELDS)
    new = parse_track(remove(remove(LONG, "s3"), "s2"), LIST_FIELDS)
    assert led_to(old, new) == {"s2": "s7", "s3": "s7", "s4": "s7", "s5": "s7", "s6": "s7"}
    again = parse_track(document(mail("s1"), wait("s8"), gone=led_to(old, new)), LIST_FIELDS)
    assert (again.here("s5"), again.here("s8"), again.here("never")) == ("", "s8", "")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Wait("x", "for", 3 * 1440), "Wait 3 days"),
        (Wait("x", "for", 90), "Wait 90 minutes"),
        (Wait("x", "weekday", weekday=1, time=9 * 60 + 30), "Wait until Tuesday, 09:30"),
        (Wait("x", "date", day=date(2026, 12, 1), time=480), "Wait until 2026-12-01, 08:00"),
        (Mail("x", 7), "Send “Welcome”"),
        (Mail("x"), "Send “an e-mail that is not chosen yet”"),
        (Branch("x", letter="s1", did="open"), "Opened “Welcome”?"),
        (Branch("x", by="activity", activity="demo_requested"), "“Demo requested” since coming in?"),
    ],
)
def test_every_step_is_a_sentence(step: Any, words: str) -> None:
    assert sentence(step, parse_track(LONG, LIST_FIELDS), NAMES) == words


def test_the_program_itself_in_words() -> None:
    entry = {"by": "list", "list": 5, "stages": ["mql"], "present": False, "again": False}
    hours = {"zone": "company", "days": [0, 1, 2, 3, 4], "opens": 540, "closes": 1020, "country": "PL"}
    track = parsed(wait("s1"), entry=entry, hours=hours, hold_out=10)
    said = whole_sentences(track, NAMES)
    assert said["Who comes in"] == "Leads of the list “Warm”, while they are MQL, from activation on, once."
    assert hours_sentence(track.hours) == "Monday to Friday, 09:00–17:00 by the company’s clock; not on holidays of PL."
    assert said["Hold-out"] == "10% get nothing, for comparison."
    assert [length_words(minutes) for minutes in (7 * 1440, 60, 1)] == ["1 week", "1 hour", "1 minute"]


def test_a_change_is_told_in_words() -> None:
    old = parse_track(LONG, LIST_FIELDS)
    new = parse_track(remove(put(LONG, "s2", {"how": "for", "minutes": 1440}), "s5"), LIST_FIELDS)
    assert differences(old, new, NAMES) == [("Step", "Wait 2 days", "Wait 1 day"), ("Step", "Wait 2 days", "")]
    turned = parse_track(move(LONG, "s2", -1), LIST_FIELDS)
    assert [what for what, *_rest in differences(old, turned, NAMES)] == ["Order"]
