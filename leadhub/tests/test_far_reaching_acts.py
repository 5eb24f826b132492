"""Acts of all rooms that reach far: refused while the password is old, done with it, and nothing typed is lost (quality.md §4)."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from handoff.tests.offering import qualified
from leadhub.testing import LONG_AGO, NOON, PASSWORD, make_lead, person, signed_in
from leads import api_limits
from leads.models import Lead
from leads.numbers import MANY
from leads.stages import Stage
from nurture import exporting
from nurture.leaving import stop_writing
from nurture.models import LeadList, Suppression
from nurture.tests.programs import drafted, finished_email, mail
from outbox.models import Hook
from reports import opportunities
from scoring import lifecycle
from scoring.models import ScoringModel
from scoring.tests.agreed import agreed

pytestmark = pytest.mark.django_db
QUESTION = "Confirm it is you"


@pytest.fixture(autouse=True)
def _nobody_took_files_along() -> None:
    api_limits._shared().storage.reset()


class Fields(HTMLParser):
    """The fields of the form that asks for the password, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.feed(page[page.index(QUESTION) :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "input" and said.get("type") == "hidden" and said.get("name"):
            self.found.setdefault(said["name"] or "", []).append(said.get("value") or "")


def is_asked(response: HttpResponseBase) -> bool:
    return response.status_code == 422 and QUESTION in response.text  # type: ignore[attr-defined]


def confirmed(client: Client, url: str, page: Any, password: str = PASSWORD) -> Any:
    """What the page sends once the password is typed."""
    return client.post(url, Fields(page.text).found | {"your_password": password})


def text_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode() if response.streaming else response.text


# --- Writing again to somebody who was never to be written to ---------------------------------------------------------
def stopped() -> Lead:
    lead = make_lead("dewi@example.com")
    stop_writing(lead, at=NOON)
    return lead


def test_a_suppression_is_lifted_with_a_fresh_password_only() -> None:
    lead, mick = stopped(), signed_in("Mick", ago=LONG_AGO)
    url = f"/leads/{lead.pk}/letters/again/"
    page = mick.post(url)
    assert is_asked(page)
    assert "Let marketing write to dewi@example.com again" in page.text
    assert is_asked(confirmed(mick, url, page, "guess"))
    assert Suppression.objects.count() == 1
    assert confirmed(mick, url, page)["Location"] == f"/leads/{lead.pk}/letters/"
    assert not Suppression.objects.exists()


def test_stopping_is_not_held_up() -> None:
    lead = make_lead()
    assert signed_in("Mick", ago=LONG_AGO).post(f"/leads/{lead.pk}/letters/stop/").status_code == 302


# --- Files -----------------------------------------------------------------------------------------------------------
def warm(leads: int) -> LeadList:
    chosen = LeadList.objects.create(name="Warm", kind="static", created_at=NOON)
    for number in range(leads):
        make_lead(f"lead{number}@example.com")
    chosen.put_in(Lead.objects.all(), by=person("Mona"), at=NOON)
    return chosen


def test_a_large_list_leaves_with_names_after_the_password_and_a_small_one_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exporting, "MARKETERS", 1)
    url, mick = f"/lists/{warm(2).pk}/export/", signed_in("Mick", ago=LONG_AGO)
    page = mick.get(url)
    assert is_asked(page)
    assert "lead1@example.com" not in page.text
    assert is_asked(mick.post(url))
    assert "lead1@example.com" in text_of(confirmed(mick, url, page))
    assert "lead1@example.com" in text_of(mick.get(url))
    assert is_asked(signed_in("Ada", ago=LONG_AGO).get(url))
    assert "lead1@example.com" not in text_of(signed_in("Ann", ago=LONG_AGO).get(url))  # masked: not asked
    monkeypatch.setattr(exporting, "MARKETERS", 2)
    assert not is_asked(signed_in("Mick", ago=LONG_AGO).get(url))


def test_a_large_file_of_opportunities_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(opportunities.MOST_BY_ROLE, "marketer", 1)
    for name in ("Ayu", "Budi"):
        qualified(first_name=name).accept(by=person("Rita"), at=timezone.now())
    url, mick = "/opportunities/file/?state=open", signed_in("Mick", ago=LONG_AGO)
    page = mick.get(url)
    assert is_asked(page)
    assert 'action="/opportunities/file/?state=open"' in page.text
    assert "Ayu" in text_of(confirmed(mick, url, page))
    assert not is_asked(signed_in("Ann", ago=LONG_AGO).get(url))


# --- Rules and programs ----------------------------------------------------------------------------------------------
def test_rules_are_published_with_a_fresh_password_only() -> None:
    draft = lifecycle.draft_from(ScoringModel.objects.published(), by=person("Mona"), at=timezone.now())
    url, mick = f"/scoring/{draft.version}/move/", signed_in("Mick", ago=LONG_AGO)
    assert mick.post(url, {"act": "publish"}).status_code == 302  # nobody agreed: refused before anybody is asked
    agreed(draft)
    page = mick.post(url, {"act": "publish"})
    assert is_asked(page)
    assert Fields(page.text).found["act"] == ["publish"]
    assert ScoringModel.objects.published().version != draft.version
    assert confirmed(mick, url, page).status_code == 302
    assert ScoringModel.objects.published().version == draft.version


def test_a_program_counts_after_the_password_with_the_reason_that_was_typed() -> None:
    program = drafted(mail("s1", finished_email()))
    url, mick, why = (
        f"/programs/{program.pk}/activate/",
        signed_in("Mick", ago=LONG_AGO),
        'Agreed "on Monday" <Sue>\r\nx',
    )
    page = mick.post(url, {"reason": why})
    assert is_asked(page)
    assert "Let “Warm up” count" in page.text
    wrong = confirmed(mick, url, page, "guess")
    assert Fields(wrong.text).found["reason"] == [why]
    assert not program.versions.exclude(activated_at=None).exists()
    assert confirmed(mick, url, wrong).status_code == 302
    assert program.versions.exclude(activated_at=None).get().reason.startswith('Agreed "on Monday" <Sue>')


# --- Many at once ----------------------------------------------------------------------------------------------------
def many(count: int = MANY + 1) -> list[int]:
    leads = [
        Lead(external_id=f"crm-{number}", created_at=NOON, updated_at=NOON, stage_since=NOON) for number in range(count)
    ]
    return [lead.pk for lead in Lead.objects.bulk_create(leads)]


def test_more_than_200_leads_change_stage_after_the_password_and_not_for_everybody() -> None:
    asked = {
        "action": "promote",
        "confirmed": "1",
        "ids": many(),
        "reason": "Met at the fair",
        "asked": "q=&stage=lead",
    }
    mick = signed_in("Mick", ago=LONG_AGO)
    page = mick.post("/leads/bulk/", asked)
    assert is_asked(page)
    assert "Make MQL: 201 leads" in page.text
    assert Fields(page.text).found["ids"] == [str(pk) for pk in asked["ids"]]
    assert signed_in("Mona").post("/leads/bulk/", asked).status_code == 302
    assert not Lead.objects.at(Stage.MARKETING_QUALIFIED).exists()
    assert confirmed(mick, "/leads/bulk/", page)["Location"] == "/leads/?q=&stage=lead"
    assert Lead.objects.at(Stage.MARKETING_QUALIFIED).count() == MANY + 1


def test_200_leads_do_so_at_once() -> None:
    asked = {"action": "promote", "confirmed": "1", "ids": many(MANY), "reason": "Met at the fair"}
    assert signed_in("Mick", ago=LONG_AGO).post("/leads/bulk/", asked).status_code == 302


def test_more_than_200_are_passed_on_after_the_password() -> None:
    handoff, sue = qualified(), signed_in("Sue", ago=LONG_AGO)
    ids = [handoff.pk, *range(handoff.pk + 1, handoff.pk + MANY + 1)]
    page = sue.post("/inbox/team/pass-on/", {"action": "back", "ids": ids})
    assert is_asked(page)
    handoff.refresh_from_db()
    assert handoff.claimed_by == person("Rita")
    assert confirmed(sue, "/inbox/team/pass-on/", page).status_code == 302
    handoff.refresh_from_db()
    assert handoff.claimed_by is None


# --- Webhooks --------------------------------------------------------------------------------------------------------
CRM = {"label": "CRM", "url": "https://crm.example.com/in", "is_active": "on"}


def test_a_webhook_is_made_changed_and_signed_anew_after_the_password() -> None:
    ada = signed_in("Ada", ago=LONG_AGO)
    page = ada.post("/webhooks/new/", CRM)
    assert is_asked(page)
    assert not Hook.objects.exists()
    assert "secret" in confirmed(ada, "/webhooks/new/", page).text
    hook = Hook.objects.values().get()
    for url, sent in ((f"/webhooks/{hook['id']}/", CRM | {"label": "ERP"}), (f"/webhooks/{hook['id']}/secret/", {})):
        later, before = signed_in("Ada", ago=LONG_AGO), Hook.objects.values().get()
        page = later.post(url, sent)
        assert is_asked(page)
        assert Hook.objects.values().get() == before
        assert confirmed(later, url, page).status_code in {200, 302}
    after = Hook.objects.values().get()
    assert (after["label"], after["mark"] == hook["mark"]) == ("ERP", False)
