"""What can go wrong between a marketer, two reps and their manager, in real browsers: lost claim, leave, overdue, send back, re-offer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoff import reminders
from handoff.models import Handoff
from leadhub.testing import person
from leads.models import Lead

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[..., Page]


@pytest.fixture
def dewi() -> Lead:
    now = timezone.now()
    facts = {"email": "dewi@nusantara.example", "first_name": "Dewi", "last_name": "Lestari"}
    lead = Lead.objects.create_one(facts, by=person("Mona"), at=now)
    lead.hand_over(note="Asked for a visit", by=person("Mona"), at=now)
    return lead


def look_again(page: Page) -> None:
    """What the page's own clock does every ten seconds."""
    page.evaluate("document.dispatchEvent(new Event('live:ask'))")


def test_from_a_lost_claim_to_the_second_offer(open_as: Opener, dewi: Lead) -> None:
    rita, sam, _sue = open_as("Rita"), open_as("Sam"), person("Sue")
    sam.goto("/inbox/")
    expect(sam.get_by_role("button", name="Claim Dewi Lestari")).to_be_visible()
    rita.goto("/inbox/")
    rita.keyboard.press("c")
    expect(rita.locator("#panel .log-form")).to_be_visible()
    sam.get_by_role("button", name="Claim Dewi Lestari").click()
    expect(sam.get_by_text("Rita took this")).to_be_visible()

    rita.goto("/routing/sellers/me/")
    rita.get_by_role("button", name="Enter leave").click()
    rita.get_by_role("dialog").get_by_role("button", name="Enter leave").click()
    expect(rita.get_by_role("button", name="Back at work")).to_be_visible()
    look_again(sam)
    expect(sam.get_by_role("button", name="Claim Dewi Lestari")).to_be_visible()
    sam.keyboard.press("c")
    expect(sam.locator("#panel .log-form")).to_be_visible()

    for page in (rita, sam):  # sessions of today end until tomorrow, and an open page would ask in vain
        page.close()
    with time_machine.travel(timezone.now() + timedelta(hours=29)):
        reminders.remind(timezone.now())
        the_day_after(open_as)
    assert list(Handoff.objects.order_by("cycle").values_list("cycle", "outcome")) == [(1, "sent_back"), (2, "")]


def the_day_after(open_as: Opener) -> None:
    sam = open_as("Sam")
    late_is_seen_by_both(sam, open_as("Sue"))
    send_back(sam)
    offer_again(open_as("Mona"))
    look_again(sam)
    expect(sam.get_by_role("button", name="Claim Dewi Lestari")).to_be_visible()


def late_is_seen_by_both(sam: Page, sue: Page) -> None:
    sue.goto("/notices/")
    expect(sue.get_by_text("Dewi Lestari is late by").first).to_be_visible()
    sue.goto("/inbox/team/?holder=late")
    expect(sue.locator("#inbox [data-row]")).to_contain_text("Sam")
    sam.goto("/inbox/")
    expect(sam.locator(".clock[data-state=late]")).to_be_visible()


def send_back(sam: Page) -> None:
    sam.get_by_role("link", name="Dewi Lestari").click()
    expect(sam.locator("#panel .log-form")).to_be_visible()
    sam.keyboard.press("s")
    form = sam.locator("#panel form[action$='/send-back/']")
    form.get_by_label("Reason").select_option(label="No budget")
    form.get_by_role("button", name="Send back").click()
    expect(sam.locator("#panel [data-outcome=sent_back]")).to_be_visible()


def offer_again(mona: Page) -> None:
    mona.goto("/reports/sent-back/")
    mona.get_by_role("link", name="Offer again").click()
    mona.get_by_label("Why now?").fill("The budget is approved now")
    mona.get_by_role("button", name="Hand over").click()
    expect(mona.get_by_text("Offered again")).to_be_visible()
    expect(mona.get_by_role("link", name="Offer again")).to_have_count(0)
