"""A program from its first e-mail to its end, with a real mail server: who becomes SQL or unsubscribes receives nothing more (R24, D7)."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import Message
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadhub.testing import make_lead
from leads.models import Lead
from leads.stages import Cause, Stage
from nurture.models import Email, Suppression
from nurture.planning import advance
from nurture.posting_letters import deliver
from nurture.tests.programs import active, enrolled, mail, story, wait
from nurture.tests.writing import make_version
from outbox.tests.mail_server import MailServer, mail_server
from scoring import sweep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def three_letters() -> Any:
    """Welcome, two days, prices, two days, goodbye."""
    emails = [make_version(name, subject=name).email for name in ("Welcome", "Prices", "Goodbye")]
    first, second, third = (mail(f"m{n}", Email.objects.get(pk=email.pk)) for n, email in enumerate(emails))
    return active(first, wait("w1"), second, wait("w2"), third, at=timezone.now() - HOUR)


def subjects_for(server: MailServer, lead: Lead) -> list[str]:
    return [str(message["Subject"]) for message in server.taken if lead.email in str(message["To"])]


def address_in(message: Message, kind: str) -> str:
    """The first link of a kind in the text of a mail as it arrived: c for a click, u for the way out."""
    text = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    words = text.get_payload(decode=True).decode()  # type: ignore[union-attr]
    return re.findall(rf"http://[^/\s]+(/e/{kind}/[^\s)>]+)", words)[0]


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as running:
        yield running


@pytest.fixture
def leads() -> dict[str, Lead]:
    return {
        name: make_lead(f"{name}@example.com", first_name=name.title(), stage="mql")
        for name in ("dewi", "budi", "wati")
    }


def go(*moments: datetime) -> None:
    """The planner and the post at each of these moments."""
    for moment in moments:
        advance(moment)
        deliver(moment)


def first_of(server: MailServer, lead: Lead) -> Message:
    return next(message for message in server.taken if lead.email in str(message["To"]))


def test_who_is_ready_or_wants_no_more_gets_no_more(
    open_as: Callable[..., Any], browser: Any, live_server: Any, server: MailServer, leads: dict[str, Lead]
) -> None:
    now, program = timezone.now() - HOUR, three_letters()
    ways = [enrolled(program, lead=lead, at=now) for lead in leads.values()]
    go(now)
    reads_and_becomes_ready(first_of(server, leads["dewi"]), leads["dewi"], at=now + DAY)
    wants_no_more(browser.new_context(base_url=live_server.url).new_page(), first_of(server, leads["budi"]))
    go(*(now + days * DAY for days in (2, 3, 5, 9)))
    got = [subjects_for(server, lead) for lead in leads.values()]
    assert got == [["Welcome"], ["Welcome"], ["Welcome", "Prices", "Goodbye"]]
    for way in ways:
        way.refresh_from_db()
    assert [way.end_reason for way in ways] == ["sql", "unsubscribed", "exhausted"]
    assert story(ways[2]) == ["m0 sent", "w1 done", "m1 sent", "w2 done", "m2 sent"]
    reads_what_became_of_it(open_as("Mick"))


def reads_and_becomes_ready(letter: Message, lead: Lead, *, at: datetime) -> None:
    """A click leads on, keeps no cookie, and counts; then sales takes over."""
    went = Client().get(address_in(letter, "c"), headers=FIREFOX)
    assert (went["Location"], dict(went.cookies)) == ("https://www.example.com/guide", {})
    sweep.drain(timezone.now())
    lead.refresh_from_db()
    assert lead.activities.get().type.key == "email_clicked"
    assert lead.score.engagement > 0
    lead.move(to=Stage.SALES_QUALIFIED, at=at, cause=Cause.SCORE)


def wants_no_more(page: Page, letter: Message) -> None:
    """Somebody who is signed in nowhere: looking changes nothing, the button does."""
    page.goto(address_in(letter, "u"))
    assert not Suppression.objects.exists()
    page.get_by_role("button", name="Unsubscribe from everything").click()
    expect(page.get_by_text("You will get no more e-mails from us.")).to_be_visible()
    assert page.context.cookies() == []


def reads_what_became_of_it(page: Page) -> None:
    """The letters as they were sent, and on the first page whom the program could not help."""
    page.goto("/letters/")
    expect(page.locator("#results tbody tr")).to_have_count(5)
    page.goto("/")
    card = page.locator("section", has=page.get_by_role("heading", name="Programs", exact=True))
    expect(card.get_by_text("1 person is still not ready")).to_be_visible()
    card.get_by_role("link", name="Warm up").click()
    expect(page.locator("main")).to_contain_text("Wati")
    expect(page.locator("main")).not_to_contain_text("Budi")
