"""The time slider under the hands: arrow keys, week links and the date field show one and the same day."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from leadhub.testing import make_lead, signed_in
from scoring.days import workspace_day
from scoring.sweep import drain

pytestmark = pytest.mark.django_db(transaction=True)


def test_keys_links_and_field_show_the_same_day(live_server: Any, context: Any) -> None:
    lead = make_lead(seniority="VP", at=timezone.now())
    lead.record("page_visit", at=timezone.now())
    drain(timezone.now())
    cookie = signed_in("Mona").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/leads/{lead.pk}/score/")
    slider, field, shown = (page.locator(one) for one in ("#score-slider", "#score-day", "[data-shown-day]"))

    def at(days: int) -> None:
        day = str(workspace_day(timezone.now()) + timedelta(days=days))
        expect(shown).to_have_attribute("data-shown-day", day, timeout=20_000)
        expect(slider).to_have_value(str(days))
        expect(field).to_have_value(day)

    at(0)
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    at(2)
    expect(slider).to_be_focused()
    page.get_by_label("A week later").click()
    at(9)
    page.get_by_text("Back to today").click()
    at(0)
