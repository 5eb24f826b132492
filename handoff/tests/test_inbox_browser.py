"""The inbox under the hands."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from handoff.models import Handoff
from leadhub.testing import in_full, person
from scoring.models import Cut

from .offering import GOOD_BANT, called, claimed, offered, reason

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


def look_again(page: Page) -> None:
    """What the clock of the page does every ten seconds."""
    page.evaluate("document.dispatchEvent(new Event('live:ask'))")


def test_the_list_follows_what_another_does_and_keeps_where_one_stands(open_as: Opener) -> None:
    first, _second, third = (offered(at=timezone.now(), first_name=name) for name in ("Ayu", "Budi", "Citra"))
    rita = open_as("Rita")
    rita.goto("/inbox/?order=oldest")
    rita.keyboard.press("j")
    rita.keyboard.press("j")
    third.claim(by=person("Sam"), at=timezone.now())
    look_again(rita)
    expect(rita.locator("#inbox [data-row]")).to_have_count(2)
    expect(rita.locator("[data-row][data-current]")).to_contain_text("Budi")
    expect(rita.locator("[data-row][data-current]")).to_be_focused()
    first.claim(by=person("Sam"), at=timezone.now())
    look_again(rita)
    expect(rita.locator("#inbox [data-row]")).to_have_count(1)
    rita.keyboard.press("c")
    expect(rita.locator("#panel .log-form")).to_be_visible()


def test_putting_a_lead_back_is_undone_beside_the_list(open_as: Opener) -> None:
    handoff = claimed(at=timezone.now(), first_name="Ayu")
    rita = open_as("Rita")
    rita.goto("/inbox/")
    rita.get_by_role("link", name="Ayu").click()
    expect(rita.locator("#panel .log-form")).to_be_visible()
    rita.keyboard.press("r")
    expect(rita.locator("#panel").get_by_role("button", name="Claim this lead")).to_be_visible()
    rita.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(rita.locator("#panel .log-form")).to_be_visible()
    expect(rita.locator("#toasts").get_by_role("button", name="Undo")).to_have_count(0)
    assert [one.ended for one in handoff.holdings.all()] == ["released", ""]


def test_who_sends_back_reads_what_the_reason_does_to_the_score(open_as: Opener) -> None:
    """By keyboard: the reason says that deeds count half; the answer stands in the same place, and the list is empty."""
    reason("no_need").write({"engagement": "halve"}, by=person("Sue"), at=timezone.now())
    handoff = claimed(at=timezone.now(), first_name="Ayu")
    rita = open_as("Rita")
    rita.goto("/inbox/")
    rita.get_by_role("link", name="Ayu").click()
    expect(rita.locator("#panel .log-form")).to_be_visible()
    rita.keyboard.press("s")
    rita.get_by_role("button", name="Send back").click()
    expect(rita.locator("#panel .error-summary")).to_be_visible()
    rita.locator("#panel").get_by_label("Reason").first.select_option(
        label="No need (what the lead did counts half from then on)"
    )
    rita.get_by_role("button", name="Send back").click()
    expect(rita.locator("#panel [data-outcome=sent_back]")).to_contain_text("No need")
    assert Cut.objects.get().share == 50
    assert Cut.objects.get().lead_id == handoff.lead_id


def test_a_manager_passes_chosen_leads_on(open_as: Opener) -> None:
    for name in ("Ayu", "Budi"):
        claimed(at=timezone.now(), first_name=name)
    person("Sam")
    sue = open_as("Sue")
    sue.goto("/inbox/team/")
    sue.get_by_role("checkbox", name="Choose all on this page").check()
    sue.get_by_label("Give to").select_option(label="Sam")
    sue.get_by_role("button", name="Give", exact=True).click()
    expect(sue.get_by_text("2 leads are with Sam now.")).to_be_visible()
    expect(sue.locator(".row-holder").first).to_contain_text("Sam")


def test_lead_after_lead_is_worked_with_the_keyboard_alone(open_as: Opener) -> None:
    """Claim, log, qualify, accept; claim the next. No pointer, no address typed; ten leads in the full tier."""
    now, most = timezone.now(), 10 if in_full() else 3
    for number in range(most):
        offered(at=now, first_name=f"Lead{number}")
    rita = open_as("Rita")
    rita.goto("/inbox/")
    for done in range(most):
        rita.keyboard.press("c")
        expect(rita.locator("#panel .gate-missing")).to_be_visible()
        rita.keyboard.press("l")
        for key in ("Tab", "Space", "Enter"):
            rita.keyboard.press(key)
        expect(rita.locator("#panel .handoff-card")).to_contain_text("followed up")
        rita.keyboard.press("b")
        for key in ("y", "b", "y", "b", "y", "b", "y"):
            rita.keyboard.press(key)
        expect(rita.locator("#panel .gate-met")).to_be_visible()
        rita.keyboard.press("a")
        expect(rita.locator("#panel [data-outcome=accepted]")).to_be_visible()
        assert Handoff.objects.filter(outcome="accepted").count() == done + 1
    rita.keyboard.press("Escape")
    expect(rita.get_by_text("Nothing waits for you")).to_be_visible()
