"""The style guide in a real browser: accessible in both themes and both widths, and clean under the strict CSP."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

from leadhub.testing import in_full, signed_in

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
    if (theme, width) in {("light", 390), ("dark", 1440)} and not in_full():
        pytest.skip("in the full tier: both themes and both widths are seen by the other two")
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


def test_rows_answer_to_the_keyboard_and_shift_chooses_a_range(open_design: Opener) -> None:
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
    page.click("[data-bulk-clear]")
    assert page.locator("[data-bulk-bar]").is_hidden()
    boxes = page.locator("input[name=ids]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.inner_text("[data-bulk-count]") == "4 chosen"
    assert page.complaints == []


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


REFUSALS = [
    (409, "text/plain", "Dana took this 2 minutes ago.", "Dana took this 2 minutes ago."),
    (403, "text/html", "<h1>no</h1>", "Your role does not allow this."),
    (500, "text/plain", "Traceback", "Something went wrong here. Nothing was changed; please try again."),
    (0, "", "", "No connection. Nothing was changed."),
]


def test_a_refused_request_and_a_lost_connection_say_a_sentence(open_design: Opener) -> None:
    page = open_design()
    for status, kind, body, sentence in REFUSALS:
        page.route("**/design/panel/", answering(status, kind, body))
        page.click("tr[data-row] [data-open] >> nth=0")
        page.locator(".toast-card[data-tone=late] .toast-text", has_text=sentence).wait_for()
        assert page.locator(".toast-card .toast-text").last.inner_text() == sentence
        assert page.locator("#panel > *").count() == 0


def answering(status: int, kind: str, body: str) -> Callable[[Any], None]:
    """The server as it might answer; with 0 nobody does."""
    if not status:
        return lambda route: route.abort()
    return lambda route: route.fulfill(status=status, content_type=kind, body=body)


def test_autosave_sends_what_was_typed_and_says_when_it_cannot(open_design: Opener) -> None:
    page = open_design()
    answers = iter([200, 500])
    sent = []

    def answer(route: Any) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent.append((route.request.headers["x-csrftoken"], route.request.post_data or ""))
        return route.fulfill(status=next(answers), body="")

    page.route("**/design/", answer)
    page.fill("form[data-autosave] [name=name]", "Dewi")
    page.get_by_text("Saved at").wait_for()
    page.fill("form[data-autosave] [name=name]", "Dewi L")
    page.get_by_text("Not saved. Please try again.").wait_for()
    assert len(sent) == 2
    assert all(token and "Dewi" in body for token, body in sent)


def test_a_second_press_sends_nothing(open_design: Opener) -> None:
    page = open_design()
    sent = []
    page.route("**/design/", lambda route: sent.append(1) if route.request.method == "POST" else route.continue_())
    page.locator("form.form:not([data-autosave]) [type=submit]").first.dblclick(no_wait_after=True)
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_clocks_tick_without_a_reload(open_design: Opener) -> None:
    page = open_design()
    chip = page.locator(".clock[data-state=soon]").first
    before = chip.inner_text()
    page.evaluate(
        "document.querySelector('.clock[data-state=soon]').dataset.clockDue = new Date(Date.now() - 4e6).toISOString()"
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert before != page.locator(".clock").nth(1).inner_text()
    assert page.locator(".clock").nth(1).get_attribute("data-state") == "late"
