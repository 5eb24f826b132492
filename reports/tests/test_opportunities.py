"""Opportunities as a list and a file: each sees and takes along what the role allows (quality.md §4, R31)."""

from typing import Any

import pytest
from django.urls import reverse

from handoff.tests.offering import qualified, reason
from leadhub.testing import NOON, assert_same_queries, person, signed_in
from leads import api_limits
from reports.opportunities import LARGEST, most_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_took_files_along() -> None:
    api_limits._shared().storage.reset()


def opportunity(by: str = "Rita", **facts: Any) -> None:
    qualified(by, **facts).accept(by=person(by), at=NOON)


def file_of(name: str, query: str = "") -> list[str]:
    text = signed_in(name).get(reverse("report_opportunities_file") + query).content.decode("utf-8-sig")
    return text.strip().splitlines()


def test_a_rep_sees_the_own_and_marketing_all() -> None:
    opportunity(first_name="Ayu")
    opportunity("Sam", first_name="Budi")
    page = signed_in("Rita").get(reverse("report_opportunities")).content.decode()
    assert ("Ayu" in page, "Budi" in page) == (True, False)
    assert [len(file_of(name)) - 1 for name in ("Rita", "Mona", "Sue", "Ann")] == [1, 2, 2, 2]


def test_the_analysts_file_has_no_names_and_no_words() -> None:
    handoff = qualified(first_name="Ayu", email="ayu@example.com")
    handoff.accept(by=person("Rita"), at=NOON)
    handoff.close_lost(reason=reason("lost_price"), by=person("Rita"), at=NOON, text="Too dear")
    assert not [word for word in ("Ayu", "ayu@", "Too dear") if word in "\n".join(file_of("Ann"))]
    assert [word for word in ("Ayu", "ayu@", "Too dear") if word in "\n".join(file_of("Mick"))] == [
        "Ayu",
        "ayu@",
        "Too dear",
    ]


def test_no_cell_is_a_formula() -> None:
    opportunity(first_name="=1+1", last_name="")
    assert ",'=1+1," in file_of("Mick")[1]


@pytest.mark.parametrize(("name", "most"), [("Rita", 500), ("Mona", 1_000), ("Sue", LARGEST), ("Ada", LARGEST)])
def test_how_much_one_may_take_along(name: str, most: int) -> None:
    assert most_rows(person(name)) == most


def test_files_are_not_taken_along_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.views_opportunities.RATE", "2/hour")
    mona = signed_in("Mona")
    assert [mona.get(reverse("report_opportunities_file")).status_code for _file in range(3)] == [200, 200, 302]


@pytest.mark.parametrize("query", ["?state=x", "?state=won", "?after=-1", "?before=9999999999999999999999"])
def test_odd_questions_are_no_fault(query: str) -> None:
    assert signed_in("Rita").get(reverse("report_opportunities") + query).status_code == 200


def test_the_list_asks_equally_often_whatever_the_rows() -> None:
    assert_same_queries(signed_in("Mona"), reverse("report_opportunities"), opportunity)
