"""The style guide in a real browser: accessible in both themes and both widths, and clean under the strict CSP."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

from leadhub.testing import signed_in

Opener = Callable[..., Page]


@pytest.fixture
def open_design(live_server: Any, browser: Any) -> Any:
    """Opens an address as Rita; what the console complains about is kept in `page.complaints`."""
    contexts = []

    def opener(path: str = "/design/", *, theme: str = "light", width: int = 1440) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, base_url=live_server.url
        )
        contexts.append(context)
        cookie = signed_in("Rita").cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda word: word.type == "error" and page.complaints.append(word.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path)
        page.locator("[data-drawn] svg").nth(5).wait_for()
        return page

    yield opener
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_design_page_is_accessible_and_clean(open_design: Opener, theme: str, width: int) -> None:
    page = open_design("/design/?toast=1&panel=1", theme=theme, width=width)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found] == []
    assert page.complaints == []


def test_theme_is_remembered_without_a_flash(open_design: Opener) -> None:
    page = open_design()
    page.click(".nav-person")
    page.click("[data-theme-set=dark]")
    answer = page.request.get("/design/").text()
    assert 'data-theme="dark"' in answer


def test_rows_answer_to_the_keyboard(open_design: Opener) -> None:
    page = open_design()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    assert page.inner_text("[data-bulk-count]") == "2 chosen"
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel h2")
    assert page.inner_text("#panel h2") == "Dewi Lestari"
    page.keyboard.press("Escape")
    assert page.locator("#panel > *").count() == 0
    assert page.evaluate("document.activeElement.matches('tr[data-current]')")
    assert page.complaints == []


def test_shift_click_chooses_a_range(open_design: Opener) -> None:
    page = open_design()
    boxes = page.locator("input[name=ids]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.inner_text("[data-bulk-count]") == "4 chosen"
    page.click("[data-bulk-clear]")
    assert page.locator("[data-bulk-bar]").is_hidden()


def test_palette_finds_a_page_of_the_navigation(open_design: Opener) -> None:
    page = open_design()
    page.keyboard.press("Control+k")
    page.keyboard.type("home")
    assert "Home" in page.inner_text("#palette-list [aria-selected=true]")
    page.keyboard.press("Escape")
    assert not page.locator("#palette").evaluate("(dialog) => dialog.open")


def test_destructive_acts_ask_first(open_design: Opener) -> None:
    page = open_design()
    page.click("a.btn-danger[data-confirm]")
    assert page.inner_text("#confirm-title") == "Delete list “Warm in Poland”?"
    page.click("#confirm [value=no]")
    assert page.url.endswith("/design/")
