"""A draft goes through both managers in real browsers and is published, and a lead's score moves (R12)."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadhub.testing import person
from leads.models import Lead
from scoring import lifecycle, sweep, versions
from scoring.models import LeadScore, ScoringModel

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[[str], Page]


@pytest.fixture
def dewi() -> Lead:
    """Dewi looked at the prices once: 5 points."""
    now = timezone.now()
    lead = Lead.objects.create_one({"email": "dewi@nusantara.example", "first_name": "Dewi"}, by=person("Mona"), at=now)
    lead.record("page_visit", at=now, url="https://leadhub.example/pricing")
    sweep.drain(now)
    return lead


def engagement_of(lead: Lead) -> int:
    return LeadScore.objects.get(lead=lead).engagement


def test_a_draft_goes_through_both_managers_and_a_lead_moves(open_as: Opener, dewi: Lead) -> None:
    before = engagement_of(dewi)
    mona = open_as("Mona")
    draft_with_more_for_pricing(mona, "9")
    propose(mona, "Who looks at prices buys twice as often.")
    page = mona.url.removesuffix("/") + "/"

    mick, sue = open_as("Mick"), open_as("Sue")
    approve(mick, page, "marketing")
    expect(mick.get_by_role("button", name="Publish")).to_have_count(0)
    say(sue, page, "Fine with us, let us look again in March.")
    approve(sue, page, "sales")
    publish(mick, page)

    sweep.drain(timezone.now())
    assert engagement_of(dewi) == before + 400
    lead = open_as("Mona")
    lead.goto(f"/leads/{dewi.pk}/score/")
    expect(lead.locator("#lead-score")).to_contain_text("9")


def draft_with_more_for_pricing(page: Page, points: str) -> None:
    """A new draft from what counts, in which a look at the prices gives so many points."""
    page.goto("/scoring/")
    page.get_by_role("button", name="New draft from it").first.click()
    rule = next(one for one in ScoringModel.objects.published().model.rules if one.key == "pricing-page")
    page.get_by_role("link", name=rule.title, exact=True).first.click()
    page.get_by_role("spinbutton", name="Points").fill(points)
    page.get_by_role("button", name="Save rule").click()
    expect(page.locator("aside.stack")).to_contain_text(rule.title)


def propose(page: Page, reason: str) -> None:
    """Propose the draft on the page; the first press without a reason is refused."""
    page.get_by_role("link", name="Propose to both teams").click()
    page.get_by_role("button", name="Propose").click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.get_by_label("Why these changes").fill(reason)
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("heading", name="Agreement on")).to_be_visible()


def approve(page: Page, address: str, side: str) -> None:
    """Read what changes, then approve for the side."""
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Who looks at prices buys twice as often.")
    page.get_by_role("button", name=f"Approve for {side}").click()
    expect(page.get_by_role("button", name="Withdraw my approval")).to_be_visible()


def say(page: Page, address: str, text: str) -> None:
    page.goto(address)
    page.get_by_label("Comment").fill(text)
    page.get_by_role("button", name="Comment").click()
    expect(page.locator("article")).to_contain_text(text)


def publish(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("is published").first).to_be_visible()


def test_two_people_edit_one_draft_and_nobody_overwrites_the_other(open_as: Opener) -> None:
    draft_of = ScoringModel.objects.published()
    mona, mick = open_as("Mona"), open_as("Mick")
    mona.goto(f"/scoring/{draft_of.version}/")
    mona.goto("/scoring/")
    mona.get_by_role("button", name="New draft from it").first.click()
    address = f"{mona.url.removesuffix('/')}/definitions/"
    mona.goto(address)
    mick.goto(address)
    for page, name in ((mona, "By Mona"), (mick, "By Mick")):
        page.get_by_label("Name of the version").fill(name)
        page.get_by_role("button", name="Save", exact=True).click()
    expect(mick.get_by_text("Mona changed this draft")).to_be_visible()
    expect(mick.get_by_label("Name of the version")).to_have_value("By Mick")
    mick.get_by_role("button", name="Save", exact=True).click()
    expect(mick.get_by_role("heading", name="By Mick")).to_be_visible()


def with_points(points: dict[str, float]) -> dict[str, Any]:
    """What counts now, with other points for these rules."""
    document = deepcopy(ScoringModel.objects.published().document)
    for rule in document["rules"]:
        rule["points"] = points.get(rule["key"], rule["points"])
    return document


@pytest.fixture
def overtaken() -> ScoringModel:
    """A draft that changed two rules; a version published after it set out changed one of them and a third."""
    at, mona = timezone.now(), person("Mona")
    draft = lifecycle.draft_from(ScoringModel.objects.published(), by=mona, at=at)
    ScoringModel.objects.filter(pk=draft.pk).update(document=with_points({"careers": -20, "pricing-page": 9}))
    other = versions.draft(with_points({"careers": -8, "solution-page": 4}), by=mona, at=at)
    versions.publish(other, by=mona, at=timezone.now())
    return draft


def test_an_overtaken_draft_is_brought_up_to_date_and_what_both_changed_is_decided(
    open_as: Opener, overtaken: ScoringModel
) -> None:
    mona = open_as("Mona")
    mona.goto(f"/scoring/{overtaken.version}/")
    expect(mona.get_by_text("was published after this draft set out")).to_be_visible()
    expect(mona.get_by_role("link", name="Propose to both teams")).to_have_count(0)

    mona.get_by_role("button", name="Bring up to date").click()
    conflict = mona.locator(".conflict")
    expect(conflict).to_contain_text("Visited the careers pages")
    expect(conflict.locator(".diff").first).to_contain_text("−8")
    expect(conflict.locator(".diff").first).to_contain_text("−20")
    conflict.get_by_role("button", name="Take the published").click()

    expect(conflict).to_have_count(0)
    expect(mona.get_by_role("link", name="Propose to both teams")).to_be_visible()
    overtaken.refresh_from_db()
    points = {rule["key"]: rule["points"] for rule in overtaken.document["rules"]}
    assert [points[key] for key in ("careers", "pricing-page", "solution-page")] == [-8, 9, 4]
