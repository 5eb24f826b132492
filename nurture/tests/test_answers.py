"""Answers to letters: links lead where the database says, nobody unsubscribes by looking, machines earn nothing (S11, S12, D7, D8, D10)."""

import random
import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from leadhub.testing import NOON, in_full, make_lead, person
from leads.models import Activity, Lead, Verdict
from nurture.addresses import LetterAddresses
from nurture.letters import unwritable
from nurture.models import Hit, Letter
from nurture.suppressions import suppressed
from nurture.tokens import Purpose, read, token
from scoring.models import LeadScore
from scoring.sweep import drain

from .writing import make_letter, make_version

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def letter() -> Letter:
    """A letter that left an hour ago."""
    return left()


def left(lead: Lead | None = None, **more: Any) -> Letter:
    at = timezone.now() - timedelta(hours=1)
    letter = make_letter(lead, at=at, **more)
    Letter.objects.filter(pk=letter.pk).update(state="sent", handed_at=at, settled_at=at)
    letter.refresh_from_db()
    return letter


def visit(url: str, *, agent: str = FIREFOX, method: str = "GET", **more: Any) -> HttpResponse:
    """What somebody's browser gets, whatever cookies it still has of the house."""
    path, browser = re.sub(r"^https?://[^/]+", "", url), Client()
    browser.cookies["leadhub_session"] = "ended-long-ago"
    return browser.generic(method, path, headers={"User-Agent": agent}, **more)


def click(letter: Letter, key: str = "l1", **more: Any) -> HttpResponse:
    return visit(LetterAddresses(letter).link(key), **more)


def verdicts(letter: Letter) -> list[tuple[str, int]]:
    return list(Hit.objects.filter(letter=letter).order_by("id").values_list("kind", "verdict"))


# --- Where links lead -----------------------------------------------------------------------------------------------
def test_a_click_leads_on_and_is_an_activity_of_the_lead(letter: Letter) -> None:
    response = click(letter)
    assert (response.status_code, response["Location"]) == (302, "https://www.example.com/guide")
    activity = Activity.objects.get(lead=letter.lead)
    assert (activity.type.key, activity.url) == ("email_clicked", "https://www.example.com/guide")
    assert (activity.subject, activity.verdict) == ("Welcome", Verdict.PERSON)


def test_the_score_follows_within_one_round(letter: Letter) -> None:
    click(letter)
    drain(timezone.now())
    assert LeadScore.objects.get(lead=letter.lead).engagement > 0


@pytest.mark.parametrize("query", ["?url=//evil.example", "?next=https://evil.example", "?l1=http:evil.example"])
def test_an_address_never_says_where_a_link_leads(letter: Letter, query: str) -> None:
    for payload in ("//evil.example", "/\\evil.example", "%2F%2Fevil.example", "http:evil.example", "l1@evil.example"):
        assert visit(f"/e/c/{payload}/{query}").status_code == 404
    assert visit(LetterAddresses(letter).link("l1") + query)["Location"] == "https://www.example.com/guide"


def test_a_token_is_good_for_one_purpose_one_letter_and_one_link(letter: Letter) -> None:
    for purpose in Purpose:
        good = token(purpose, letter.pk, "l1")
        assert [other for other in Purpose if read(other, good)] == [purpose]
        assert read(purpose, good) == (letter.pk, "l1")
    assert token(Purpose.CLICK, letter.pk, "l1") != token(Purpose.CLICK, letter.pk + 1, "l1")


def test_no_token_that_we_did_not_sign_is_good(letter: Letter) -> None:
    rng, good = random.Random(7), token(Purpose.CLICK, letter.pk, "l1")
    for _n in range(1_000_000 if in_full() else 5_000):
        place, sign = rng.randrange(len(good)), chr(rng.choice([rng.randrange(33, 127), rng.randrange(1, 2000)]))
        bad = good[:place] + sign + good[place + 1 :]
        assert bad == good or read(Purpose.CLICK, bad) is None
    for junk in ("", ".", "1", "l1", good[:-1], f"{good}=", good.upper(), "\x00", "\ud800", "9" * 400, f"-{good}"):
        assert read(Purpose.CLICK, junk) is None


@pytest.mark.parametrize("name", ["c", "t", "u", "p"])
def test_unknown_erased_and_old_links_say_so_calmly(name: str, letter: Letter, settings: Any) -> None:
    where = {"c": "l1", "t": "", "u": "", "p": ""}[name]
    purpose = {"c": Purpose.CLICK, "t": Purpose.TRAP, "u": Purpose.UNSUBSCRIBE, "p": Purpose.PREFERENCES}[name]
    good = token(purpose, letter.pk, where)
    settings.NURTURE_LINK_DAYS = -1
    assert visit(f"/e/{name}/{good}/").status_code == (410 if name == "c" else 200)
    letter.lead.delete()  # type: ignore[union-attr]
    assert visit(f"/e/{name}/{good}/").status_code == (200 if name == "t" else 410)
    assert visit(f"/e/{name}/junk/").status_code == (200 if name == "t" else 404)


def test_no_answer_touches_cookies_sessions_or_storage(letter: Letter) -> None:
    ways = LetterAddresses(letter)
    for url in (ways.link("l1"), ways.pixel, ways.trap, ways.unsubscribe, ways.preferences):
        for method in ("GET", "HEAD", "POST"):
            response = visit(url, method=method)
            assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)
            assert b"<script" not in response.content
            assert (response["Cache-Control"], response.status_code < 500) == ("no-store", True)


def test_where_nobody_is_tracked_links_are_plain_and_nothing_is_kept(letter: Letter, settings: Any) -> None:
    ways, pixel = LetterAddresses(letter), LetterAddresses(letter).pixel
    settings.NURTURE_TRACKING = "consent"
    plain = LetterAddresses(letter)
    assert plain.link("l1") == "https://www.example.com/guide"
    assert (visit(plain.pixel).status_code, visit(plain.trap).status_code) == (200, 200)
    for url in (ways.link("l1"), pixel):
        visit(url)
    assert not Hit.objects.exists()
    Lead.objects.update(consent="given")
    assert LetterAddresses(Letter.objects.get()).tracked


# --- The way out ----------------------------------------------------------------------------------------------------
def test_looking_never_unsubscribes(letter: Letter) -> None:
    for url in (LetterAddresses(letter).unsubscribe, LetterAddresses(letter).preferences):
        for method in ("GET", "HEAD"):
            assert visit(url, method=method).status_code == 200
    assert not suppressed([letter.to])


def test_one_click_of_a_mail_program_unsubscribes_at_once(letter: Letter) -> None:
    """RFC 8058: no cookie, no form token, nobody signed in; what waits is called off, and nothing new may leave."""
    waiting = make_letter(letter.lead, at=NOON, key="next")
    body = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}
    client = Client(enforce_csrf_checks=True)
    for _again in range(2):
        path = re.sub(r"^https?://[^/]+", "", LetterAddresses(letter).unsubscribe)
        assert client.generic("POST", path, **body).status_code == 200
    assert suppressed([letter.to]) == {letter.to: "unsubscribed"}
    waiting.refresh_from_db()
    assert waiting.state == "suppressed"
    assert unwritable([Lead.objects.get()], "") == {letter.lead_id: "unsubscribed"}
    assert Hit.objects.filter(kind="unsubscribe").count() == 1


def test_unsubscribing_works_for_ever(letter: Letter, settings: Any) -> None:
    settings.NURTURE_LINK_DAYS = 0
    assert visit(LetterAddresses(letter).unsubscribe, method="POST").status_code == 200
    assert suppressed([letter.to])


def post(letter: Letter, **data: Any) -> HttpResponse:
    path = re.sub(r"^https?://[^/]+", "", LetterAddresses(letter).preferences)
    return Client(enforce_csrf_checks=True).post(path, data)


def test_people_choose_topics_and_may_come_back() -> None:
    lead = make_lead(custom={"language": "pl"})
    news, events = (left(lead, version=make_version(name, topic=name)) for name in ("News", "Events"))
    assert post(news, keep="chosen", topic=["Events"]).status_code == 200
    assert (unwritable([lead], "News"), unwritable([lead], "Events")) == ({lead.pk: "opted_out"}, {})
    post(events, keep="nothing")
    assert suppressed([lead.email])
    page = post(events, keep="chosen", topic=["Events", "News", "\x00", "x" * 4000]).content.decode()
    assert '<html lang="pl">' in page
    assert unwritable([Lead.objects.get()], "News") == {}


def test_who_complained_cannot_come_back_by_an_old_link(letter: Letter) -> None:
    from nurture.leaving import Why, leave_everything

    leave_everything(letter, Why.COMPLAINED, at=NOON)
    post(letter, keep="chosen")
    assert suppressed([letter.to]) == {letter.to: "complained"}


def test_a_test_letter_changes_nobody(letter: Letter) -> None:
    test = left(letter.lead, key="test", is_test=True, to="mona@leadhub.example")
    click(test)
    visit(LetterAddresses(test).unsubscribe, method="POST")
    assert not Hit.objects.exists()
    assert not suppressed([letter.to, test.to])


# --- Machines -------------------------------------------------------------------------------------------------------
def test_a_scanner_that_follows_the_hidden_link_takes_its_clicks_along(letter: Letter) -> None:
    """Later evidence judges what came before, and the score follows exactly (mautic#16263)."""
    click(letter)
    drain(timezone.now())
    assert LeadScore.objects.get(lead=letter.lead).engagement > 0
    visit(LetterAddresses(letter).trap)
    drain(timezone.now())
    assert verdicts(letter) == [("click", Verdict.MACHINE), ("trap", Verdict.MACHINE)]
    assert LeadScore.objects.get(lead=letter.lead).engagement == 0


def test_what_a_person_said_of_a_click_is_not_overruled(letter: Letter) -> None:
    click(letter, agent="Mimecast link protection")
    activity = Activity.objects.get()
    assert activity.verdict == Verdict.MACHINE
    activity.judge(Verdict.PERSON, by=person("Mona"), at=timezone.now())
    visit(LetterAddresses(letter).trap)
    activity.refresh_from_db()
    assert activity.verdict == Verdict.PERSON


def test_however_often_a_link_is_clicked_it_counts_five_times_a_day(letter: Letter) -> None:
    for _n in range(50):
        click(letter)
    assert Activity.objects.filter(verdict=Verdict.PERSON).count() == 5
    assert Hit.objects.count() == 40


def test_opens_and_machines_qualify_nobody() -> None:
    """However many letters are opened: an open counts once, and their rule has its cap (D10)."""
    lead, version = make_lead(), make_version()
    letters = [left(lead, version=version, key=f"k{n}") for n in range(1_000 if in_full() else 40)]
    for letter in letters:
        for _again in range(10 if in_full() else 2):
            visit(LetterAddresses(letter).pixel)
        click(letter, agent="Barracuda Sentinel (EE)")
    drain(timezone.now())
    lead.refresh_from_db()
    assert (lead.stage, lead.stage_moves.count()) == ("lead", 0)
    assert Activity.objects.filter(verdict=Verdict.PERSON).count() == len(letters)
