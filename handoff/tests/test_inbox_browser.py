"""The inbox under the hands."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from leadhub.testing import person

from .offering import GOOD_BANT, called, claimed

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[..., Page]


def test_the_gate_hears_of_a_save_that_ends_while_it_is_being_redrawn(open_as: Opener) -> None:
    """Two saves in a row: the second's word reaches the gate while the first's answer is put in its place."""
    handoff = claimed(at=timezone.now())
    called(handoff, at=timezone.now())
    rita = open_as("Rita")
    rita.goto(f"/handoffs/{handoff.pk}/")
    expect(rita.locator(".gate-missing")).to_be_visible()
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        route.continue_() if held else held.append(route)

    rita.route("**/gate/", hold_the_first)
    saved = "document.body.dispatchEvent(new CustomEvent('autosaved', { bubbles: true }))"
    rita.evaluate(
        f"document.addEventListener('htmx:afterSwap', () => setTimeout(() => {saved}), {{ once: true }}); {saved}"
    )
    while not held:
        rita.wait_for_timeout(20)
    answer = held[0].fetch()
    handoff.qualification.save_draft(GOOD_BANT, by=person("Rita"), at=timezone.now())
    held[0].fulfill(response=answer)
    expect(rita.locator(".gate-met")).to_be_visible()
