"""Companies told apart by name and domain, machines by user agent, and cells that are no formulas."""

import pytest

from leads.machines import is_machine
from leads.naming import clean_domain, company_key, domain_of_mail
from leads.spreadsheets import csv_lines


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["Acme", "ACME, Inc.", "acme inc", "Acme GmbH"], "acme"),
        (["PT Nusantara Tbk", "Nusantara"], "nusantara"),
        (["Żabka Polska Sp. z o.o.", "żabka polska spółka z o.o.", "ŻABKA POLSKA S.A."], "żabka polska"),
        (["Müller & Söhne", "Müller  &  Söhne GmbH & Co. KG"], "müller söhne"),
        (["Ltd"], "ltd"),
        (["李小龙"], "李小龙"),
    ],
)
def test_names_without_case_punctuation_and_legal_form(names, key):
    assert {company_key(name) for name in names} == {key}


def test_a_name_of_nothing_but_signs_stands_for_itself():
    assert company_key("!!!") == "!!!"


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("acme.com", "acme.com"), ("https://www.Acme.com/x?y#z", "acme.com"), ("ACME.CO.ID:8080", "acme.co.id"), ("żabka.pl", "xn--abka-99a.pl"),
        ("acme", None), ("", None), ("a b.com", None), ("-x.com", None), ("\x00", None), ("\ud800.com", None), ("x" * 300 + ".com", None),
    ],
)  # fmt: skip
def test_domains_as_people_type_them(typed, domain):
    assert clean_domain(typed) == domain


def test_mail_providers_name_no_company():
    assert [domain_of_mail(f"a@{domain}") for domain in ("gmail.com", "wp.pl", "yahoo.co.id", "acme.pl")] == [
        "",
        "",
        "",
        "acme.pl",
    ]


@pytest.mark.parametrize(
    "agent",
    [
        "GoogleImageProxy",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Barracuda Sentinel (EE)",
        "curl/8.1",
        "Slackbot-LinkExpanding 1.0",
    ],
)
def test_machines_name_themselves(agent):
    assert is_machine(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15",
        "Microsoft Office/16.0 (Outlook)",
    ],
)
def test_people_do_not(agent):
    assert not is_machine(agent)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", "=1+1@x.io"])
def test_no_cell_is_a_formula(cell):
    assert next(csv_lines([[cell]])).lstrip('"').startswith("'")


def test_numbers_stay_numbers():
    assert next(csv_lines([[-5, "a,b"]])) == '-5,"a,b"\r\n'
