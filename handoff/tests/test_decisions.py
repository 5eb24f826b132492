"""Sales decides: accept, send back, disqualify; and later win or lose (product.md §4, R22, R31)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from handoff.models import Opportunity, Outcome
from handoff.refusals import AlreadyClosed, AmountRefused, NotClaimed, ReasonRefused
from leadhub.testing import NOON, person
from leads.models import Lead, StageMove
from leads.stages import Stage

from .offering import called, claimed, offered, qualified, reason

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def stage_of(lead_id: int) -> str:
    return Lead.objects.get(pk=lead_id).stage


def test_accepting_makes_an_opportunity_that_the_rep_owns() -> None:
    handoff = qualified()
    handoff.qualification.save_draft(
        {"budget_amount": Decimal(12000), "budget_currency": "EUR"}, by=person("Rita"), at=NOON
    )
    opportunity = handoff.accept(by=person("Rita"), at=NOON + HOUR)
    lead = Lead.objects.get(pk=handoff.lead_id)
    assert (lead.stage, lead.owner) == (Stage.OPPORTUNITY, person("Rita"))
    assert (handoff.outcome, handoff.closed_at, handoff.closed_by) == (Outcome.ACCEPTED, NOON + HOUR, person("Rita"))
    assert (opportunity.amount, opportunity.currency, opportunity.opened_at) == (Decimal(12000), "EUR", NOON + HOUR)


def test_a_second_decision_is_refused_and_told_the_first() -> None:
    handoff = qualified()
    handoff.accept(by=person("Rita"), at=NOON)
    with pytest.raises(AlreadyClosed, match=r"^Rita accepted this 5 minutes ago\.$"):
        handoff.disqualify(reason=reason("competitor"), by=person("Sue"), at=NOON + timedelta(minutes=5))
    assert stage_of(handoff.lead_id) == Stage.OPPORTUNITY


def test_what_nobody_holds_cannot_be_decided() -> None:
    with pytest.raises(NotClaimed):
        offered().disqualify(reason=reason("competitor"), by=person("Sue"), at=NOON)


def test_sent_back_not_now_rests_until_its_day() -> None:
    handoff = claimed()
    handoff.send_back(reason=reason("not_now"), return_on=date(2027, 1, 15), by=person("Rita"), at=NOON)
    lead = Lead.objects.get(pk=handoff.lead_id)
    assert (lead.stage, lead.owner, lead.cycle) == (Stage.MARKETING_QUALIFIED, None, 2)
    assert lead.cooling_until == datetime(2027, 1, 15, tzinfo=UTC)
    assert (handoff.outcome, handoff.reason.key, handoff.return_on) == ("sent_back", "not_now", date(2027, 1, 15))  # type: ignore[union-attr]


def test_sent_back_without_a_day_rests_for_a_month() -> None:
    handoff = claimed()
    handoff.send_back(reason=reason("no_budget"), by=person("Rita"), at=NOON)
    assert Lead.objects.get(pk=handoff.lead_id).cooling_until == NOON + timedelta(days=30)


def test_it_can_go_back_to_plain_lead() -> None:
    handoff = claimed()
    handoff.send_back(reason=reason("no_need"), to=Stage.LEAD, by=person("Rita"), at=NOON)
    assert stage_of(handoff.lead_id) == Stage.LEAD


def test_the_history_of_stages_says_why() -> None:
    handoff = claimed()
    handoff.send_back(reason=reason("other"), text="Wrong country", by=person("Rita"), at=NOON)
    move = StageMove.objects.filter(lead=handoff.lead_id).latest("id")
    assert (move.to_stage, move.reason, move.by) == ("mql", "Other: Wrong country", person("Rita"))


@pytest.mark.parametrize(
    ("key", "details", "sentence"),
    [
        ("competitor", {}, "is not a reason for this"),
        ("lost_price", {}, "is not a reason for this"),
        ("not_now", {}, "needs the date"),
        ("not_now", {"return_on": NOON.date()}, "lies after today"),
        ("not_now", {"return_on": date(2039, 1, 1)}, "within three years"),
        ("other", {"text": "  "}, "needs a few words"),
        ("unreachable", {}, "needs 2 attempts on record; 0 so far"),
    ],
)
def test_a_reason_must_fit(key: str, details: dict[str, object], sentence: str) -> None:
    handoff = claimed()
    with pytest.raises(ReasonRefused, match=sentence):
        handoff.send_back(reason=reason(key), by=person("Rita"), at=NOON, **details)  # type: ignore[arg-type]
    assert stage_of(handoff.lead_id) == Stage.SALES_QUALIFIED


def test_unreachable_after_the_attempts() -> None:
    handoff = claimed()
    for hours in (1, 2):
        called(handoff, at=NOON + hours * HOUR, result="no_answer")
    handoff.send_back(reason=reason("unreachable"), by=person("Rita"), at=NOON + 3 * HOUR)
    assert handoff.outcome == "sent_back"


def test_disqualifying_takes_the_lead_out() -> None:
    handoff = claimed()
    handoff.disqualify(reason=reason("job_seeker"), by=person("Rita"), at=NOON)
    assert stage_of(handoff.lead_id) == Stage.DISQUALIFIED
    assert (handoff.outcome, handoff.remind_at) == ("disqualified", None)


def test_a_reason_out_of_use_cannot_be_given() -> None:
    retired = reason("competitor")
    retired.is_active = False
    with pytest.raises(ReasonRefused):
        claimed().disqualify(reason=retired, by=person("Rita"), at=NOON)


@pytest.mark.parametrize(
    ("decide", "sentence"),
    [
        (lambda h: h.accept(by=person("Rita"), at=NOON), "Rita accepted Dewi Lestari."),
        (
            lambda h: h.send_back(reason=reason("no_budget"), text="next year", by=person("Rita"), at=NOON),
            "Rita sent Dewi Lestari back. No budget: next year",
        ),
        (
            lambda h: h.disqualify(reason=reason("competitor"), by=person("Rita"), at=NOON),
            "Rita disqualified Dewi Lestari. A competitor",
        ),
    ],
)
def test_the_marketer_who_handed_over_learns_the_answer(decide: object, sentence: str) -> None:
    decide(qualified(note="Call her"))  # type: ignore[operator]
    assert [notice.text for notice in person("Mona").notices.all()] == [sentence]


def accepted() -> Opportunity:
    return qualified().accept(by=person("Rita"), at=NOON)


def test_won_makes_a_customer_with_amount_and_reason() -> None:
    opportunity = accepted()
    opportunity.handoff.close_won(
        amount=Decimal("9500.50"), reason=reason("won_fit"), by=person("Rita"), at=NOON + HOUR
    )
    opportunity.refresh_from_db()
    assert stage_of(opportunity.lead_id) == Stage.CUSTOMER
    assert (opportunity.ending, opportunity.amount, opportunity.closed_by) == (
        "won",
        Decimal("9500.50"),
        person("Rita"),
    )


def test_lost_says_why() -> None:
    opportunity = accepted()
    opportunity.handoff.close_lost(reason=reason("lost_other"), text="They merged", by=person("Rita"), at=NOON)
    opportunity.refresh_from_db()
    assert stage_of(opportunity.lead_id) == Stage.LOST
    assert (opportunity.ending, opportunity.reason_text) == ("lost", "They merged")


def test_a_closed_opportunity_stays_closed() -> None:
    opportunity = accepted()
    opportunity.close_won(amount=None, by=person("Rita"), at=NOON)
    with pytest.raises(AlreadyClosed, match="Rita closed this as won"):
        opportunity.close_lost(reason=reason("lost_price"), by=person("Sue"), at=NOON)


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("1e15")])
def test_no_such_amount(amount: Decimal) -> None:
    with pytest.raises(AmountRefused):
        accepted().close_won(amount=amount, by=person("Rita"), at=NOON)


@pytest.mark.parametrize(("verb", "key"), [("close_won", "lost_price"), ("close_lost", "won_fit")])
def test_reasons_of_winning_and_losing_are_not_mixed_up(verb: str, key: str) -> None:
    opportunity = accepted()
    with pytest.raises(ReasonRefused):
        getattr(opportunity, verb)(amount=None, reason=reason(key), by=person("Rita"), at=NOON)


def test_what_was_not_accepted_has_no_opportunity() -> None:
    with pytest.raises(AlreadyClosed, match="was not accepted"):
        claimed().close_won(amount=None, by=person("Rita"), at=NOON)


def test_a_lead_that_becomes_customer_otherwise_ends_its_opportunity() -> None:
    opportunity = accepted()
    opportunity.lead.move(to=Stage.CUSTOMER, at=NOON + HOUR, reason="Signed by post")
    opportunity.refresh_from_db()
    assert (opportunity.ending, opportunity.closed_at) == ("won", NOON + HOUR)
