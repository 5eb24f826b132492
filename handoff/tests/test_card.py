"""The card of a handoff: what one posts, what one reads, and that nothing typed is lost."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from handoff.gate import BANT as BANT_ITEMS
from handoff.models import FollowUp, Handoff, Opportunity
from leadhub.testing import NOON, assert_same_queries, make_activity, make_lead, person, signed_in
from leads.models import Lead

from .offering import called, claimed, offered, qualified, reason

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOUR = timedelta(hours=1)
GOOD_LOG = {"log-kind": "call", "log-result": "reached", "log-at": "2026-11-18T13:30", "log-notes": "Wants an offer."}
BANT = {"bant-budget": "yes", "bant-authority": "yes", "bant-need": "partly", "bant-timeline": "yes"}


@pytest.fixture(autouse=True)
def _two_hours_later() -> Any:
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        yield


def post(client: Client, view: str, handoff: Handoff, data: dict[str, Any] | None = None, **how: Any) -> Any:
    return client.post(reverse(view, args=[handoff.pk]), data or {}, **how)


def test_logging_stops_the_clock_and_says_so() -> None:
    handoff = claimed()
    response = post(signed_in("Rita"), "handoff_follow_up", handoff, GOOD_LOG, headers=HTMX)
    assert json.loads(response["HX-Trigger"])["toast"]["text"] == "Logged. The clock has stopped."
    follow_up = FollowUp.objects.get()
    assert (follow_up.kind, follow_up.notes, follow_up.at) == ("call", "Wants an offer.", NOON + 1.5 * HOUR)


def test_a_double_click_logs_once() -> None:
    handoff, rita, token = claimed(), signed_in("Rita"), str(uuid.uuid4())
    for _press in range(2):
        post(rita, "handoff_follow_up", handoff, GOOD_LOG | {"log-token": token})
    assert FollowUp.objects.count() == 1


def test_times_are_typed_in_the_persons_own_zone() -> None:
    rita = person("Rita")
    rita.time_zone = "Asia/Jakarta"
    rita.save()
    handoff = claimed()
    post(signed_in("Rita"), "handoff_follow_up", handoff, GOOD_LOG | {"log-at": "2026-11-18T20:00"})
    assert FollowUp.objects.get().at == NOON + HOUR


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"log-at": "2026-11-18T11:00"}, "before the lead was offered"),
        ({"log-at": "2026-11-18T15:00"}, "in the future"),
        ({"log-at": "0000-00-00"}, "Enter a valid date/time"),
        ({"log-at": "99999999999999"}, "Enter a valid date/time"),
        ({"log-kind": "pigeon"}, "not one of the available choices"),
        ({"log-result": ""}, "This field is required"),
        ({"log-notes": "x" * 20_001}, "at most 20000 characters"),
        ({"log-token": "'; DROP"}, "Enter a valid UUID"),
    ],
)
@pytest.mark.parametrize("how", [{}, {"headers": HTMX}])
def test_a_wrong_log_is_a_sentence_and_keeps_what_was_typed(wrong: dict[str, str], sentence: str, how: Any) -> None:
    handoff = claimed()
    response = post(signed_in("Rita"), "handoff_follow_up", handoff, GOOD_LOG | wrong, **how)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert ("Wants an offer." in page) is ("log-notes" not in wrong)
    assert not FollowUp.objects.exists()


def test_a_character_nothing_can_hold_is_refused_before_anything_is_written() -> None:
    response = post(signed_in("Rita"), "handoff_follow_up", claimed(), GOOD_LOG | {"log-notes": "a\x00b"}, headers=HTMX)
    assert response.status_code == 400
    assert not FollowUp.objects.exists()


def test_ten_megabytes_of_notes_are_refused_and_nothing_is_written() -> None:
    response = post(signed_in("Rita"), "handoff_follow_up", claimed(), GOOD_LOG | {"log-notes": "x" * 10_000_000})
    assert response.status_code in {400, 413, 422}
    assert not FollowUp.objects.exists()


def test_bant_saves_itself() -> None:
    handoff = claimed()
    response = post(signed_in("Rita"), "handoff_qualify", handoff, BANT, headers={"X-Autosave": "1"})
    assert response.status_code == 200
    assert Handoff.objects.get().qualification.answers["need"] == "partly"


def test_bant_saves_as_a_plain_form() -> None:
    handoff = claimed()
    assert post(signed_in("Rita"), "handoff_qualify", handoff, BANT).status_code == 302
    assert Handoff.objects.get().qualification.known_of(BANT_ITEMS) == 4


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"bant-budget_amount": "-5"}, "cannot be negative"),
        ({"bant-budget_amount": "1e999"}, "no more than 14 digits"),
        ({"bant-budget_amount": "NaN"}, "Enter a number"),
        ({"bant-budget_amount": "9" * 30}, "no more than 14 digits"),
        ({"bant-budget_currency": "XXX"}, "Select a valid choice"),
        ({"bant-timeline_on": "31.13.2026"}, "Enter a valid date"),
        ({"bant-need_evidence": "x" * 2_001}, "at most 2000 characters"),
    ],
)
def test_a_wrong_field_of_bant_loses_none_of_the_others(wrong: dict[str, str], sentence: str) -> None:
    handoff = claimed()
    response = post(signed_in("Rita"), "handoff_qualify", handoff, BANT | {"bant-budget_evidence": "Said so"} | wrong)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    bant = Handoff.objects.get().qualification
    assert (bant.budget_evidence, bant.known_of(BANT_ITEMS)) == ("Said so", 4)


def test_the_gate_is_asked_again_after_bant_saved_itself() -> None:
    handoff, rita = claimed(), signed_in("Rita")
    called(handoff, at=NOON)
    before = rita.get(reverse("handoff_gate", args=[handoff.pk])).content.decode()
    post(rita, "handoff_qualify", handoff, BANT, headers={"X-Autosave": "1"})
    after = rita.get(reverse("handoff_gate", args=[handoff.pk])).content.decode()
    assert "find out budget, authority, need and timeline" in before
    assert "Everything the gate asks for is known." in after


def test_an_early_acceptance_is_refused_in_words() -> None:
    handoff = claimed()
    response = post(signed_in("Rita"), "handoff_accept", handoff, headers=HTMX)
    assert response.status_code == 409
    assert response.content.decode().startswith("Before this lead can be accepted: log a call")


def test_accepting_and_winning() -> None:
    handoff, rita = qualified(at=NOON), signed_in("Rita")
    assert post(rita, "handoff_accept", handoff).status_code == 302
    won = {"won-amount": "12000.50", "won-currency": "PLN", "won-reason": str(reason("won_fit").pk), "won-text": ""}
    post(rita, "handoff_won", handoff, won)
    opportunity = Opportunity.objects.get()
    assert (opportunity.ending, str(opportunity.amount), opportunity.currency) == ("won", "12000.50", "PLN")


def test_losing_needs_a_reason() -> None:
    handoff, rita = qualified(at=NOON), signed_in("Rita")
    post(rita, "handoff_accept", handoff)
    assert post(rita, "handoff_lost", handoff, {"lost-reason": ""}).status_code == 422
    post(rita, "handoff_lost", handoff, {"lost-reason": str(reason("lost_price").pk)})
    assert Lead.objects.get().stage == "lost"


def test_sending_back() -> None:
    handoff = claimed()
    data = {
        "back-reason": str(reason("not_now").pk),
        "back-return_on": "2027-01-15",
        "back-to": "mql",
        "back-text": "Later",
    }
    response = post(signed_in("Rita"), "handoff_send_back", handoff, data)
    assert response.status_code == 302
    assert Handoff.objects.get().outcome == "sent_back"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"back-reason": ""}, "This field is required"),
        ({"back-reason": "999999"}, "Select a valid choice"),
        ({"back-reason": "9" * 40}, "Select a valid choice"),
        ({"back-reason": "'"}, "Select a valid choice"),
        ({"back-return_on": ""}, "needs the day when the lead should come back"),
        ({"back-return_on": "2020-01-01"}, "lies after today"),
        ({"back-return_on": "2099-01-01"}, "within three years"),
        ({"back-to": "customer"}, "not one of the available choices"),
        ({"back-text": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_wrong_decision_is_a_sentence_and_changes_nothing(wrong: dict[str, str], sentence: str) -> None:
    handoff = claimed()
    data = {
        "back-reason": str(reason("not_now").pk),
        "back-return_on": "2027-01-15",
        "back-to": "mql",
        "back-text": "Later",
    }
    response = post(signed_in("Rita"), "handoff_send_back", handoff, data | wrong, headers=HTMX)
    assert response.status_code in {409, 422}
    assert sentence in response.content.decode()
    assert Handoff.objects.get().is_open


def test_the_page_explains_its_deadline() -> None:
    page = signed_in("Rita").get(reverse("handoff_page", args=[claimed().pk])).content.decode()
    assert "Why this deadline" in page
    assert "Only a logged call, meeting or e-mail stops the clock." in page


def test_the_panel_of_a_decided_handoff_says_how_it_ended() -> None:
    handoff = claimed()
    handoff.disqualify(reason=reason("other"), text="Moved to Mars", by=person("Rita"), at=NOON)
    page = signed_in("Rita").get(reverse("handoff_page", args=[handoff.pk])).content.decode()
    assert "Moved to Mars" in page
    assert "No follow-up was logged." in page


def test_reassigning_and_putting_back() -> None:
    handoff, sue = claimed("Rita"), signed_in("Sue")
    post(sue, "handoff_reassign", handoff, {"reassign-to": str(person("Sam").pk)})
    assert Handoff.objects.get().claimed_by == person("Sam")
    post(sue, "handoff_release", handoff)
    assert Handoff.objects.get().is_waiting


@pytest.mark.parametrize("to", ["", "0", "9" * 30, "x"])
def test_a_lead_can_be_given_to_no_stranger(to: str) -> None:
    handoff = claimed("Rita")
    assert post(signed_in("Sue"), "handoff_reassign", handoff, {"reassign-to": to}).status_code == 422


def test_the_card_asks_as_often_for_one_deed_as_for_three() -> None:
    handoff = claimed()

    def happens() -> None:
        make_activity(handoff.lead)
        called(handoff, at=NOON + HOUR)

    assert_same_queries(signed_in("Rita"), reverse("handoff_page", args=[handoff.pk]), happens, most=20)


def test_a_marketer_hands_over_with_a_note_from_the_leads_page() -> None:
    lead, mona = make_lead(), signed_in("Mona")
    address = reverse("lead_hand_over", args=[lead.pk])
    assert mona.post(address, {"over-note": "  "}).status_code == 422
    mona.post(address, {"over-note": "Call her"})
    assert Handoff.objects.get().note == "Call her"
    assert "is SQL now" in mona.post(address, {"over-note": "Again"}, headers=HTMX).content.decode()


def test_the_leads_tab_is_a_fragment_and_a_page() -> None:
    handoff = offered()
    address, mona = reverse("lead_handoff", args=[handoff.lead_id]), signed_in("Mona")
    assert "<html" in mona.get(address).content.decode()
    assert "<html" not in mona.get(address, headers=HTMX).content.decode()
