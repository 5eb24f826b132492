"""Companies: who sees which, finding them, their page, and changing their facts."""

import pytest
from django.utils import timezone

from leadhub.testing import NOON, assert_same_queries, make_company, make_lead, person, signed_in
from leads.companies import edit_company
from leads.models import Company
from leads.signals import facts_changed
from leads.stages import Stage

pytestmark = pytest.mark.django_db


def names(name: str, query: str = "") -> list[str]:
    return [company.name for company in signed_in(name).get(f"/companies/{query}").context["page"].rows]


def test_companies_are_listed_by_name_without_case():
    for name in ("beta", "Alpha", "Gamma"):
        make_company(name)

    assert names("Mona") == ["Alpha", "beta", "Gamma"]


def test_every_company_is_on_one_page(settings: object):
    settings.PAGE_ROWS = 2  # type: ignore[attr-defined]
    for name in ("Twin", "twin", "TWIN", "Alpha", "Zulu"):
        make_company(name)
    client, seen, query = signed_in("Mona"), [], ""

    for _page in range(3):
        page = client.get(f"/companies/{query}").context["page"]
        seen += page.rows
        query = f"?after={page.next}"

    assert (len(seen), len(set(seen)), page.next) == (5, 5, "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=nusan", 1),
        ("?q=LOGIS", 1),
        ("?q=nu", 1),
        ("?q=lo", 1),
        ("?q=og", 0),
        ("?q=acme.ex", 1),
        ("?q=%", 0),
        ("?q=" + "x" * 500, 0),
    ],
)
def test_they_are_found_by_a_part_of_the_name_or_the_domain(query: str, found: int):
    make_company("Nusantara Logistics", domain="acme.example")

    assert len(names("Mona", query)) == found


def test_a_rep_sees_the_companies_of_leads_within_sight():
    make_company("Hidden")
    seen = make_company("Seen")
    make_lead(company=seen, stage=Stage.SALES_QUALIFIED)

    assert names("Rita") == ["Seen"]
    assert signed_in("Rita").get(f"/companies/{Company.objects.get(name='Hidden').pk}/").status_code == 404


def test_the_page_shows_the_leads_within_sight():
    company = make_company()
    pooled, hidden = make_lead(company=company, stage=Stage.SALES_QUALIFIED), make_lead(company=company)
    make_lead()

    assert [row.lead for row in signed_in("Rita").get(f"/companies/{company.pk}/").context["rows"]] == [pooled]
    assert {row.lead for row in signed_in("Mona").get(f"/companies/{company.pk}/").context["rows"]} == {pooled, hidden}


def test_an_analyst_reads_no_names_of_people_there():
    company = make_company()
    lead = make_lead("qxz@example.com", first_name="Qxz", company=company)

    text = signed_in("Ann").get(f"/companies/{company.pk}/").text

    assert "qxz" not in text.lower()
    assert f"Lead #{lead.pk}" in text


def test_list_and_page_ask_equally_often():
    company = make_company()
    assert_same_queries(signed_in("Mona"), "/companies/", make_company)
    assert_same_queries(signed_in("Mona"), f"/companies/{company.pk}/", lambda: make_lead(company=company))


def form_of(company: Company) -> dict[str, str]:
    form = signed_in("Mona").get(f"/companies/{company.pk}/edit/").context["form"]
    return {field.html_name: field.value() or "" for field in form}


def test_facts_are_changed_with_who_and_the_scores_follow():
    company, told = make_company(industry="Food"), []
    lead = make_lead(company=company)

    def receiver(lead_ids: list[int], **_signal: object) -> None:
        told.extend(lead_ids)

    facts_changed.connect(receiver)
    try:
        response = signed_in("Mona").post(
            f"/companies/{company.pk}/edit/", form_of(company) | {"industry": "Logistics", "name": "Nusantara Tbk"}
        )
    finally:
        facts_changed.disconnect(receiver)

    assert response.status_code == 302
    company.refresh_from_db()
    assert (company.name, company.name_key, company.industry) == ("Nusantara Tbk", "nusantara", "Logistics")
    assert told == [lead.pk]
    assert {change.actor for change in company.fact_changes.all()} == {f"user:{person('Mona').pk}"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"name": ""}, "This field is required."), ({"domain": "no domain"}, "is no domain such as example.com"),
     ({"domain": "taken.example"}, "Other has this domain already."), ({"employees": "x"}, "Enter a whole number.")],
)  # fmt: skip
def test_bad_facts_are_said(said: dict[str, str], sentence: str):
    make_company("Other", domain="taken.example")
    company = make_company("Nusantara")

    response = signed_in("Mona").post(f"/companies/{company.pk}/edit/", form_of(company) | said)

    assert sentence in response.text


def test_somebody_elses_change_is_not_written_over():
    company = make_company("Nusantara", city="Jakarta")
    opened = form_of(company)
    edit_company(company, {"city": "Bandung"}, by=person("Mick"), at=timezone.now())

    response = signed_in("Mona").post(f"/companies/{company.pk}/edit/", opened | {"city": "Surabaya"})

    assert "Somebody changed this company while you were typing." in response.text
    company.refresh_from_db()
    assert company.city == "Bandung"


def test_changing_nothing_tells_nobody():
    company = make_company(city="Jakarta")

    assert not edit_company(company, {"city": "Jakarta"}, by=person("Mona"), at=NOON)
    assert company.fact_changes.count() == 0
