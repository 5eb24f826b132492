"""The replay as files and as a chart: the same figures as its page, few staying counts, names only for who may read them."""

import csv
from io import StringIO
from typing import Any

import pytest

from handoff.models import Outcome
from leadhub.testing import make_company, signed_in

from .replayed import handed, planted, versions

pytestmark = pytest.mark.django_db
ASKED = "period=custom&first=2026-10-22&last=2026-11-18"


def rows_of(table: str, name: str = "Mick") -> list[list[str]]:
    answer = signed_in(name).get(f"/reports/replay/tables/{table}.csv?{ASKED}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def drawn() -> Any:
    return signed_in("Mick").get(f"/reports/replay/chart/?{ASKED}").json()


def test_the_matrix_comes_with_precision_recall_and_intervals() -> None:
    versions()
    planted()
    head, *rows = rows_of("agreement")
    assert head[:3] == ["Version", "Against", "would be SQL, went well"]
    assert rows[0] == [
        "Visits (v2)",
        "what sales decided",
        "20",
        "8",
        "6",
        "4",
        "38",
        "71.4",
        "52.9",
        "84.7",
        "76.9",
        "57.9",
        "89.0",
    ]
    assert rows[1] == ["Visits (v2)", "won and lost", "5", "3", "0", "2", "10", *[""] * 6]  # too few
    assert [row[0] for row in rows] == ["Visits (v2)"] * 2 + ["Visits and VPs (v3)"] * 2


def test_bands_are_the_same_in_file_and_chart() -> None:
    versions()
    planted()
    head, *rows = rows_of("bands")
    assert head[:3] == ["Total at that moment", "Visits (v2): accepted", "Visits (v2): decided"]
    assert rows[0][:4] == ["60 to 69", "20", "20", "100.0"]
    found = drawn()
    assert found["categories"] == [row[0] for row in rows][::-1]
    old, new = found["series"]
    assert (old["name"], old["data"][-1], old["intervals"][-1]) == ("Visits (v2)", 100.0, [83.9, 100.0])
    assert (new["tone"], old["tone"]) == ("accent", "compare")
    assert [pair is None for pair in new["intervals"]] == [share is None for share in new["data"]]


def test_few_get_counts_and_no_chart() -> None:
    versions()
    handed(6, Outcome.ACCEPTED)
    assert rows_of("bands")[1] == ["60 to 69", "1", "1", "", "", "", "1", "1", "", "", ""]
    assert drawn()["categories"] == []
    assert "data-chart" not in signed_in("Mick").get(f"/reports/replay/?{ASKED}").content.decode()


def test_every_lead_that_flips_is_in_the_file_and_no_formula_is() -> None:
    versions()
    shop = make_company("=HYPERLINK(1)")
    leads = [handed(5, Outcome.SENT_BACK, first_name="@Dewi", company=shop).lead for _n in range(51)]
    head, *rows = rows_of("flips")
    assert (len(rows), head[0]) == (51, "Lead")
    assert {row[0] for row in rows} == {str(lead.pk) for lead in leads}
    assert rows[0][1:] == [
        "'@Dewi Lestari",
        "'=HYPERLINK(1)",
        "2026-11-18",
        "Visits (v2)",
        "50.0",
        "50.0",
        "refused",
        "",
    ]


def test_an_analyst_gets_no_names_and_a_rep_no_file() -> None:
    versions()
    handed(5, Outcome.SENT_BACK)
    assert "Name" not in rows_of("flips", "Ann")[0]
    assert "Lestari" not in str(rows_of("flips", "Ann"))
    rita = signed_in("Rita")
    assert [rita.get(f"/reports/replay/{path}").status_code for path in ("tables/flips.csv", "chart/")] == [403, 403]


@pytest.mark.parametrize("table", ["agreement", "bands", "flips"])
def test_nothing_to_replay_gives_an_empty_table(table: str) -> None:
    assert len(rows_of(table)) <= 3
    assert signed_in("Mick").get("/reports/replay/tables/leads.csv").status_code == 404
