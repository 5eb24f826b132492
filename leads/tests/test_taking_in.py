"""Taking leads in: identity, what blanks do, companies, first touch, and doing it twice."""

from datetime import timedelta

import pytest

from leadhub.testing import NOON, person
from leads.intake import LeadExists, NewLead
from leads.models import Company, Consent, FactChange, Lead
from leads.signals import facts_changed

pytestmark = pytest.mark.django_db


def take(*rows, at=NOON):
    return Lead.objects.take_in(rows, at=at, actor="system:test")


def only_lead() -> Lead:
    return Lead.objects.select_related("company").get()


def test_twins_in_case_are_one_lead():
    taken = take(
        NewLead(email="Dewi@Example.org", first_name="Dewi"), NewLead(email="DEWI@example.ORG", last_name="Lestari")
    )
    assert taken.outcomes == ["created", "updated"]
    assert len(set(taken.ids)) == 1
    assert (only_lead().name, only_lead().email) == ("Dewi Lestari", "Dewi@Example.org")


def test_blanks_never_erase_and_values_overwrite():
    take(NewLead(email="dewi@example.org", job_title="Analyst", city="Jakarta", custom={"size": "L"}))
    take(NewLead(email="dewi@example.org", job_title="Director", custom={"colour": "red", "size": ""}))
    lead = only_lead()
    assert (lead.job_title, lead.city, lead.custom) == ("Director", "Jakarta", {"size": "L", "colour": "red"})


def test_the_same_rows_again_change_nothing():
    rows = [
        NewLead(email="a@acme.example.org", company="Acme", industry="Logistics", job_title="COO"),
        NewLead(email="A@acme.example.org", industry="Retail", job_title="CEO"),
        NewLead(external_id="x-1", country="Poland"),
    ]
    take(*rows)
    before = list(Lead.objects.order_by("id").values())
    again = take(*rows, at=NOON + timedelta(days=1))
    assert again.outcomes == ["unchanged"] * 3
    assert list(Lead.objects.order_by("id").values()) == before
    assert not FactChange.objects.exists()


def test_a_lead_without_mail_is_known_by_its_id_and_learns_its_mail():
    take(NewLead(external_id="crm-7", first_name="Jan"))
    taken = take(NewLead(external_id="crm-7", email="jan@example.org"))
    assert taken.outcomes == ["updated"]
    assert only_lead().email_key == "jan@example.org"


def test_ids_that_differ_only_in_case_are_kept_apart():
    take(NewLead(external_id="00QAbCdE"), NewLead(external_id="00QAbCde"))
    assert Lead.objects.count() == 2


def test_two_records_of_one_address_are_one_lead_and_both_ids_find_it():
    rows = [NewLead(email="jose@gmail.com", external_id="AbCdE"), NewLead(email="jose@gmail.com", external_id="AbCde")]
    assert take(*rows).outcomes == ["created", "updated"]
    assert take(*rows, NewLead(external_id="AbCde", city="Miami")).outcomes == ["unchanged", "unchanged", "updated"]
    assert (only_lead().external_id, only_lead().city) == ("AbCdE", "Miami")


def test_an_id_moves_no_address():
    take(NewLead(email="jose@gmail.com", external_id="101"))
    taken = take(NewLead(email="li@gmail.com", external_id="101"))
    assert "belongs to jose@gmail.com" in taken.faults[0].reason


def test_one_source_has_one_spelling():
    take(NewLead(email="a@gmail.com", source="Google"))
    take(NewLead(email="b@gmail.com", source="google"), NewLead(email="c@gmail.com", source="GOOGLE"))
    assert set(Lead.objects.values_list("source", "latest_source")) == {("Google", "Google")}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (NewLead(), "neither"),
        (NewLead(email="not an address"), "not an e-mail"),
        (NewLead(email="a@example.org", first_name="x" * 121), "longer than 120"),
        (NewLead(email="a@example.org", first_name="a\x00b"), "cannot be stored"),
        (NewLead(email="a@example.org", last_name="\ud800"), "cannot be stored"),
        (NewLead(email="a@example.org", employees=-1), "employees"),
        (NewLead(email="a@example.org", domain="not a domain"), "not a domain"),
        (NewLead(email="a@example.org", created_at=NOON + timedelta(days=2)), "future"),
        (NewLead(email="a@example.org", custom={"n": float("nan")}), "cannot be stored|not JSON"),
    ],
)
def test_a_faulty_row_is_refused_with_a_sentence_and_stops_no_other(row, said):
    taken = take(row, NewLead(email="good@example.org"))
    assert taken.outcomes == ["refused", "created"]
    assert any(part in taken.faults[0].reason for part in said.split("|"))


class TestCompany:
    def test_colleagues_share_one_company_found_by_the_domain_of_their_mail(self):
        take(NewLead(email="a@nusantara.co.id", company="PT Nusantara"), NewLead(email="b@nusantara.co.id"))
        company = Company.objects.get()
        assert (company.domain, company.leads.count()) == ("nusantara.co.id", 2)

    def test_a_mail_provider_names_no_company(self):
        take(NewLead(email="a@gmail.com"))
        assert only_lead().company is None

    def test_found_by_folded_name(self):
        take(NewLead(email="a@gmail.com", company="ACME, Inc."), NewLead(email="b@gmail.com", company="Acme"))
        assert Company.objects.get().leads.count() == 2

    def test_a_company_named_after_its_domain_learns_its_name(self):
        take(NewLead(email="a@acme.org"))
        take(NewLead(email="b@acme.org", company="Acme Foundation"))
        assert Company.objects.get().name == "Acme Foundation"

    def test_two_told_domains_are_two_companies_of_one_name(self):
        take(
            NewLead(email="a@gmail.com", company="Acme", domain="acme.pl"),
            NewLead(email="b@gmail.com", company="Acme", domain="www.acme.org"),
        )
        assert set(Company.objects.values_list("domain", flat=True)) == {"acme.pl", "acme.org"}

    def test_firm_facts_go_to_the_company_and_place_facts_to_both(self):
        take(NewLead(email="a@acme.org", industry="Logistics", employees=250, country="Poland", city="Gdynia"))
        take(NewLead(email="b@acme.org", city="Warszawa"))
        company = Company.objects.get()
        assert (company.industry, company.employees, company.country, company.city) == (
            "Logistics",
            250,
            "Poland",
            "Gdynia",
        )
        first, second = Lead.objects.order_by("id")
        assert (first.industry, first.employees, second.city) == ("", None, "Warszawa")

    def test_without_a_company_the_lead_holds_them(self):
        take(NewLead(email="a@gmail.com", industry="Logistics", employees=3))
        assert (only_lead().industry, only_lead().employees) == ("Logistics", 3)


def test_first_touch_stays_and_latest_touch_moves():
    take(NewLead(email="a@gmail.com", source="google", campaign="spring"))
    take(NewLead(email="a@gmail.com", source="webinar", campaign="autumn"))
    lead = only_lead()
    assert (lead.source, lead.campaign, lead.latest_source, lead.latest_campaign) == (
        "google",
        "spring",
        "webinar",
        "autumn",
    )


def test_consent_is_noted_when_it_changes():
    for said in ("granted", "granted", "withdrawn"):
        take(NewLead(email="a@gmail.com", consent=said, source="form"))
    assert list(Consent.objects.order_by("id").values_list("status", "source")) == [
        ("granted", "form"),
        ("withdrawn", "form"),
    ]


def test_other_rooms_hear_once_of_created_and_changed_leads_and_their_colleagues():
    heard = []

    def listen(lead_ids, **_kw):
        heard.append(lead_ids)

    facts_changed.connect(listen)
    try:
        first = take(NewLead(email="a@acme.org"), NewLead(email="b@acme.org")).ids
        take(NewLead(email="b@acme.org", industry="Retail"))
        take(NewLead(email="b@acme.org", industry="Retail"))
    finally:
        facts_changed.disconnect(listen)
    assert heard == [sorted(first), sorted(first)]


def test_history_names_the_actor():
    take(NewLead(email="a@gmail.com", job_title="Analyst"))
    Lead.objects.take_in([NewLead(email="a@gmail.com", job_title="CEO")], at=NOON, actor="import:7")
    change = FactChange.objects.get()
    assert (change.field, change.old, change.new, change.actor, change.at) == (
        "job_title",
        "Analyst",
        "CEO",
        "import:7",
        NOON,
    )


class TestByHand:
    def test_creating_a_known_address_is_refused_and_says_whose(self):
        lead = Lead.objects.create_one({"email": "a@gmail.com"}, by=person("Mona"), at=NOON)
        with pytest.raises(LeadExists) as refusal:
            Lead.objects.create_one({"email": "A@GMAIL.com"}, by=person("Mona"), at=NOON)
        assert refusal.value.lead_id == lead.pk

    def test_editing_sets_blanks_too(self):
        lead = Lead.objects.create_one({"email": "a@gmail.com", "job_title": "CEO"}, by=person("Mona"), at=NOON)
        assert lead.edit({"job_title": "", "first_name": "Ada"}, by=person("Mona"), at=NOON)
        assert (lead.job_title, lead.first_name) == ("", "Ada")
        assert not lead.edit({"job_title": ""}, by=person("Mona"), at=NOON)

    def test_editing_a_firm_fact_changes_the_company(self):
        lead = Lead.objects.create_one({"email": "a@acme.org", "company": "Acme"}, by=person("Mona"), at=NOON)
        lead.edit({"industry": "Retail", "company": "Acme Foundation"}, by=person("Mona"), at=NOON)
        assert (lead.industry, lead.company.name, lead.company.industry) == ("", "Acme Foundation", "Retail")

    def test_an_address_of_another_lead_is_refused(self):
        Lead.objects.create_one({"email": "a@gmail.com"}, by=person("Mona"), at=NOON)
        other = Lead.objects.create_one({"email": "b@gmail.com"}, by=person("Mona"), at=NOON)
        with pytest.raises(LeadExists):
            other.edit({"email": "a@gmail.com"}, by=person("Mona"), at=NOON)


def test_completeness_counts_what_lead_or_company_knows():
    take(
        NewLead(email="a@acme.org", job_title="CEO", industry="Retail", employees=10, country="Poland"),
        NewLead(email="b@gmail.com"),
    )
    assert list(Lead.objects.with_completeness().order_by("id").values_list("completeness", flat=True)) == [44, 0]


@pytest.mark.parametrize(
    ("text", "found"), [("lest", 1), ("dewi nusa", 1), ("le", 1), ("es", 0), ("%", 0), ("\x00", 1)]
)
def test_search_by_words(text, found):
    take(NewLead(email="dewi@nusantara.co.id", first_name="Dewi", last_name="Lestari", company="Nusantara Logistics"))
    assert Lead.objects.search(text).count() == found
