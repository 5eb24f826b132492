"""Qualifying under the hands: keys alone, a card that is swapped while one types, another's answer in between."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from handoff.models import Handoff
from leadhub.testing import person

from .offering import called, claimed

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[..., Page]


def test_four_keys_open_the_gate(open_as: Opener) -> None:
    handoff = claimed(at=timezone.now())
    called(handoff, at=timezone.now())
    rita = open_as("Rita")
    rita.goto(f"/handoffs/{handoff.pk}/")
    for item, key in (("budget", "y"), ("authority", "n"), ("need", "p"), ("timeline", "y")):
        rita.locator(f"[name=bant-{item}]").first.focus()
        rita.keyboard.press(key)
    rita.keyboard.press("Enter")
    expect(rita.locator(".gate-met")).to_be_visible()
    assert Handoff.objects.get().qualification.answers["need"] == "partly"
    rita.locator(".item-why summary").first.click()
    expect(rita.locator(".why-steps").first).to_contain_text("Unknown → Yes")


def test_what_is_typed_outlives_a_swapped_card_and_never_hides_anothers_answer(open_as: Opener) -> None:
    handoff = claimed(at=timezone.now())
    rita = open_as("Rita")
    rita.goto(f"/handoffs/{handoff.pk}/")
    held: list[Route] = []
    rita.route("**/qualification/", lambda route: route.continue_() if len(held) > 1 else held.append(route))
    form = rita.locator(".bant-form")
    form.locator("[name=bant-need_evidence]").fill("Two sites by May")
    form.locator("[name=bant-need][value=no]").check(force=True)
    handoff.qualification.save_draft({"need": "yes"}, by=person("Sue"), at=timezone.now())
    rita.evaluate("htmx.ajax('GET', location.pathname, {target: '.handoff-card', swap: 'outerHTML'})")
    while len(held) < 2:
        rita.wait_for_timeout(50)
    for route in held:
        route.continue_()
    expect(form.locator("[data-theirs]:visible")).to_contain_text("Sue changed this just now to “Yes”")
    expect(form.locator("[name=bant-need_evidence]")).to_have_value("Two sites by May")
    form.get_by_role("button", name="Keep mine").click()
    expect(form.locator("[data-theirs]:visible")).to_have_count(0)
    expect(rita.locator("[data-autosave-status]")).to_contain_text("Saved at")
    stands = Handoff.objects.get().qualification
    assert (stands.need, stands.need_evidence) == ("no", "Two sites by May")
