"""The rule editor under the hands: opened in place, stepped, moved by keys, left unsaved and found again, undone."""

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadhub.testing import eventually, make_lead, person, signed_in
from scoring import versions
from scoring.models import ScoringModel

from .test_editor_steps import document, keys, rule

pytestmark = pytest.mark.django_db(transaction=True)


def opened(live_server: Any, context: Any, address: str) -> Page:
    cookie = signed_in("Mona").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return go(live_server, context, address)


def go(live_server: Any, context: Any, address: str) -> Page:
    page: Page = context.new_page()
    page.goto(live_server.url + address)
    return page


def quiet(page: Page) -> None:
    """Every question that the page asked is answered."""
    expect(page.locator("#live-panel-says")).not_to_be_empty(timeout=20_000)
    expect(page.locator(".htmx-request")).to_have_count(0, timeout=20_000)


def test_a_rule_is_stepped_moved_left_found_again_and_undone(live_server: Any, context: Any) -> None:
    boss = {"key": "boss", "name": "Bosses", "group": "who", "points": 5, "when": [{"field": "country", "op": "known"}]}
    draft = versions.draft(document(rule("a"), rule("b"), boss), by=person("Mona"), at=timezone.now())
    make_lead(country="Poland", at=timezone.now())
    page = opened(live_server, context, f"/scoring/{draft.version}/")
    steps_and_saves_in_place(page)
    moves_by_keys(page, draft)
    switches_off_by_menu(page)
    types_and_leaves(page)
    page = go(live_server, context, f"/scoring/{draft.version}/")
    finds_what_was_typed(page)
    for what in ("b switched off", "b moved"):
        page.locator("#grip-b").press("Control+z")
        expect(page.locator(".undo-bar")).to_contain_text(f"Do again: {what}", timeout=20_000)
    assert keys(draft) == ["a", "b", "boss"]
    quiet(page)


def steps_and_saves_in_place(page: Page) -> None:
    page.get_by_role("link", name="Bosses").click()
    form = page.locator("#rule-form")
    form.get_by_label("Points: one more").click()
    expect(form.locator(".rule-words")).to_contain_text("+6 points when all conditions hold", timeout=20_000)
    form.get_by_label("How").first.select_option("is")
    form.get_by_label("Value").first.click()
    form.get_by_role("button", name="Poland 1").click()
    form.get_by_role("button", name="Save rule").click()
    expect(page.locator("#line-boss")).to_contain_text("Country is Poland", timeout=20_000)
    expect(page.locator("#line-boss")).to_contain_text("+6")
    expect(form).to_have_count(0)


def moves_by_keys(page: Page, draft: ScoringModel) -> None:
    grip = page.locator("#grip-b")
    grip.press("Alt+ArrowUp")
    expect(page.locator("#toasts")).to_contain_text("b moved to place 1 of 2 in web.", timeout=20_000)
    expect(grip).to_be_focused()
    assert keys(draft) == ["b", "a", "boss"]


def switches_off_by_menu(page: Page) -> None:
    page.get_by_label("What to do with b", exact=True).click()
    page.get_by_role("button", name="Switch off").click()
    expect(page.locator("#line-b")).to_contain_text("switched off", timeout=20_000)


def types_and_leaves(page: Page) -> None:
    page.locator("#line-a").get_by_role("link").click()
    page.locator('#rule-form input[name="points"]').fill("99")
    kept = "() => Object.keys(localStorage).some((key) => key.startsWith('leadhub-unsaved:'))"
    assert eventually(lambda: bool(page.evaluate(kept)), seconds=20)
    quiet(page)
    page.close()


def finds_what_was_typed(page: Page) -> None:
    page.locator("#line-a").get_by_role("link").click()
    form = page.locator("#rule-form")
    expect(form).to_contain_text("You typed this here and did not save it", timeout=20_000)
    form.get_by_role("button", name="Put it back").click()
    expect(form.locator('input[name="points"]')).to_have_value("99")
    form.get_by_role("link", name="Cancel").click()


def test_a_press_on_a_fault_puts_the_cursor_on_its_line(live_server: Any, context: Any) -> None:
    draft = versions.draft(document(), by=person("Mona"), at=timezone.now())
    page = opened(live_server, context, f"/scoring/{draft.version}/json/")
    box = page.locator("#json-text")
    box.fill('{"name": "x",\n "rules": [\n  {"key": 1}]}')
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Line 3, rule “1”, key: This must be a text.").click()
    expect(box).to_be_focused()
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == '"key": 1}]}'
