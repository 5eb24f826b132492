"""The daily screens under the hands: keys, choosing many, undo, hints while typing, conditions row by row."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from leadhub.testing import make_activity, make_lead, signed_in
from leads.models import Lead
from nurture.models import LeadList, Stay

from .scored import scored

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[[str], Page]


@pytest.fixture
def open_page(live_server: Any, context: Any) -> Iterator[Opener]:
    """Opens an address as Mona; whatever the console complains about fails the test."""
    complaints: list[str] = []
    cookie = signed_in("Mona").cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda word: word.type == "error" and complaints.append(word.text))

    def opener(address: str) -> Page:
        page.goto(live_server.url + address)
        return page

    yield opener
    assert complaints == []


def leads_of(*names: str) -> list[Lead]:
    """Leads in this order of the list."""
    return [scored(90 - number, first_name=name, last_name="") for number, name in enumerate(names)]


def test_rows_are_walked_chosen_and_put_into_a_list_and_out_again(open_page: Opener):
    leads_of("Ayu", "Budi", "Citra")
    page = open_page("/leads/")

    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-bar]")).to_contain_text("2 chosen")
    page.get_by_role("button", name="Add to list…").click()
    page.get_by_label("Or a new list called").fill("Fair 2026")
    page.get_by_role("button", name="Add to list", exact=True).click()

    expect(page.locator(".toast-card")).to_contain_text("2 leads are now in “Fair 2026”.")
    assert {row.lead.first_name for row in Stay.objects.open()} == {"Ayu", "Budi"}
    page.locator(".toast-card").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast-card").last).to_contain_text("Undone")
    assert not Stay.objects.open().exists()


def test_enter_opens_a_lead_beside_the_list_and_escape_closes_it(open_page: Opener):
    leads_of("Ayu", "Budi")
    page = open_page("/leads/")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("Ayu")
    page.keyboard.press("j")
    expect(page.locator("#panel h2")).to_have_text("Budi")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_empty()


def test_slash_searches_while_typing_and_keeps_the_words_in_the_address(open_page: Opener):
    leads_of("Ayu", "Budi")
    page = open_page("/leads/")

    page.keyboard.press("/")
    page.keyboard.type("bud")

    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results")).to_contain_text("matching “bud”")
    assert "q=bud" in page.url


def test_the_filter_is_composed_in_the_panel(open_page: Opener):
    leads_of("Ayu")
    make_lead(first_name="Piotr", country="Poland")
    page = open_page("/leads/")

    page.keyboard.press("f")
    page.get_by_label("Country").select_option("Poland")
    page.get_by_role("button", name="Show leads").click()

    expect(page.locator(".chip-text")).to_have_text(["from Poland"])
    assert page.url.endswith("/leads/?country=Poland")


def test_a_known_address_is_hinted_at_while_it_is_typed(open_page: Opener):
    make_lead("dewi@example.com", first_name="Dewi", last_name="Hartono")
    page = open_page("/leads/new/")

    page.get_by_label("E-mail").press_sequentially("dewi@example.com")

    expect(page.locator("#twins")).to_contain_text("Dewi Hartono")


def test_conditions_are_built_row_by_row_and_counted(open_page: Opener):
    make_lead(country="Poland")
    page = open_page("/lists/new/?kind=dynamic")
    rows = page.locator(".condition-row")

    rows.nth(0).get_by_label("Field").select_option("stage")
    rows.nth(0).locator("select[name=value]").select_option("lead")
    page.get_by_role("button", name="Another condition").click()
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_label("Field").select_option("country")
    expect(rows.nth(1).locator("input[name=value]")).to_be_visible()
    rows.nth(1).get_by_label("Value").fill("Poland")
    expect(page.locator("#condition-count")).to_contain_text("1 lead now")
    rows.nth(0).get_by_role("button").click()
    expect(rows).to_have_count(1)
    page.get_by_label("Name").fill("Poles")
    page.get_by_label("Dynamic").check()
    page.get_by_role("button", name="Create list").click()

    expect(page.get_by_role("heading", name="Poles")).to_be_visible()
    assert LeadList.objects.get().sentence() == "Country is Poland"


def test_nothing_can_be_typed_into_a_row_that_is_on_its_way(open_page: Opener):
    page = open_page("/lists/new/?kind=dynamic")
    held: list[Any] = []
    page.route("**/conditions/row/**", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function

    page.get_by_label("Field").select_option("country")
    expect(page.get_by_label("Value")).to_be_disabled()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.get_by_label("Value")).to_be_enabled()


def test_the_tabs_of_a_lead_load_in_place(open_page: Opener):
    lead = leads_of("Ayu")[0]
    make_activity(lead, "page_visit", url="https://example.com/pricing")
    page = open_page(f"/leads/{lead.pk}/")
    expect(page.locator("#tab")).to_contain_text("/pricing")

    page.get_by_role("link", name="History").click()
    expect(page.locator("#tab")).to_contain_text("The lead has stayed where it started.")
    page.get_by_role("link", name="Score", exact=True).click()
    expect(page.locator("#tab")).not_to_contain_text("The lead has stayed where it started.")


def test_the_palette_finds_a_lead_and_opens_it(open_page: Opener):
    lead = leads_of("Ayu")[0]
    page = open_page("/lists/")

    page.keyboard.press("Control+k")
    page.keyboard.type("ayu")
    expect(page.locator("#palette [role=option]")).to_contain_text(["Ayu"])
    page.locator("#palette").get_by_role("link", name="Ayu").click()

    expect(page).to_have_url(f"{page.url.split('/lists')[0].split('/leads')[0]}/leads/{lead.pk}/")
