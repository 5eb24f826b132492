"""The replay in the browser: who sees it, what it says of few and of none, junk, and that rows cost nothing more."""

import re

import pytest

from handoff.models import Outcome
from leadhub.testing import assert_same_queries, signed_in

from .replayed import handed, planted, versions

pytestmark = pytest.mark.django_db

#: The four weeks until noon's day.
WEEKS = "/reports/replay/?period=custom&first=2026-10-22&last=2026-11-18"
JUNK = (
    "version=999", "version=x", "version=-1", "version=99999999999999999999999", "version=1e3", "of=leads",
    "acceptance=0", "acceptance=101", "acceptance=NaN", "acceptance=" + "9" * 5_000, "volume=-3", "volume=abc", "flips=0", "volume=1e400",
    "period=abc", "period=custom&first=2026-13-45", "period=custom&first=0001-01-01&last=9999-12-31",
)  # fmt: skip


def said(name: str, url: str = WEEKS) -> str:
    """The words of the page as that person reads it."""
    page = signed_in(name).get(url)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace(" %", "%")


@pytest.mark.parametrize("name", ["Mona", "Mick", "Sue", "Ann", "Ada"])
def test_marketing_and_those_who_read_company_figures_see_it(name: str) -> None:
    assert "Rules against outcomes" in said(name)
    assert "/reports/replay/" in signed_in(name).get("/reports/").content.decode()


def test_a_rep_does_not() -> None:
    rita = signed_in("Rita")
    assert rita.get(WEEKS).status_code == 403
    assert "/reports/replay/" not in rita.get("/reports/").content.decode()


def test_nothing_to_replay_is_said_with_a_way_on() -> None:
    assert "No such leads in this period" in said("Mick")


def test_both_versions_stand_side_by_side_with_shares_intervals_and_n() -> None:
    versions()
    planted()
    words = said("Mick", f"{WEEKS}&acceptance=70&volume=40")
    assert "Sales decided on 38 and accepted 26 of them; 4 are undecided" in words
    assert "71% 53% to 85%, n = 28" in words  # precision of the published version
    assert "100% 87% to 100%, n = 26" in words  # of the draft
    assert "n = 10: too few for a conclusion, which takes 30." in words  # won and lost
    assert "With a total of 30 or more at least 70% were accepted; 38 leads" in words
    assert "SQL only by Visits and VPs (v3)" in words


def test_few_decided_ones_are_counted_and_no_conclusion_is_drawn() -> None:
    versions()
    for _n in range(29):
        handed(6, Outcome.ACCEPTED)
    words = said("Mick")
    assert "Sales decided on 29 of these leads. With fewer than 30 nothing can be concluded" in words
    assert "Not said: n = 29" in words
    assert "Precision" not in words
    assert "With a total of" not in words
    assert "29 of 29" in words
    assert "100%" not in words


def test_more_leads_flip_than_one_page_holds() -> None:
    versions()
    for _n in range(51):
        handed(5, Outcome.SENT_BACK)
    mick = signed_in("Mick")
    pages = [mick.get(f"{WEEKS}{page}").content.decode() for page in ("", "&flips=2", "&flips=900")]
    assert [page.count("/score/?day=") for page in pages] == [100, 2, 0]
    earlier = re.findall(r'href="(\?[^"]+#flips)"', pages[0])
    assert len(earlier) == 1
    assert mick.get(f"/reports/replay/{earlier[0]}".replace("&amp;", "&")).content.decode().count("/score/?day=") == 2


@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_the_address_is_said_in_a_sentence(junk: str) -> None:
    versions()
    assert "The usual period is shown" in said("Mick", f"/reports/replay/?{junk}")


def test_an_analyst_reads_no_names_and_every_lead_that_flips_opens_its_ledgers() -> None:
    versions()
    handed(5, Outcome.SENT_BACK)
    page = signed_in("Ann").get(WEEKS).content.decode()
    assert "Lestari" not in page
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/leads/\d+/score/[^"]+)"', page)]
    assert len(links) == 2
    assert [signed_in("Ann").get(link).status_code for link in links] == [200, 200]


def test_rows_cost_no_further_questions() -> None:
    versions()
    assert_same_queries(signed_in("Mick"), WEEKS, lambda: handed(5, Outcome.SENT_BACK), most=20)
