"""Becoming SQL opens one handoff per lead, in the same transaction, for whole sets (R16; product.md §5)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from handoff.models import Handoff, Outcome
from handoff.offers import open_for
from leadhub.testing import NOON, make_activity, make_lead, person
from leads.models import Lead, StageMove
from leads.stages import Cause, Stage

from .offering import claimed, offered

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_sql_is_offered_at_once_and_due_in_24_hours() -> None:
    handoff = offered()
    assert (handoff.offered_at, handoff.due_at, handoff.claimed_by) == (NOON, NOON + 24 * HOUR, None)
    assert handoff.remind_at == NOON + 2 * HOUR


def test_a_handed_over_lead_carries_the_marketers_note_and_name() -> None:
    handoff = offered(note="Budget approved, call before Friday")
    assert handoff.note == "Budget approved, call before Friday"
    assert handoff.offered_by == person("Mona")


def test_an_offer_by_score_has_no_person_behind_it() -> None:
    assert offered().offered_by is None


def test_the_database_keeps_one_open_handoff_per_lead() -> None:
    handoff = offered()
    move = StageMove.objects.create(
        lead=handoff.lead, from_stage="mql", to_stage="sql", at=NOON, cause="score", cycle=1
    )
    with pytest.raises(IntegrityError, match="handoff_one_open"), transaction.atomic():
        open_for([move])


def test_the_brief_freezes_what_sales_saw() -> None:
    lead = make_lead(consent="granted")
    make_activity(lead, "demo_requested", at=NOON - HOUR, subject="Demo")
    make_activity(lead, "page_visit", at=NOON - 2 * HOUR, url="https://x.example/pricing")
    handoff = offered(lead=lead)
    make_activity(lead, "page_visit", at=NOON + HOUR)
    brief = Handoff.objects.get(pk=handoff.pk).brief
    assert [(deed["type"], deed["intent"]) for deed in brief["deeds"]] == [
        ("demo_requested", True),
        ("page_visit", False),
    ]
    assert brief["deeds"][1]["path"] == "/pricing"
    assert brief["consent"] == "granted"


def test_machine_hits_are_no_reason_to_call() -> None:
    lead = make_lead()
    make_activity(lead, "email_opened", at=NOON - HOUR, verdict=2)
    assert offered(lead=lead).brief["deeds"] == []


def test_many_leads_are_offered_in_as_many_statements_as_few(django_assert_max_num_queries: Any) -> None:
    def offer(count: int) -> int:
        ids = [make_lead().pk for _n in range(count)]
        with django_assert_max_num_queries(60) as asked:
            Lead.objects.move(ids, to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.SCORE, reason="Total 92")
        return len(asked)

    assert offer(2) == offer(40)
    assert Handoff.objects.waiting().count() == 42


def test_a_lead_that_leaves_sql_otherwise_is_withdrawn() -> None:
    handoff = claimed()
    handoff.lead.move(to=Stage.MARKETING_QUALIFIED, at=NOON + HOUR, reason="Merged")
    handoff.refresh_from_db()
    assert (handoff.outcome, handoff.closed_at, handoff.remind_at) == (Outcome.WITHDRAWN, NOON + HOUR, None)


def test_a_lead_that_comes_back_is_offered_anew_in_a_new_cycle() -> None:
    first = claimed()
    first.lead.move(to=Stage.MARKETING_QUALIFIED, at=NOON + HOUR, reason="Merged")
    second = offered(lead=Lead.objects.get(pk=first.lead_id), at=NOON + 2 * HOUR)
    assert (first.cycle, second.cycle) == (1, 2)
    assert second.pk != first.pk
