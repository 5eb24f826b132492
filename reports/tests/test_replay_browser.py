"""The replay in a real browser: choose a draft, read its matrix, open the ledger of a lead that flips (R10, R13)."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from handoff.models import Outcome
from leadhub.testing import signed_in

from .replayed import handed, planted, versions

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)


def test_a_draft_is_chosen_its_matrix_read_and_a_flips_ledger_opened(live_server: Any, page: Page) -> None:
    published, draft = versions()
    planted()
    handed(9, Outcome.ACCEPTED)
    cookie = signed_in("Mick").cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    page.goto(f"{live_server.url}/reports/replay/?version={published.version}")
    expect(page.locator("#flips")).to_have_count(0)
    page.locator("select[name=version]").select_option(str(draft.version))
    matrix = page.locator("#agreement table").nth(1)
    expect(matrix.locator("tbody tr").first.locator("td")).to_have_text(["27", "0"])
    expect(page.locator("#bands .chart-canvas[data-drawn] svg").first).to_be_visible()
    expect(page.locator("#flips tbody").first).to_contain_text("8")

    flip = page.locator("#flips table").nth(1).locator("tbody tr").first
    flip.locator("td.num a").last.click()
    expect(page.locator("#lead-score")).to_be_visible()
    assert f"version={draft.version}" in page.url
