"""Routing in a browser: a draft is written with the builder of conditions, rehearsed, and put in force."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from handoff.models import RuleSet
from leadhub.testing import NOON, person

from .offering import offered
from .routes import push, rules

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rules_are_put_in_order_by_hand_and_by_keys(open_as: Callable[..., Any]) -> None:
    names = ("Poland", "Large", "Rest")
    rules(*[push(name=name) for name in names])
    RuleSet.objects.begin_draft(by=person("Sue"), at=NOON)
    page = open_as("Sue")
    page.goto("/routing/")
    rows = page.locator("#routing-draft [data-rule]")

    def stand(*wanted: str) -> None:
        for place, name in enumerate(wanted):
            expect(rows.nth(place)).to_contain_text(name)
        expect(page.locator("#rule-act[data-busy]")).to_have_count(0)  # who presses sooner is not heard

    grip = page.locator("#routing-draft [data-grip]")
    grip.nth(2).drag_to(rows.nth(0), target_position={"x": 40, "y": 4})
    stand("Rest", "Poland", "Large")
    expect(page.locator("#routing-draft [data-dragged]")).to_have_count(0)
    page.get_by_role("button", name="Move Poland: drag").focus()
    page.keyboard.press("Alt+ArrowDown")
    stand("Rest", "Large", "Poland")
    page.keyboard.press("Alt+ArrowUp")
    stand("Rest", "Poland", "Large")
    page.keyboard.press("Alt+ArrowUp")
    stand("Poland", "Rest", "Large")
    assert [rule.name for rule in RuleSet.objects.draft().rules.all()] == ["Poland", "Rest", "Large"]  # type: ignore[union-attr]
    assert [rule.name for rule in RuleSet.objects.live().rules.all()] == list(names)  # type: ignore[union-attr]


def test_from_a_draft_to_the_rules_in_force(open_as: Callable[..., Any]) -> None:
    person("Rita")
    offered(country="Poland")
    page = open_as("Sue")
    page.goto("/routing/")
    page.get_by_role("button", name="Write the first rules").click()
    page.get_by_role("link", name="New rule").click()
    page.get_by_label("Name").first.fill("Poland")
    page.get_by_label("Field").first.select_option("country")
    page.get_by_label("Value").first.fill("Poland")
    page.get_by_label("is given to somebody of a team at once").check()
    page.get_by_label("Team", exact=True).select_option(label="Sales")
    page.get_by_role("button", name="Save rule").click()
    page.get_by_text("When Country is Poland: given to somebody of Sales by turns").wait_for()
    page.get_by_role("link", name="Rehearse").click()
    page.get_by_text("Who gets how many").wait_for()
    page.goto("/routing/")
    page.get_by_role("button", name="Put in force").click()
    page.get_by_role("dialog").get_by_role("button", name="Put in force").click()
    page.get_by_text("These rules count from now on.").wait_for()
    assert [rule.name for rule in RuleSet.objects.live().rules.all()] == ["Poland"]  # type: ignore[union-attr]
