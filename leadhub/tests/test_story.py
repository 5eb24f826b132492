"""The whole story with two people at once, in real browsers: from a form filled to a figure in the manager's report."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import ApiKey, Scope
from handoff.models import Handoff
from leadhub.testing import person, signed_in
from leads.models import Lead
from leads.stages import Stage
from scoring import sweep

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[[str], Page]


@pytest.fixture
def website(db: Any) -> str:
    """The company's website has a key to send what visitors do."""
    return ApiKey.objects.issue(name="Website", scopes=[Scope.EVENTS_WRITE], by=person("Ada"))[1]


def arrive(website: str, lead: Lead, *deeds: dict[str, Any]) -> None:
    """The website sends what the lead did; it is counted as the worker would."""
    now, rows = timezone.now(), []
    for number, deed in enumerate(deeds):
        at = now - timedelta(days=deed.pop("days_ago", 0), minutes=1)
        rows.append(
            {
                "email": lead.email,
                "occurred_at": at.isoformat(),
                "source_system": "website",
                "external_id": f"{lead.stage}-{number}",
                **deed,
            }
        )
    answer = Client().post(
        "/api/activities",
        json.dumps({"activities": rows}),
        "application/json",
        headers={"Authorization": f"Bearer {website}"},
    )
    assert answer.json()["stored"] == len(rows), answer.content
    sweep.drain(now)
    lead.refresh_from_db()


@pytest.fixture
def dewi() -> Lead:
    return Lead.objects.create_one(
        {"email": "dewi@nusantara.example", "first_name": "Dewi", "last_name": "Lestari", "job_title": "Head of operations",
         "seniority": "Director", "company": "Nusantara Logistics", "industry": "Logistics", "employees": 320, "country": "Indonesia"},
        by=person("Mona"), at=timezone.now() - timedelta(days=3),
    )  # fmt: skip


def test_from_a_form_to_the_report(open_as: Opener, dewi: Lead, website: str) -> None:
    pricing = {"type": "page_visit", "url": "https://leadhub.example/pricing"}
    form = {"type": "form_submitted", "subject": "Warehouse check-up", "days_ago": 2}
    arrive(website, dewi, form, *({**pricing, "days_ago": days} for days in (2, 1, 0)))
    assert dewi.stage == Stage.MARKETING_QUALIFIED
    arrive(website, dewi, {"type": "demo_requested"})
    assert dewi.stage == Stage.SALES_QUALIFIED

    rita, sam = open_as("Rita"), open_as("Sam")
    winner, loser, names = claim_at_once(rita, sam)
    expect(loser.get_by_text(f"{names[0]} took this")).to_be_visible()

    log_a_call(winner)
    answer_bant(winner)
    winner.locator("#panel").get_by_role("button", name="Accept").click()
    expect(winner.get_by_text("is an opportunity now")).to_be_visible()
    dewi.refresh_from_db()
    assert (dewi.stage, dewi.owner) == (Stage.OPPORTUNITY, person(names[0]))

    sue = open_as("Sue")
    sue.goto("/reports/sla/")
    expect(sue.locator(".figures")).to_contain_text("100%")


def claim_at_once(rita: Page, sam: Page) -> tuple[Page, Page, tuple[str, str]]:
    """Both open the inbox, then both press claim; the winner's page, the loser's, and their names in that order."""
    for page in (rita, sam):
        page.goto("/inbox/")
        expect(page.get_by_role("button", name="Claim Dewi Lestari")).to_be_visible()
    rita.get_by_role("button", name="Claim Dewi Lestari").click(no_wait_after=True)
    sam.get_by_role("button", name="Claim Dewi Lestari").click(no_wait_after=True)
    expect(rita.get_by_text("took this").or_(rita.locator("#panel .log-form"))).to_be_visible()
    expect(sam.get_by_text("took this").or_(sam.locator("#panel .log-form"))).to_be_visible()
    owner = Handoff.objects.get().claimed_by
    assert owner is not None
    pages = (rita, sam) if owner.name == "Rita" else (sam, rita)
    return *pages, (owner.name, "Sam" if owner.name == "Rita" else "Rita")


def log_a_call(page: Page) -> None:
    form = page.locator("#panel .log-form")
    form.get_by_label("Reached", exact=True).check(force=True)
    form.get_by_label("Notes").fill("Wants to go live before Ramadan.")
    form.get_by_role("button", name="Log it").click()
    expect(page.locator("#panel .deeds").get_by_text("Wants to go live before Ramadan.").first).to_be_visible()


def answer_bant(page: Page) -> None:
    """Answer the four questions; the form saves itself."""
    form = page.locator("#panel .bant-form")
    for item in ("budget", "authority", "need", "timeline"):
        form.locator(f"[name=bant-{item}][value=yes]").check(force=True)
    expect(page.locator("#panel .gate-met")).to_be_visible()


def test_the_loser_of_a_race_in_threads_is_told_who_won(dewi: Lead, website: str) -> None:
    """The same race without a browser, with both requests truly at once."""
    arrive(website, dewi, {"type": "demo_requested"})
    handoff, answers, start = Handoff.objects.get(), {}, threading.Barrier(2)

    def press(name: str) -> None:
        client = signed_in(name)
        start.wait()
        answers[name] = client.post(f"/handoffs/{handoff.pk}/claim/", HTTP_HX_REQUEST="true")
        connection.close()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("Rita", "Sam")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handoff.refresh_from_db()
    winner = handoff.claimed_by.name
    loser = "Sam" if winner == "Rita" else "Rita"
    assert f"{winner} took this" in answers[loser].content.decode()
