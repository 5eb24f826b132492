"""The reports in the browser: who sees what, that junk is a sentence, that rows cost nothing more, that files are safe."""

import csv
from io import StringIO
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from leadhub.testing import assert_same_queries, make_company, make_lead, person, signed_in
from leads.stages import Stage
from reports.spreadsheet import safe_cell

from .makers import HOUR, moved, offered

pytestmark = pytest.mark.django_db

PAGES = (
    "/reports/", "/reports/sla/", "/reports/sla/handoffs/", "/reports/sla/charts/week/", "/reports/sla/charts/rep/",
    "/reports/sla/charts/hour/", "/reports/sla/tables/rep.csv", "/reports/funnel/", "/reports/funnel/leads/",
    "/reports/funnel/charts/steps/", "/reports/funnel/charts/month/", "/reports/funnel/tables/month.csv",
    "/reports/funnel/tables/steps.csv",
)  # fmt: skip
JUNK = (
    "period=abc", "period=custom&first=2026-13-45&last=x", "period=custom&first=2026-11-30&last=2026-11-01",
    "period=custom&first=0001-01-01&last=9999-12-31", "rep=99999999999999999999999", "rep=-1", "source=%F0%9F%92%A9",
    "source=nobody's", "hour=25", "hour=1e400", "only=everything", "step=toilet", "stopped=maybe", "after=AAAA",
    "after=%FF%FE", "before=W10", "period=7&period=8", "first=%E2%80%AE",
)  # fmt: skip
_days = count(1)


def some_handoff() -> None:
    """One of yesterday, of a new lead with a new source, claimed by Rita and followed up."""
    lead = make_lead(
        source=f"Source {next(_days)}", company=make_company(f"Firm {next(_days)}"), at=timezone.now() - 30 * HOUR
    )
    offered(timezone.now() - 28 * HOUR, lead=lead, follow_up=2 * HOUR, claimed_by=person("Rita"))


@pytest.mark.parametrize("url", PAGES)
def test_every_page_stands_on_an_empty_database(url: str) -> None:
    assert signed_in("Mick").get(url).status_code == 200


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_the_address_is_said_in_a_sentence_or_ignored(junk: str) -> None:
    some_handoff()
    mick = signed_in("Mick")
    for url in PAGES:
        assert mick.get(f"{url}?{junk}").status_code == 200, url


def test_a_refused_period_is_named_and_the_usual_one_shown() -> None:
    page = signed_in("Mick").get("/reports/sla/?period=custom&first=2026-11-30&last=2026-11-01").content.decode()
    assert "The period must begin before it ends" in page
    assert "The usual period is shown" in page


def test_unknown_charts_and_tables_are_not_found() -> None:
    mick = signed_in("Mick")
    for url in (
        "/reports/sla/charts/x/",
        "/reports/sla/tables/x.csv",
        "/reports/funnel/charts/x/",
        "/reports/funnel/tables/x.csv",
    ):
        assert mick.get(url).status_code == 404


@pytest.mark.parametrize(
    "url", ["/reports/sla/", "/reports/sla/handoffs/", "/reports/funnel/", "/reports/funnel/leads/"]
)
def test_pages_ask_equally_often_for_one_row_and_for_three(url: str) -> None:
    assert_same_queries(signed_in("Mick"), url, some_handoff)


def table(client: Client, url: str) -> list[list[str]]:
    return list(csv.reader(StringIO(client.get(url).content.decode("utf-8-sig"))))


def test_a_rep_sees_how_the_own_handoffs_went_and_nobody_elses() -> None:
    some_handoff()
    assert table(signed_in("Rita"), "/reports/sla/tables/source.csv")[1][1] == "1"
    assert table(signed_in("Sam"), "/reports/sla/tables/source.csv")[1:] == []


def test_a_rep_cannot_ask_for_another_rep_or_for_the_funnel() -> None:
    some_handoff()
    sam, rita = signed_in("Sam"), person("Rita")
    assert table(sam, f"/reports/sla/tables/source.csv?rep={rita.pk}")[1:] == []
    assert sam.get("/reports/funnel/").status_code == 403
    assert "Funnel" not in sam.get("/reports/").content.decode()


def test_an_analyst_reads_handoffs_and_leads_without_names() -> None:
    some_handoff()
    ann = signed_in("Ann")
    for url in ("/reports/sla/handoffs/", "/reports/funnel/leads/"):
        page = ann.get(url).content.decode()
        assert "Lestari" not in page
        assert "@example.com" not in page
        assert "Lead #" in page


def test_figures_open_the_handoffs_they_count() -> None:
    some_handoff()
    offered(timezone.now() - 3 * HOUR)
    mick = signed_in("Mick")
    assert len(mick.get("/reports/sla/handoffs/?only=met").context["page"].rows) == 1
    assert len(mick.get("/reports/sla/handoffs/?only=running").context["page"].rows) == 1
    assert len(mick.get("/reports/sla/handoffs/?rep=none").context["page"].rows) == 1
    assert len(mick.get("/reports/sla/handoffs/").context["page"].rows) == 2


def test_bars_of_the_funnel_open_the_leads_they_count() -> None:
    now = timezone.now()
    mql, came = make_lead(at=now - 50 * HOUR), make_lead(at=now - 50 * HOUR)
    moved(mql, Stage.MARKETING_QUALIFIED, now - 20 * HOUR)
    mick = signed_in("Mick")
    assert mick.get("/reports/funnel/leads/?step=mql").context["page"].rows == [mql]
    assert mick.get("/reports/funnel/leads/?step=lead&stopped=on").context["page"].rows == [came]


def test_marks_of_a_chart_open_rows() -> None:
    some_handoff()
    chart = signed_in("Mick").get("/reports/sla/charts/week/").json()
    assert [name["name"] for name in chart["series"]] == ["SLA met"]
    assert all(signed_in("Mick").get(link).status_code == 200 for link in chart["series"][0]["links"])


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@x", "\t=1", "\r=1", "＝1", " =1", "\x00=1"])
def test_cells_that_would_be_calculated_are_quoted(text: str) -> None:
    assert safe_cell(text).startswith("'")


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert [safe_cell(value) for value in (-2, 1.5, None, "Webinar")] == [-2, 1.5, "", "Webinar"]


def test_a_source_named_like_a_formula_is_quoted_in_the_file() -> None:
    offered(timezone.now() - 3 * HOUR, lead=make_lead(source="=cmd|'/c calc'!A1"))
    assert table(signed_in("Mick"), "/reports/sla/tables/source.csv")[1][0] == "'=cmd|'/c calc'!A1"
