"""The live panel under the hands: points typed into a rule change the figures, nothing is saved, and what was open stays open."""

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from leadhub.testing import make_lead, person, signed_in
from scoring import versions
from scoring.models import ScoringModel
from scoring.sweep import drain

pytestmark = pytest.mark.django_db(transaction=True)
#: Milliseconds that a busy machine may take.
SLOW = 20_000


def test_typing_points_changes_the_panel_and_saves_nothing(live_server: Any, context: Any) -> None:
    lead = make_lead(seniority="VP", industry="Software", at=timezone.now())
    lead.record("page_visit", at=timezone.now(), url="https://leadhub.example/pricing")
    drain(timezone.now())
    document = ScoringModel.objects.published().document
    draft = versions.draft(document, by=person("Mona"), at=timezone.now())
    cookie = signed_in("Mona").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("rule_edit", args=[draft.version, "engagement", "pricing-page"]))
    says, points, folds = (page.locator(one) for one in ("#live-panel-says", "[name=points]", ".live-list"))
    expect(says).to_contain_text("None of 1 scores changes today.", timeout=SLOW)
    page.locator("[name=cap]").fill("")
    points.fill("60")
    expect(says).to_contain_text("1 lead of 1 gets another score today.", timeout=SLOW)
    expect(page.locator("#live-panel [data-drawn] svg")).to_be_visible(timeout=SLOW)
    folds.first.locator("summary").click()
    points.fill("59")
    expect(page.locator("#live-panel")).to_contain_text("gives 59 points in all", timeout=SLOW)
    expect(folds.first.get_by_role("link", name="Dewi Lestari")).to_be_visible(timeout=SLOW)
    points.fill("")
    expect(says).to_contain_text("Points: This field is required.", timeout=SLOW)
    expect(page.locator("#live-panel")).to_contain_text("gives 59 points in all", timeout=SLOW)
    draft.refresh_from_db()
    assert draft.document == document
