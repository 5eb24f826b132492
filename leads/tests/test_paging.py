"""Keyset pages: every row exactly once, whatever the ties; junk cursors are the first page."""

import base64
import itertools
import json
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from leadhub.testing import NOON, examples, make_lead
from leads.models import Lead
from leads.paging import Order, Page, Run, count_at_most

pytestmark = pytest.mark.django_db
NEWEST = Order({"created_at": datetime, "pk": int}, descending=True)
BY_NAME = Order({"first_name": str, "id": int})


def walk(runs: list[Run], size: int) -> list[Page]:
    """All pages from the first to the last."""
    pages = [Page.of_runs(runs, {}, size=size)]
    while pages[-1].next:
        pages.append(Page.of_runs(runs, {"after": pages[-1].next}, size=size))
    return pages


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(hours=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 5), split=st.integers(0, 3))
def test_every_row_is_on_exactly_one_page_and_back_again(hours: list[int], size: int, split: int) -> None:
    Lead.objects.all().delete()
    for hour in hours:
        make_lead(at=NOON + timedelta(hours=hour))
    cut = NOON + timedelta(hours=split)
    runs = [Run(Lead.objects.filter(created_at__gte=cut), NEWEST), Run(Lead.objects.filter(created_at__lt=cut), NEWEST)]

    pages = walk(runs, size)

    assert [row for page in pages for row in page.rows] == list(Lead.objects.order_by("-created_at", "-pk"))
    assert all(len(page.rows) == size for page in pages[:-1])
    for page, after in itertools.pairwise(pages):
        assert Page.of_runs(runs, {"before": after.previous}, size=size).rows == page.rows


def test_the_first_page_has_none_before_it_and_the_last_none_after() -> None:
    for _number in range(5):
        make_lead()

    first, second, third = walk([Run(Lead.objects.all(), NEWEST)], 2)

    assert (first.previous, bool(second.previous), bool(second.next), third.next) == ("", True, True, "")
    assert Page.of(Lead.objects.all(), NEWEST, {"before": second.previous}, size=2).previous == ""


def test_text_orders_by_name() -> None:
    rows = [make_lead(first_name=name) for name in ("Zofia", "Ayu", "Ayu")]

    page = Page.of(Lead.objects.all(), BY_NAME, {}, size=2)

    assert page.rows == [rows[1], rows[2]]
    assert Page.of(Lead.objects.all(), BY_NAME, {"after": page.next}, size=2).rows == [rows[0]]


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "%%%", "ü", "A" * 5000, packed([]), packed([0]), packed({"a": 1}), packed([0, [1, 2]]), packed([7, [1, 2]]),
        packed([True, ["2026-01-01T00:00:00+00:00", 1]]), packed([0, ["2026-01-01T00:00:00", 1]]),
        packed([0, ["2026-01-01T00:00:00+00:00", 10**30]]), packed([0, ["2026-01-01T00:00:00+00:00", True]]),
        packed([0, ["9999-99-99", 1]]), packed([0, ["\x00", 1]]), packed([0, ["\ud800", 1]]), packed("[" * 50_000),
    ],
)  # fmt: skip
@pytest.mark.parametrize("direction", ["after", "before"])
def test_a_junk_cursor_is_the_first_page(cursor: str, direction: str) -> None:
    rows = [make_lead(), make_lead()]

    assert Page.of(Lead.objects.all(), NEWEST, {direction: cursor}).rows == rows[::-1]


@examples(200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(packed))
def test_no_text_breaks_a_page(cursor: str) -> None:
    assert Page.of(Lead.objects.all(), NEWEST, {"after": cursor, "before": cursor}).rows == []


def test_counting_stops_one_past_the_most() -> None:
    for _number in range(3):
        make_lead()

    assert (count_at_most(Lead.objects.all(), 5), count_at_most(Lead.objects.all(), 1)) == (3, 2)
