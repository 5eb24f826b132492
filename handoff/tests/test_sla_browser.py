"""Changing a promise, as a sales manager does: the form, what it would move, and what it moved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoff.models import DeadlineChange
from leadhub.testing import person

from .offering import claimed

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[..., Page]


def test_a_shorter_promise_shows_what_it_moves_and_then_moves_it_on_record(open_as: Opener) -> None:
    handoff = claimed(at=timezone.now().replace(microsecond=0), first_name="Ayu")
    sue = open_as("Sue")
    sue.goto("/handoffs/policy/")
    sue.get_by_role("link", name="Change", exact=True).click()
    sue.get_by_label("First follow-up within").fill("8 h")
    sue.get_by_role("button", name="See what this moves").click()
    expect(sue.get_by_text("Nothing has changed yet.")).to_be_visible()
    expect(sue.get_by_role("row", name="Ayu")).to_contain_text("Rita")
    sue.get_by_role("button", name="Save, and move 1 deadline").click()
    expect(sue.get_by_text("1 deadline moved.").first).to_be_visible()
    sue.get_by_role("link", name="Policy “Every SQL”: changed").click()
    expect(sue.get_by_role("row", name="Ayu")).to_be_visible()
    moved = DeadlineChange.objects.get()
    assert (moved.handoff, moved.by) == (handoff, person("Sue"))
    assert moved.new_due - handoff.offered_at == timedelta(hours=8)
