"""Merging as a marketer does it, in a real browser, on a phone (quality.md D9)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from leadhub.testing import make_lead
from leads.models import Lead

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_menu_of_a_lead_to_one_lead_and_back(open_as: Callable[..., Any]) -> None:
    kept = make_lead("dewi@a.example", job_title="CTO", phone="+62 21 555")
    gone = make_lead("dewi.lestari@b.example", job_title="Chief of technology", department="IT")
    page = open_as("Mona", width=390, height=900)
    page.goto(f"/leads/{kept.pk}/")
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("link", name="Merge…").click()
    page.get_by_role("link", name="Dewi Lestari").click()
    page.get_by_label("Chief of technology").check()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("Dewi Lestari was merged into this lead")).to_be_visible()
    assert list(Lead.objects.values_list("pk", "job_title", "department")) == [(kept.pk, "Chief of technology", "IT")]
    page.goto(f"/leads/{gone.pk}/")
    expect(page.get_by_text("was merged into this one")).to_be_visible()
    page.goto(f"/leads/{kept.pk}/history/")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("is a lead of its own again")).to_be_visible()
    assert Lead.objects.count() == 2
