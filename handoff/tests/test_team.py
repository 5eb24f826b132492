"""The sales manager's team: who carries how much, what is late, and passing many on at once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Team
from handoff.models import Handoff
from leadhub.testing import NOON, assert_same_queries, person, signed_in
from leads.models import Lead
from outbox.models import Notice

from .offering import called, claimed, offered

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TEAM, PASS_ON = "/inbox/team/", "/inbox/team/pass-on/"


@pytest.fixture(autouse=True)
def _two_hours_later() -> Any:
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        yield


def in_other_team(name: str) -> Any:
    someone = person(name)
    someone.team = Team.objects.create(name="Other")
    someone.save()
    return someone


def seen(query: str = "") -> list[str]:
    return [row.handoff.lead.first_name for row in signed_in("Sue").get(TEAM + query).context["team"].rows]


def told(name: str) -> list[str]:
    return list(Notice.objects.filter(recipient=person(name)).values_list("text", flat=True))


def test_the_team_is_what_its_people_hold_and_what_nobody_holds() -> None:
    claimed("Rita", first_name="Ritas")
    claimed(in_other_team("Sam"), first_name="Sams")
    offered(first_name="Free")
    assert seen() == ["Ritas", "Free"]


def test_each_load_says_how_many_how_many_late_and_when_the_next_is_due() -> None:
    claimed("Rita", at=NOON - 30 * HOUR, first_name="Late")
    called(claimed("Rita", at=NOON, first_name="Done"), at=NOON + HOUR)
    claimed("Rita", at=NOON, first_name="Calm")
    offered(first_name="Free")
    free, ritas = signed_in("Sue").get(TEAM).context["team"].loads
    assert (free.holder, free.open, free.late) == (None, 1, 0)
    assert (ritas.name, ritas.open, ritas.late, ritas.next_due) == ("Rita", 3, 1, NOON - 6 * HOUR)
    assert seen("?holder=late") == ["Late"]
    assert seen("?holder=waiting") == ["Free"]
    assert seen(f"?holder={ritas.holder}") == ["Late", "Calm", "Done"]


def test_many_are_given_at_once_and_each_person_reads_one_sentence() -> None:
    chosen = [claimed("Rita").pk, claimed("Rita").pk, offered().pk]
    signed_in("Sue").post(PASS_ON, {"ids": chosen, "to": person("Sam").pk, "action": "give"})
    assert set(Handoff.objects.values_list("claimed_by__name", flat=True)) == {"Sam"}
    assert set(Lead.objects.values_list("owner__name", flat=True)) == {"Sam"}
    assert told("Sam") == ["Sue gave you 3 leads."]
    assert told("Rita") == ["Sue gave 2 of your leads to Sam."]


def test_many_are_put_back_at_once_and_their_clocks_run_on() -> None:
    due = claimed("Rita").due_at
    offered()
    signed_in("Sue").post(PASS_ON, {"ids": [h.pk for h in Handoff.objects.all()], "action": "back"})
    assert Handoff.objects.waiting().count() == 2
    assert Handoff.objects.earliest("id").due_at == due
    assert told("Rita") == ["Sue put 1 of your leads back."]


def test_what_was_decided_meanwhile_and_what_is_anothers_stays() -> None:
    closed = claimed("Rita")
    Lead.objects.get(pk=closed.lead_id).move(to="mql", at=NOON + HOUR)
    foreign = claimed(in_other_team("Sam"))
    signed_in("Sue").post(PASS_ON, {"ids": [closed.pk, foreign.pk], "to": person("Rita").pk, "action": "give"})
    foreign.refresh_from_db()
    assert foreign.claimed_by == person("Sam")
    assert told("Rita") == []


@pytest.mark.parametrize("to", ["", "0", "9" * 30, "x", "mona"])
def test_nobody_to_give_to_changes_nothing_and_says_so(to: str) -> None:
    handoff = claimed("Rita")
    to = str(person("Mona").pk) if to == "mona" else to
    answer = signed_in("Sue").post(
        PASS_ON, {"ids": ["x", handoff.pk], "to": to, "action": "give", "holder": "ü?&"}, follow=True
    )
    assert "Choose a person to give them to" in answer.content.decode()
    assert Handoff.objects.get().claimed_by == person("Rita")


def test_the_team_asks_as_often_for_one_row_as_for_three() -> None:
    def one_of_each() -> None:
        offered()
        claimed("Rita")
        claimed("Sam")

    assert_same_queries(signed_in("Sue"), TEAM, one_of_each)


def test_an_empty_team_says_what_will_come() -> None:
    assert "Nobody of your team holds an open handoff" in signed_in("Sue").get(reverse("team_inbox")).content.decode()
