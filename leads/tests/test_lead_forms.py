"""Creating and editing leads: what a form keeps, what it hints at, and what happens when two people edit at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadhub.testing import make_company, make_lead, person, signed_in
from leads.models import Company, CustomField, Lead

pytestmark = pytest.mark.django_db
DEWI = {
    "email": "Dewi@Example.com", "first_name": "Dewi", "last_name": "Lestari", "job_title": "CTO", "company": "Nusantara Logistics",
    "industry": "Logistics", "employees": "320", "country": "Indonesia", "source": "Trade fair",
}  # fmt: skip


def test_a_lead_is_created_with_its_company():
    response = signed_in("Mona").post("/leads/new/", DEWI)

    lead = Lead.objects.get(email_key="dewi@example.com")
    assert response.headers["Location"] == f"/leads/{lead.pk}/"
    assert (lead.name, lead.job_title, lead.source) == ("Dewi Lestari", "CTO", "Trade fair")
    assert (lead.company.name, lead.company.industry or lead.industry) == ("Nusantara Logistics", "Logistics")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"email": "dewi"}, "is not an e-mail address"),
        ({"email": ""}, "Give an e-mail address or an external id"),
        ({"employees": "many"}, "Enter a whole number."),
        ({"employees": "-5"}, "greater than or equal to 0"),
        ({"employees": "99999999999999999999"}, "less than or equal to 2147483647"),
        ({"first_name": "x" * 121}, "at most 120 characters"),
        ({"job_title": "CTO\x07"}, ""),
    ],
)
def test_bad_input_is_said_at_the_field_and_nothing_typed_is_lost(said: dict[str, str], sentence: str):
    response = signed_in("Mona").post("/leads/new/", DEWI | said)

    if sentence:
        assert sentence in response.text
        assert 'value="Nusantara Logistics"' in response.text
        assert Lead.objects.count() == 0
    assert response.status_code in (200, 302)


def test_a_known_address_is_refused_and_names_the_lead():
    known = make_lead("dewi@example.com", first_name="Dewi", last_name="Hartono")

    response = signed_in("Mona").post("/leads/new/", DEWI | {"first_name": "", "last_name": ""})

    assert "Dewi Hartono" in response.text
    assert f"/leads/{known.pk}/" in response.text
    assert Lead.objects.count() == 1


def test_a_rep_is_told_that_an_address_is_taken_but_not_by_whom():
    make_lead("dewi@example.com", first_name="Qxz", last_name="Qxz")

    response = signed_in("Rita").post("/leads/new/", DEWI)

    assert "you may not see it" in response.text
    assert "Qxz" not in response.text
    assert Lead.objects.count() == 1


def test_somebody_alike_is_asked_about_once():
    like = make_lead("d.lestari@example.org", company=make_company("PT Nusantara Logistics"))
    client = signed_in("Mona")

    asked = client.post("/leads/new/", DEWI)
    assert "Is it one of these?" in asked.text
    assert f"/leads/{like.pk}/" in asked.text
    assert Lead.objects.count() == 1

    client.post("/leads/new/", DEWI | {"distinct": "1"})
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("email=PIOTR@example.com", True), ("email=piotr@example.co", False), ("first_name=Piotr&last_name=Wisniewski", True),
        ("first_name=Piotr&last_name=Wiśniewski&company=Polska Stal", True), ("first_name=Piotr&last_name=Wiśniewski&company=Garuda Foods", False),
        ("first_name=Ewa&last_name=Mazur", False), ("first_name=P", False), ("email=%00", False), ("", False),
    ],
)  # fmt: skip
def test_the_hint_finds_the_same_address_or_a_like_name_at_a_like_company(query: str, found: bool):
    make_lead("piotr@example.com", first_name="Piotr", last_name="Wiśniewski", company=make_company("Polska Stal SA"))

    response = signed_in("Mona").get(f"/leads/twins/?{query}")

    assert (response.status_code == 400) if "%00" in query else (("Piotr" in response.text) is found)


def test_the_hint_shows_three_at_most_and_only_leads_one_may_see():
    for number in range(5):
        make_lead(f"p{number}@example.com", first_name="Piotr", last_name="Nowak")

    assert signed_in("Mona").get("/leads/twins/?first_name=Piotr&last_name=Nowak").text.count("Piotr Nowak") == 3
    assert "Piotr" not in signed_in("Rita").get("/leads/twins/?first_name=Piotr&last_name=Nowak").text


def test_a_rep_is_told_where_a_new_lead_goes():
    response = signed_in("Rita").post("/leads/new/", DEWI, follow=True)

    assert "Marketing has it until it is an SQL." in response.text
    assert Lead.objects.filter(email_key="dewi@example.com").exists()


def edit_form(lead: Lead, name: str = "Mona") -> dict[str, str]:
    """The form as that person opens it, ready to be posted back."""
    form = signed_in(name).get(f"/leads/{lead.pk}/edit/").context["form"]
    return {field.html_name: field.value() or "" for field in form}


def test_editing_keeps_what_is_not_touched_and_custom_fields():
    CustomField.objects.create(key="region", label="Region")
    lead = make_lead(
        job_title="CTO",
        phone="+62 811",
        custom={"region": "Java", "old": "kept"},
        company=make_company(industry="Food"),
    )

    signed_in("Mona").post(f"/leads/{lead.pk}/edit/", edit_form(lead) | {"job_title": "CEO", "custom_region": "Bali"})

    lead.refresh_from_db()
    assert (lead.job_title, lead.phone, lead.custom) == ("CEO", "+62 811", {"region": "Bali", "old": "kept"})
    assert lead.company.industry == "Food"


def test_the_change_is_kept_with_who_and_when():
    lead = make_lead(job_title="CTO")

    signed_in("Mona").post(f"/leads/{lead.pk}/edit/", edit_form(lead) | {"job_title": ""})

    change = lead.fact_changes.get()
    assert (change.field, change.old, change.new, change.actor) == (
        "job_title",
        "CTO",
        None,
        f"user:{person('Mona').pk}",
    )


def test_another_persons_change_is_shown_beside_and_nothing_typed_is_lost():
    lead = make_lead(job_title="CTO", department="IT", phone="1")
    opened = edit_form(lead)
    lead.edit({"job_title": "CEO", "department": "Board"}, by=person("Rita"), at=timezone.now())

    response = signed_in("Mona").post(f"/leads/{lead.pk}/edit/", opened | {"job_title": "Head of IT", "phone": "2"})

    assert response.status_code == 409
    assert {(one.label, one.who, one.theirs, one.kept) for one in response.context["conflicts"]} == {
        ("Job title", "Rita", "CEO", "yours"), ("Department", "Rita", "Board", "theirs"),
    }  # fmt: skip
    form = response.context["form"]
    assert (form["job_title"].value(), form["department"].value(), form["phone"].value()) == (
        "Head of IT",
        "Board",
        "2",
    )
    lead.refresh_from_db()
    assert (lead.job_title, lead.phone) == ("CEO", "1")


def test_saving_again_after_reading_it_is_saving():
    lead = make_lead(job_title="CTO")
    opened = edit_form(lead)
    lead.edit({"job_title": "CEO"}, by=person("Rita"), at=timezone.now())
    client = signed_in("Mona")
    again = client.post(f"/leads/{lead.pk}/edit/", opened | {"job_title": "Head of IT"}).context["form"]

    client.post(f"/leads/{lead.pk}/edit/", {field.html_name: field.value() or "" for field in again})

    lead.refresh_from_db()
    assert lead.job_title == "Head of IT"


@pytest.mark.parametrize("seen", ["", "junk", "9999-99-99T00:00:00+00:00", "2026-01-01", "\ud7ff"])
def test_a_junk_token_is_no_fault(seen: str):
    lead = make_lead(job_title="CTO", at=timezone.now() - timedelta(days=1))

    response = signed_in("Mona").post(f"/leads/{lead.pk}/edit/", edit_form(lead) | {"job_title": "CEO", "seen": seen})

    assert response.status_code == 302


@pytest.mark.parametrize("name", ["Rita", "Ann", "Sue"])
def test_who_may_not_edit_cannot(name: str):
    lead = make_lead(job_title="CTO")

    assert signed_in(name).post(f"/leads/{lead.pk}/edit/", {"email": lead.email, "job_title": "x"}).status_code in (
        403,
        404,
    )
    lead.refresh_from_db()
    assert lead.job_title == "CTO"


def test_posting_other_columns_changes_only_facts():
    lead = make_lead()
    client, rita = signed_in("Mona"), person("Rita")

    client.post(
        f"/leads/{lead.pk}/edit/",
        edit_form(lead) | {"stage": "customer", "owner": rita.pk, "cycle": "9", "id": "1", "search": "x"},
    )

    lead.refresh_from_db()
    assert (lead.stage, lead.owner, lead.cycle) == ("lead", None, 1)


def test_companies_are_suggested_while_typing():
    make_company("Nusantara Logistics")
    make_company("Garuda Foods")

    text = signed_in("Mona").get("/companies/suggest/?company=nusan").text

    assert ("Nusantara Logistics" in text, "Garuda" in text) == (True, False)
    assert Company.objects.count() == 2
