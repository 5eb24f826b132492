"""The lead list: who sees which rows, in which order, page by page; what an analyst reads; how often it asks the database."""

import re
from typing import Any

import pytest

from leadhub.testing import NOON, assert_same_queries, make_company, make_lead, person, signed_in
from leads.models import Lead
from leads.stages import Stage
from nurture.models import LeadList

from .scored import scored

pytestmark = pytest.mark.django_db


def shown(name: str, query: str = "") -> list[Lead]:
    """The leads on the page that this person gets."""
    response = signed_in(name).get(f"/leads/{query}")
    assert response.status_code == 200
    return [row.lead for row in response.context["rows"]]


def test_the_best_come_first_and_leads_without_a_score_last():
    low, high, new = scored(20), scored(90), make_lead()

    assert shown("Mona") == [high, low, new]


@pytest.mark.parametrize("sort", ["-score", "score", "-newest", "newest", "-active", "active", "name", "-name", "junk"])
def test_every_order_shows_every_lead_once(sort: str, settings: Any):
    settings.PAGE_ROWS = 2
    leads = {scored(50) for _number in range(3)} | {make_lead(first_name="Ayu") for _number in range(2)}
    client, seen, url = signed_in("Mona"), [], f"/leads/?sort={sort}"
    while url:
        context = client.get(url).context
        seen += [row.lead for row in context["rows"]]
        url = f"/leads/?sort={sort}&after={context['page'].next}" if context["page"].next else ""

    assert len(seen) == 5
    assert set(seen) == leads


def test_by_name_goes_by_what_is_shown():
    ayu, nameless = make_lead(first_name="Ayu"), make_lead("beata@example.com", first_name="", last_name="")

    assert shown("Mona", "?sort=name") == [ayu, nameless]


def test_a_rep_sees_own_leads_and_the_pool_only():
    mine = scored(50, stage=Stage.SALES_QUALIFIED, owner=person("Rita"))
    pooled = scored(40, stage=Stage.SALES_QUALIFIED)
    scored(90, stage=Stage.SALES_QUALIFIED, owner=person("Sam"))
    scored(80)

    assert shown("Rita") == [mine, pooled]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?stage=mql", {"Piotr"}), ("?owner=me", set()), ("?owner=nobody", {"Ayu", "Piotr", "Jan"}), ("?source=webinar", {"Ayu"}),
        ("?country=poland", {"Piotr", "Jan"}), ("?score=50", {"Ayu"}), ("?label=A1", {"Ayu"}), ("?label=A", {"Ayu"}),
        ("?consent=known", {"Ayu"}), ("?consent=unknown", {"Piotr", "Jan"}), ("?complete=20", {"Piotr", "Jan"}), ("?q=piotr", {"Piotr"}),
        ("?q=pi", {"Piotr"}), ("?q=stal", {"Piotr"}), ("?where=employees:at_least:100", {"Piotr"}), ("?where=score:at_least:50", {"Ayu"}),
        ("?stage=mql&score=50", set()), ("?stage=nonsense&q=piotr", {"Piotr"}), ("?field=country&op=is&value=Poland", {"Piotr", "Jan"}),
    ],
)  # fmt: skip
def test_filters_choose_rows(query: str, names: set[str]):
    stal = make_company("Polska Stal", country="Poland", employees=320)
    scored(80, label="A1", first_name="Ayu", source="Webinar", consent="newsletter")
    scored(30, first_name="Piotr", stage=Stage.MARKETING_QUALIFIED, company=stal)
    make_lead(first_name="Jan", country="Poland", city="Gdańsk")

    assert {lead.first_name for lead in shown("Mona", query)} == names


def test_a_person_or_list_that_does_not_exist_is_said_and_left_out():
    lead = make_lead()

    response = signed_in("Mona").get("/leads/?owner=99999&list=88888")

    assert [row.lead for row in response.context["rows"]] == [lead]
    assert "There is nobody with the number 99999." in response.text
    assert "There is no list with the number 88888." in response.text


def test_the_filter_form_gives_an_address_without_blanks():
    response = signed_in("Mona").get("/leads/?apply=1&stage=mql&score=&owner=&field=country&op=is&value=Poland")

    assert response.headers["Location"] == "/leads/?stage=mql&where=country%3Ais%3APoland"


@pytest.mark.parametrize(
    "query", ["", "?sort=name", "?q=qxz", "?where=email:contains:qxz", "?where=custom.note:known", "?where=owner:is:x"]
)
def test_an_analyst_reads_no_name_and_no_address_and_cannot_guess_them(query: str):
    make_lead(
        "qxzmail@qxz.example",
        first_name="Qxzfirst",
        last_name="Qxzlast",
        phone="qxzphone",
        external_id="qxzid",
        job_title="CTO",
    )
    other = make_lead(job_title="CEO", custom={"note": "x"})

    response = signed_in("Ann").get(f"/leads/{query}")

    assert not {"qxzfirst", "qxzlast", "qxzmail", "qxzphone", "qxzid"} & set(
        re.findall(r"qxz[a-z]+", response.text.lower())
    )
    assert len(response.context["rows"]) == (2 if "owner" not in query else 0)
    assert f"Lead #{other.pk}" in response.text or "owner" in query


def test_a_list_asks_equally_often_for_one_row_and_three():
    company = make_company()
    assert_same_queries(signed_in("Mona"), "/leads/", lambda: scored(40, company=company))


def test_the_most_filtered_list_asks_at_most_two_times_more():
    warm = LeadList.objects.create(
        name="Warm", kind="dynamic", conditions=[{"field": "country", "op": "known"}], created_at=NOON
    )
    url = f"/leads/?owner={person('Rita').pk}&list={warm.pk}&where=seniority:known"

    def make() -> None:
        scored(40, owner=person("Rita"), stage=Stage.SALES_QUALIFIED, country="Poland", seniority="VP")

    assert_same_queries(signed_in("Mona"), url, make, most=14)


def test_empty_lists_teach_the_next_step():
    assert "No leads yet" in signed_in("Mona").get("/leads/").text
    assert "No lead fits" in signed_in("Mona").get("/leads/?stage=mql").text
    assert "New lead" not in signed_in("Ann").get("/leads/").text


def test_a_filter_can_be_kept_as_a_list():
    client = signed_in("Mona")
    make_lead(country="Poland")

    link = client.get("/leads/?country=Poland").context["saved_query"]
    form = client.get(f"/lists/new/?kind=dynamic&{link}")

    first = form.context["condition_rows"][0].row
    assert (first.field, first.op, first.value) == ("country", "in", "Poland")
    assert "saved_query" not in signed_in("Rita").get("/leads/?country=Poland").context
