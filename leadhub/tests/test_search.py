"""Search: leads, companies, lists and pages, each only within the person's sight."""

import pytest

from leadhub.testing import NOON, make_company, make_lead, signed_in
from leads.stages import Stage
from nurture.models import LeadList

pytestmark = pytest.mark.django_db


def found(name: str, text: str) -> dict[str, list[str]]:
    response = signed_in(name).get("/search/", {"q": text})
    return {label: [one.label for one in items] for label, items in response.context["groups"]}


def test_everything_of_a_name_is_found_by_kind():
    make_lead(first_name="Nusa", last_name="Tenggara")
    make_company("Nusantara Logistics")
    LeadList.objects.create(name="Nusa and friends", kind="static", created_at=NOON)

    assert found("Mona", "nusa") == {
        "Leads": ["Nusa Tenggara"],
        "Companies": ["Nusantara Logistics"],
        "Lists": ["Nusa and friends"],
    }


def test_pages_are_found_that_the_person_may_open():
    assert found("Mona", "compan") == {"Pages": ["Companies"]}
    assert found("Ann", "settings")["Pages"] == ["Settings"]


def test_a_rep_finds_nothing_out_of_sight():
    make_lead(first_name="Dewi")
    make_lead(first_name="Dewi", last_name="Pooled", stage=Stage.SALES_QUALIFIED)
    make_company("Dewi Trading")

    assert found("Rita", "dewi") == {"Leads": ["Dewi Pooled"]}


def test_an_analyst_finds_no_people():
    make_lead(first_name="Dewi")

    assert found("Ann", "dewi") == {}


def test_the_palette_gets_rows_only():
    make_lead(first_name="Dewi")

    text = signed_in("Mona").get("/search/?q=dewi", headers={"HX-Request": "true"}).text

    assert ('<li role="option">' in text, "<html" in text, "Dewi" in text) == (True, False, True)


@pytest.mark.parametrize(
    "text", ["", " ", "%", "_", "\\", "'", "x" * 5000, "\N{ZERO WIDTH SPACE}", "مرحبا", "é", "a b c d e f g h i j k"]
)
def test_no_text_breaks_it(text: str):
    assert signed_in("Mona").get("/search/", {"q": text}).status_code == 200


def test_it_asks_a_fixed_number_of_questions(django_assert_max_num_queries: object):
    for _number in range(5):
        make_lead(first_name="Dewi")
    client = signed_in("Mona")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/search/?q=dewi")
