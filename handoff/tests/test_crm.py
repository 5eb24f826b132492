"""What the CRM hears: an opportunity opened, changed, won or lost, with its lead and what qualified it (R31)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from handoff.models import Opportunity
from leadhub.testing import NOON, person, signed_in
from leads.models import Lead
from leads.stages import Cause, Stage
from outbox.models import Hook, HookMessage

from .offering import qualified, reason

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody_listens() -> None:
    Hook(label="CRM", url="https://crm.example.com/", created_at=NOON).renew_secret()


def heard() -> list[str]:
    return list(HookMessage.objects.order_by("id").values_list("event", flat=True))


def test_an_opportunity_is_told_from_its_opening_to_its_end() -> None:
    handoff = qualified(first_name="Ayu", email="ayu@example.com")
    said = {"budget_amount": Decimal(9000), "budget_currency": "EUR", "timeline_on": date(2027, 1, 15)}
    handoff.qualification.save_draft(said, by=person("Rita"), at=NOON)
    handoff.accept(by=person("Rita"), at=NOON)
    address = reverse("handoff_plan", args=[handoff.pk])
    plan = {"plan-amount": "9500", "plan-currency": "EUR", "plan-expected_on": "2027-02-01"}
    assert signed_in("Rita").post(address, plan).status_code == 302
    handoff.close_won(amount=Decimal(9900), by=person("Rita"), at=NOON, reason=reason("won_fit"))
    assert heard() == ["opportunity.opened", "opportunity.changed", "opportunity.won"]
    opened, changed, won = (message.body["data"] for message in HookMessage.objects.order_by("id"))
    assert (opened["lead"]["email"], opened["opportunity"]["expected_on"]) == ("ayu@example.com", "2027-01-15")
    assert opened["qualification"]["items"]["budget"]["budget_amount"] == "9000.00"
    assert (changed["opportunity"]["amount"], changed["opportunity"]["expected_on"]) == ("9500.00", "2027-02-01")
    assert (won["opportunity"]["amount"], won["opportunity"]["ending"]) == ("9900.00", "won")


def test_an_end_by_another_way_is_told_too() -> None:
    handoff = qualified()
    handoff.accept(by=person("Rita"), at=NOON)
    Lead.objects.get(pk=handoff.lead_id).move(to=Stage.CUSTOMER, at=NOON, cause=Cause.IMPORT, reason="Import")
    assert heard() == ["opportunity.opened", "opportunity.won"]


def test_what_is_refused_is_not_told() -> None:
    handoff = qualified()
    handoff.accept(by=person("Rita"), at=NOON)
    response = signed_in("Rita").post(
        reverse("handoff_plan", args=[handoff.pk]), {"plan-amount": "-1", "plan-currency": "EUR"}
    )
    assert response.status_code == 422
    assert (heard(), Opportunity.objects.get().amount) == (["opportunity.opened"], None)
