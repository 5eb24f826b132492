"""The chain of owners, and the record: who held a handoff from when to when, and all that happened to it (R16, R17, R22)."""

from datetime import timedelta

import pytest

from handoff import reminders
from handoff.models import Handoff
from leadhub.testing import NOON, person, signed_in
from leads.models import Lead

from .offering import claimed, offered, reason

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def chain(handoff: Handoff) -> list[tuple[str, int, int | None, str, bool]]:
    """Holder, hours from NOON to NOON, how it ended, whether the holder took it."""
    return [
        (
            one.holder.name,
            (one.since - NOON) // HOUR,
            one.until and (one.until - NOON) // HOUR,
            one.ended,
            one.given_by == f"user:{one.holder_id}",
        )
        for one in handoff.holdings.select_related("holder")
    ]


def test_every_owner_is_kept_with_times_and_how_it_ended() -> None:
    handoff, rita, sue = offered(), person("Rita"), person("Sue")
    handoff.claim(by=rita, at=NOON + HOUR)
    handoff.release(by=rita, at=NOON + 2 * HOUR)
    handoff.claim(by=rita, at=NOON + 3 * HOUR)
    handoff.reassign(to=person("Sam"), by=sue, at=NOON + 4 * HOUR)
    handoff.disqualify(reason=reason("competitor"), by=person("Sam"), at=NOON + 5 * HOUR)
    assert chain(handoff) == [
        ("Rita", 1, 2, "released", True),
        ("Rita", 3, 4, "passed_on", True),
        ("Sam", 4, 5, "closed", False),
    ]


def test_a_set_that_is_passed_on_is_written_for_each() -> None:
    first, second = claimed("Rita"), offered()
    Handoff.objects.pass_on(to=person("Sam"), by=person("Sue"), at=NOON + HOUR)
    assert chain(first) == [("Rita", 0, 1, "passed_on", True), ("Sam", 1, None, "", False)]
    assert chain(second) == [("Sam", 1, None, "", False)]


def test_a_seller_who_leaves_and_a_lead_that_moves_otherwise_end_it_too() -> None:
    left, moved = claimed("Rita"), claimed("Sam")
    person("Rita").deactivate(by=person("Ada"), at=NOON + HOUR)
    Lead.objects.get(pk=moved.lead_id).move(to="mql", at=NOON + 2 * HOUR)
    assert chain(left) == [("Rita", 0, 1, "released", True)]
    assert [row[:4] for row in chain(moved)] == [("Sam", 0, 2, "closed")]


def test_the_record_tells_all_of_one_cycle_in_order() -> None:
    handoff = offered(note="Asked twice for prices")
    handoff.claim(by=person("Sam"), at=NOON + HOUR)
    handoff.release(by=person("Sam"), at=NOON + 2 * HOUR)
    reminders.remind(NOON + 3 * HOUR)
    handoff.reassign(to=person("Rita"), by=person("Sue"), at=NOON + 4 * HOUR)
    handoff.log_follow_up(
        kind="call",
        result="reached",
        at=NOON + 5 * HOUR,
        by=person("Rita"),
        notes="Likes it",
        next_step="Send the offer",
    )
    handoff.send_back(reason=reason("no_budget"), by=person("Rita"), at=NOON + 6 * HOUR, text="Not this year")
    entries = signed_in("Mona").get(f"/handoffs/{handoff.pk}/record/").context["entries"]
    assert [(entry.text, entry.by, entry.note) for entry in entries] == [
        ("Offered to sales, cycle 1", "Mona", "Asked twice for prices"),
        ("Sam claimed it", "", ""),
        ("Sam put it back", "", ""),
        ("Reminded: Nobody has claimed it", "", ""),
        ("Given to Rita", "Sue", ""),
        ("Call: Reached → Send the offer", "Rita", "Likes it"),
        ("Sent back", "Rita", "No budget: Not this year"),
    ]
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)


def test_an_analyst_reads_the_record_without_names_and_words_of_the_lead() -> None:
    handoff = claimed(first_name="Dewi", last_name="Lestari")
    handoff.log_follow_up(kind="call", result="reached", at=NOON, by=person("Rita"), notes="Mobile 0812")
    page = signed_in("Ann").get(f"/handoffs/{handoff.pk}/record/").content.decode()
    assert "Call: Reached" in page
    assert "0812" not in page
    assert "Lestari" not in page
