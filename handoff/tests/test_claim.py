"""Claiming: one wins, the others are told who (R16; quality.md R8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Role, User
from handoff.models import Handoff
from handoff.refusals import AlreadyClaimed, AlreadyClosed, NotClaimed, NothingToClaim, NotInTheHouse
from leadhub.testing import NOON, make_lead, person, signed_in
from leads.models import FactChange, Lead
from leads.stages import Stage
from scoring.models import LeadScore

from .offering import claimed, offered

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_claim_takes_the_lead_with_it() -> None:
    handoff = offered()
    LeadScore.objects.update_or_create(
        lead=handoff.lead, defaults={"stage": "sql", "stage_since": NOON, "scored_on": NOON.date()}
    )
    handoff.claim(by=person("Rita"), at=NOON)
    assert (handoff.claimed_by, handoff.claimed_at) == (person("Rita"), NOON)
    assert Lead.objects.get(pk=handoff.lead_id).owner == person("Rita")
    assert LeadScore.objects.get(lead=handoff.lead_id).owner == person("Rita")


def test_the_history_of_facts_names_who_claimed() -> None:
    handoff = claimed()
    change = FactChange.objects.get(lead=handoff.lead_id, field="owner_id")
    assert (change.actor, change.new) == (f"user:{person('Rita').pk}", person("Rita").pk)


def test_the_second_is_refused_and_told_who_won() -> None:
    handoff = claimed("Sam", at=NOON)
    with pytest.raises(AlreadyClaimed, match=r"^Sam took this 2 minutes ago\.$"):
        handoff.claim(by=person("Rita"), at=NOON + 2 * MINUTE)
    assert Lead.objects.get(pk=handoff.lead_id).owner == person("Sam")


def test_within_a_minute_it_was_just_now() -> None:
    handoff = claimed("Sam", at=NOON)
    with pytest.raises(AlreadyClaimed, match=r"^Sam took this just now\.$"):
        handoff.claim(by=person("Rita"), at=NOON)


def test_claiming_what_one_holds_changes_nothing() -> None:
    handoff = claimed("Rita", at=NOON)
    handoff.claim(by=person("Rita"), at=NOON + MINUTE)
    assert handoff.claimed_at == NOON


def test_a_withdrawn_handoff_cannot_be_claimed() -> None:
    handoff = offered()
    handoff.lead.move(to=Stage.MARKETING_QUALIFIED, at=NOON, reason="Merged")
    with pytest.raises(AlreadyClosed, match="withdrawn"):
        handoff.claim(by=person("Rita"), at=NOON)


def test_next_takes_the_most_urgent_waiting() -> None:
    late, early = offered(at=NOON), offered(at=NOON - MINUTE)
    claimed("Sam", at=NOON - 5 * MINUTE)
    assert Handoff.objects.claim_next(by=person("Rita"), at=NOON) == early
    assert Handoff.objects.claim_next(by=person("Rita"), at=NOON) == late
    with pytest.raises(NothingToClaim):
        Handoff.objects.claim_next(by=person("Rita"), at=NOON)


def test_a_released_handoff_waits_again_and_its_clock_goes_on() -> None:
    handoff = claimed()
    due_at = handoff.due_at
    handoff.release(by=person("Rita"), at=NOON + MINUTE)
    assert (handoff.is_waiting, handoff.due_at) == (True, due_at)
    assert Lead.objects.get(pk=handoff.lead_id).owner is None


def test_what_nobody_holds_cannot_be_released() -> None:
    with pytest.raises(NotClaimed):
        offered().release(by=person("Sue"), at=NOON)


def test_reassigning_tells_both() -> None:
    handoff = claimed("Rita")
    handoff.reassign(to=person("Sam"), by=person("Sue"), at=NOON)
    assert Lead.objects.get(pk=handoff.lead_id).owner == person("Sam")
    assert [n.text for n in person("Sam").notices.all()] == ["Sue gave you Dewi Lestari. The clock is running."]
    assert [n.text for n in person("Rita").notices.all()] == ["Sue gave Dewi Lestari to Sam."]


def test_a_waiting_one_can_be_given_out_directly() -> None:
    handoff = offered()
    handoff.reassign(to=person("Sam"), by=person("Sue"), at=NOON)
    assert handoff.claimed_by == person("Sam")


@pytest.mark.parametrize("name", ["Mona", "Ann", "Ada"])
def test_only_sellers_can_be_given_a_lead(name: str) -> None:
    with pytest.raises(NotInTheHouse, match="does not sell here"):
        claimed().reassign(to=person(name), by=person("Sue"), at=NOON)


def test_somebody_who_left_can_be_given_nothing() -> None:
    sam = person("Sam")
    sam.is_active = False
    with pytest.raises(NotInTheHouse):
        claimed().reassign(to=sam, by=person("Sue"), at=NOON)


def rep(number: int) -> User:
    return User.objects.create_user(email=f"rep{number}@x.example", name=f"Rep {number}", roles=[Role.SALES_REP])


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_claim_at_once_one_wins_and_nineteen_are_told_who() -> None:
    handoff, reps, start = offered(), [rep(n) for n in range(20)], Barrier(20)

    def press(user: User) -> str:
        try:
            start.wait(timeout=30)
            Handoff.objects.get(pk=handoff.pk).claim(by=user, at=NOON)
        except AlreadyClaimed as refusal:
            return str(refusal)
        finally:
            connection.close()
        return f"won: {user.name}"

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, reps))
    [winner] = [answer.removeprefix("won: ") for answer in answers if answer.startswith("won")]
    assert answers.count(f"{winner} took this just now.") == 19
    assert Lead.objects.get(pk=handoff.lead_id).owner.name == winner  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_ten_who_press_next_at_once_get_ten_different_leads() -> None:
    reps, start = [rep(n) for n in range(10)], Barrier(10)
    for n in range(10):
        offered(lead=make_lead(f"many{n}@x.example"), at=NOON + n * MINUTE)

    def press(user: User) -> int:
        try:
            start.wait(timeout=30)
            return Handoff.objects.claim_next(by=user, at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        taken = list(pool.map(press, reps))
    assert len(set(taken)) == 10
    assert Handoff.objects.waiting().count() == 0


def test_whoever_loses_a_claim_costs_few_statements(django_assert_num_queries: Any) -> None:
    handoff, rita = claimed("Sam"), signed_in("Rita")
    with django_assert_num_queries(3):  # the session, the person, the handoff with its holder
        answer = rita.post(reverse("handoff_claim", args=[handoff.pk]), headers={"HX-Request": "true"})
    assert (answer.status_code, "Sam took this" in answer.content.decode()) == (409, True)
