"""Working on a handoff: only logged contact stops the clock, BANT keeps what is known, the gate says what is missing."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoff.contacts import Contact, log_all
from handoff.gate import BANT
from handoff.models import FollowUp, Handoff
from handoff.refusals import AlreadyClosed, GateNotMet, HandoffRefused, MomentRefused, NotClaimed
from leadhub.testing import NOON, person
from leads.models import Activity, Lead
from leads.stages import Stage

from .offering import GOOD_BANT, called, claimed, offered, qualified, reason

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("kind", ["call", "meeting", "email"])
@pytest.mark.parametrize("result", ["reached", "no_answer", "left_message"])
def test_any_logged_contact_stops_the_clock(kind: str, result: str) -> None:
    handoff = claimed()
    handoff.log_follow_up(kind=kind, result=result, at=NOON + HOUR, by=person("Rita"), notes="Likes blue.")
    assert (handoff.first_follow_up_at, handoff.remind_at) == (NOON + HOUR, None)
    activity = Activity.objects.get(lead=handoff.lead)
    assert (activity.type.key, activity.occurred_at) == (f"sales_{kind}", NOON + HOUR)


def test_claiming_and_qualifying_do_not_stop_the_clock() -> None:
    handoff = claimed()
    handoff.qualification.save_draft(GOOD_BANT, by=person("Rita"), at=NOON)
    handoff.refresh_from_db()
    assert handoff.is_running


def test_the_first_contact_counts_even_if_logged_after_a_later_one() -> None:
    handoff = claimed()
    called(handoff, at=NOON + 3 * HOUR)
    handoff.log_follow_up(
        kind="email", result="reached", at=NOON + HOUR, by=person("Rita"), recorded_at=NOON + 4 * HOUR
    )
    assert handoff.first_follow_up_at == NOON + HOUR
    assert handoff.follow_ups.count() == 2


def test_the_same_form_pressed_twice_is_one_follow_up() -> None:
    handoff, token = claimed(), uuid.uuid4()
    for _press in range(2):
        handoff.log_follow_up(kind="call", result="reached", at=NOON, by=person("Rita"), token=token)
    assert FollowUp.objects.count() == Activity.objects.count() == 1


@pytest.mark.parametrize("hours", [-1, 2])
def test_a_contact_before_the_offer_or_in_the_future_is_none(hours: int) -> None:
    with pytest.raises(MomentRefused, match="between the offer"):
        claimed().log_follow_up(
            kind="call", result="reached", at=NOON + hours * HOUR, by=person("Rita"), recorded_at=NOON + HOUR
        )


def test_what_nobody_holds_cannot_be_worked_on() -> None:
    with pytest.raises(NotClaimed, match="Claim this handoff first"):
        called(offered(), at=NOON)


def test_after_acceptance_sellers_go_on_logging() -> None:
    handoff = qualified()
    handoff.accept(by=person("Rita"), at=NOON)
    called(handoff, at=NOON + HOUR)
    assert handoff.follow_ups.count() == 2


def test_after_a_no_nothing_is_logged_any_more() -> None:
    handoff = claimed()
    handoff.disqualify(reason=reason("competitor"), by=person("Rita"), at=NOON)
    with pytest.raises(AlreadyClosed, match="Rita disqualified this lead"):
        called(handoff, at=NOON + HOUR)


def test_a_draft_keeps_each_answer_by_itself() -> None:
    handoff = claimed()
    handoff.qualification.save_draft({"budget": "partly"}, by=person("Rita"), at=NOON)
    Handoff.objects.get(pk=handoff.pk).qualification.save_draft({"need": "yes"}, by=person("Sue"), at=NOON + HOUR)
    bant = Handoff.objects.get(pk=handoff.pk).qualification
    assert (bant.budget, bant.need, bant.known_of(BANT)) == ("partly", "yes", 2)
    assert (bant.updated_by, bant.updated_at) == (person("Sue"), NOON + HOUR)


def test_a_decided_qualification_is_read_only() -> None:
    handoff = qualified()
    handoff.accept(by=person("Rita"), at=NOON)
    with pytest.raises(AlreadyClosed, match="Rita accepted this just now"):
        handoff.qualification.save_draft({"need": "no"}, by=person("Rita"), at=NOON)


@pytest.mark.parametrize(
    ("today", "plans", "soon"),
    [
        (date(2026, 11, 18), date(2027, 3, 31), True),
        (date(2026, 11, 18), date(2027, 4, 1), False),
        (date(2026, 1, 1), date(2026, 6, 30), True),
        (date(2026, 1, 1), None, None),
    ],
)
def test_the_coming_quarter_is_the_one_after_this(today: date, plans: date | None, soon: bool | None) -> None:
    bant = claimed().qualification
    bant.timeline_on = plans
    assert bant.buys_in_coming_quarter(today) is soon


def test_the_gate_says_in_words_what_is_missing() -> None:
    handoff = claimed()
    handoff.qualification.save_draft({"need": "no", "authority": "yes"}, by=person("Rita"), at=NOON)
    with pytest.raises(GateNotMet) as refusal:
        handoff.accept(by=person("Rita"), at=NOON)
    assert str(refusal.value) == (
        "Before this lead can be accepted: log a call, a meeting or an e-mail; find out budget and timeline;"
        " need must be met at least partly."
    )
    assert Lead.objects.get(pk=handoff.lead_id).stage == Stage.SALES_QUALIFIED


def test_an_authority_that_is_no_is_known_and_enough() -> None:
    handoff = qualified()
    handoff.qualification.save_draft({"authority": "no"}, by=person("Rita"), at=NOON)
    handoff.accept(by=person("Rita"), at=NOON)
    assert handoff.outcome == "accepted"


class TestContactsAsASet:
    """What a handoff's own verb does with one, `log_all` does with many: each its own answer, all in so many statements."""

    def contact(self, handoff: Handoff, hours: int, **more: Any) -> Contact:
        at = NOON + hours * HOUR
        return Contact(handoff, "call", "no_answer", at, person("Rita"), recorded_at=at, **more)

    def test_the_first_stops_the_clock_and_the_last_says_what_comes_next(self) -> None:
        handoff, other = claimed(), claimed("Sam")
        log_all(
            [
                self.contact(handoff, 1, next_step="Call"),
                self.contact(other, 2),
                self.contact(handoff, 3, next_step="Visit"),
            ]
        )
        handoff.refresh_from_db()
        other.refresh_from_db()
        assert (handoff.first_follow_up_at, handoff.remind_at, handoff.next_step) == (NOON + HOUR, None, "Visit")
        assert other.first_follow_up_at == NOON + 2 * HOUR
        assert (
            list(Activity.objects.filter(lead=handoff.lead).values_list("type__key", flat=True)) == ["sales_call"] * 2
        )

    def test_what_cannot_be_logged_says_why_and_keeps_nothing_else_from_it(self) -> None:
        good, unclaimed = claimed(), offered()
        answers = log_all([self.contact(unclaimed, 1), self.contact(good, 1), self.contact(good, -1)])
        assert [type(answer) for answer in answers] == [NotClaimed, FollowUp, MomentRefused]
        assert FollowUp.objects.count() == Activity.objects.count() == 1

    def test_statements_do_not_grow_with_the_set(self) -> None:
        first, *others = [self.contact(claimed(), 1) for _n in range(4)]
        with CaptureQueriesContext(connection) as one:
            log_all([first])
        with CaptureQueriesContext(connection) as three:
            log_all(others)
        assert len(one) == len(three)

    def test_a_form_that_was_sent_for_another_lead_is_refused_in_words(self) -> None:
        token = uuid.uuid4()
        claimed().log_follow_up(kind="call", result="reached", at=NOON, by=person("Rita"), token=token)
        with pytest.raises(HandoffRefused, match="sent before, for another lead"):
            claimed().log_follow_up(kind="call", result="reached", at=NOON, by=person("Rita"), token=token)
        assert FollowUp.objects.count() == 1
