"""Giving the password again in a real browser: one wrong, one right, and the act is done (quality.md §4)."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from leadhub.testing import LONG_AGO, NOON, PASSWORD, make_lead
from nurture.leaving import stop_writing
from nurture.models import Suppression

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_suppression_is_lifted_by_keyboard(open_as: Callable[..., Any]) -> None:
    lead = make_lead("dewi@example.com")
    stop_writing(lead, at=NOON)
    page = open_as("Mick", ago=LONG_AGO)
    page.goto(f"/leads/{lead.pk}/letters/")
    page.get_by_role("button", name="Write to it again").click()
    password = page.get_by_label("Your password")
    expect(password).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.type("guess")
    page.keyboard.press("Enter")
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description("This is not your password.")
    assert Axe().run(page).response["violations"] == []
    assert Suppression.objects.exists()
    password.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Marketing may write to this address again.")).to_be_visible()
    assert not Suppression.objects.exists()
