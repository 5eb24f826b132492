"""The daily sweep lets time pass once a day; one lead that cannot be scored never stands in the way of others (R7)."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from leadhub.testing import NOON, make_lead
from leads.models import Lead, StageMove
from leads.signals import stages_changed
from scoring.days import workspace_day
from scoring.models import EventVector, LeadScore, Pending, Sweep
from scoring.sweep import check_vectors, drain, sweep_day

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asked_for_demo() -> Lead:
    """A director of a company that fits: SQL by intent as soon as the deed is counted."""
    lead = make_lead(seniority="Director", department="IT", phone="1", country="Poland")
    lead.record("demo_requested", at=NOON)
    return lead


def total(lead: Lead) -> int:
    return LeadScore.objects.get(lead=lead).total


def test_a_new_day_fades_every_score_once() -> None:
    lead = make_lead()
    lead.record("page_visit", at=NOON, url="/pricing")
    sweep_day(NOON)
    fresh = total(lead)
    assert sweep_day(NOON + DAY).written == 1
    assert total(lead) < fresh
    assert sweep_day(NOON + DAY).leads == 0


def test_a_sweep_that_was_cut_off_is_done_again() -> None:
    lead = make_lead()
    lead.record("page_visit", at=NOON, url="/pricing")
    sweep_day(NOON)
    Sweep.objects.create(day=workspace_day(NOON + DAY), started_at=NOON + DAY)
    assert sweep_day(NOON + DAY).written == 1


def test_a_lead_that_came_without_a_word_gets_a_score_with_the_sweep() -> None:
    lead = make_lead(seniority="VP")
    sweep_day(NOON)
    assert total(lead) > 0


class Stubborn(Exception):
    pass


@pytest.fixture
def stubborn(caplog: pytest.LogCaptureFixture) -> Iterator[Lead]:
    """A lead whose moves fail in another room."""
    lead = asked_for_demo()

    def refuse(*, moves: list[StageMove], **_signal: Any) -> None:
        if lead.pk in [move.lead_id for move in moves]:
            raise Stubborn

    stages_changed.connect(refuse)
    caplog.set_level(logging.CRITICAL)
    yield lead
    stages_changed.disconnect(refuse)


def test_what_cannot_be_counted_waits_and_keeps_nobody_else_waiting(stubborn: Lead) -> None:
    others = [asked_for_demo() for _n in range(5)]
    drain(NOON)
    assert {lead.pk for lead in Lead.objects.filter(stage="sql")} == {lead.pk for lead in others}
    assert set(Pending.objects.values_list("lead_id", flat=True)) == {stubborn.pk}


def test_a_sweep_scores_and_moves_all_others(stubborn: Lead) -> None:
    others = [asked_for_demo() for _n in range(12)]
    Pending.objects.filter(lead=stubborn).delete()
    sweep_day(NOON)
    assert Lead.objects.filter(stage="sql").count() == len(others)


def test_within_some_nights_every_vector_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.blocks.BLOCK", 2)
    for _n in range(9):
        make_lead().record("page_visit", at=NOON, url="/pricing")
    sweep_day(NOON)
    EventVector.objects.update(ev=b"")
    found = [check_vectors(NOON + n * DAY, nightly=2) for n in range(3)]
    assert sum(found) == 9
    assert max(found) <= 4
