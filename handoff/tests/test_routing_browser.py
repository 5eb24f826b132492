"""Routing in a browser: a draft is written with the builder of conditions, rehearsed, and put in force."""

from collections.abc import Callable
from typing import Any

import pytest

from handoff.models import RuleSet
from leadhub.testing import person

from .offering import offered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
