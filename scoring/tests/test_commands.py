"""The commands of scoring: what they write, and what they say to bad input (a sentence, never a traceback)."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from leadhub.testing import make_lead
from leads.models import Lead, OtherId
from scoring.days import workspace_day
from scoring.definition_reading import parse
from scoring.models import LeadScore, Matcher, ScoringModel

pytestmark = pytest.mark.django_db
DEFAULT = Path(__file__).parent.parent / "default_model.json"
COLUMNS = ["email", "external_id", "fit", "engagement", "total", "label", "stage"]


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def rows(*words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run("export_scores", *words))))


@pytest.fixture
def lead() -> Lead:
    """A director who asked for a demo ten days ago and read two articles today."""
    lead = make_lead("budi@nusantara.example", external_id="N-1", seniority="Director")
    now = timezone.now()
    lead.record("demo_requested", at=now - timedelta(days=10), recorded_at=now)
    for _n in range(2):
        lead.record("page_visit", at=now, url="/blog/freight")
    return lead


def test_a_model_goes_out_and_comes_in_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    run("export_scoring_model", str(file))
    said = run("import_scoring_model", str(file))
    newest = ScoringModel.objects.order_by("-version").first()
    assert newest is not None
    assert parse(newest.document) == parse(json.loads(DEFAULT.read_text()))
    assert "Stored as a draft" in said
    assert run("export_scoring_model", "--version", "2") == file.read_text()


def test_an_imported_model_can_be_published_at_once(tmp_path: Path, lead: Lead) -> None:
    document = {"name": "Own", "groups": [{"key": "g", "axis": "engagement"}], "rules": [
        {"key": "demo", "group": "g", "points": 12.34, "activity": {"types": ["demo_requested"]}}]}  # fmt: skip
    file = tmp_path / "model.json"
    file.write_text(json.dumps(document))
    assert "Published; 1 leads scored" in run("import_scoring_model", str(file), "--publish")
    assert LeadScore.objects.get(lead=lead).total == 1234


def test_all_that_is_wrong_with_a_model_is_said_at_once_and_nothing_is_stored(tmp_path: Path) -> None:
    file, before = tmp_path / "bad.json", Matcher.objects.count()
    file.write_text('{"name": "Bad", "rules": [{"key": "a", "group": "none", "points": "many"}], "extra": 1}')
    with pytest.raises(CommandError) as refused:
        run("import_scoring_model", str(file), "--publish")
    assert [path in str(refused.value) for path in ("rules[0].group:", "rules[0].points:", "“extra”")] == [True] * 3
    assert (ScoringModel.objects.count(), Matcher.objects.count()) == (1, before)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[", b"[]", b"null", b"\x00", b"[" * 100_000, b'{"name": "x", "name": "y"}', b'{"name": NaN}'],
)
def test_what_is_no_model_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_bytes(content)
    with pytest.raises(CommandError, match="was not stored"):
        run("import_scoring_model", str(file))


@pytest.mark.parametrize("path", ["/does/not/exist", "/tmp", "\x00"])
def test_files_that_cannot_be_read_are_said_to_be(path: str) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_scoring_model", path)


def test_scores_go_out_with_two_decimals(lead: Lead) -> None:
    [row] = rows()
    assert list(row) == COLUMNS
    stored = LeadScore.objects.get(lead=lead)
    assert [row["fit"], row["engagement"], row["total"]] == [
        f"{points / 100:.2f}" for points in (stored.fit, stored.engagement, stored.total)
    ]
    assert (row["email"], row["external_id"], row["label"]) == ("budi@nusantara.example", "N-1", stored.label)


def test_scores_of_other_days_are_computed_and_nothing_is_stored(lead: Lead) -> None:
    today = workspace_day(timezone.now())
    [now], [month], [before] = (
        rows(),
        rows("--day", str(today + timedelta(days=30))),
        rows("--day", str(today - timedelta(days=11))),
    )
    stored = LeadScore.objects.get(lead=lead)
    assert float(before["engagement"]) == 0 < float(month["engagement"]) < float(now["engagement"])
    assert f"{stored.total / 100:.2f}" == now["total"]


def test_scores_as_json_and_into_a_file(lead: Lead, tmp_path: Path) -> None:
    make_lead("second@nusantara.example")
    file = tmp_path / "scores.json"
    assert run("export_scores", "--format", "json", "--output", str(file)) == ""
    [first, second] = json.loads(file.read_text())
    assert (list(first), first["email"], second["total"]) == (COLUMNS, lead.email, "0.00")
    assert json.loads(run("export_scores", "--format", "json")) == [first, second]


def test_no_leads_make_an_empty_list() -> None:
    assert rows() == []
    assert json.loads(run("export_scores", "--format", "json")) == []


def test_an_address_that_is_a_formula_is_quoted() -> None:
    make_lead("=1+1@x.io")
    assert rows()[0]["email"] == "'=1+1@x.io"


def test_a_score_is_explained_line_by_line(lead: Lead) -> None:
    said = run("explain_score", "BUDI@nusantara.example")
    assert all(
        part in said for part in ("Asked for a demo or trial", "Management", "Engagement", "Total", "MQL: ", "SQL: ")
    )
    assert "N-1" not in said


@pytest.mark.parametrize("name", ["budi@nusantara.example", "N-1", "OLD-7", " N-1 "])
def test_a_lead_is_found_by_address_and_by_each_of_its_ids(name: str, lead: Lead) -> None:
    OtherId.objects.create(external_id="OLD-7", lead=lead)
    ledger = json.loads(run("explain_score", name, "--json"))
    assert ledger["email"] == lead.email
    assert sum(round(100 * line["points"]) for line in ledger["lines"]) == round(100 * ledger["total"])
    assert round(100 * ledger["total"]) == LeadScore.objects.get(lead=lead).total


def test_an_explanation_looks_back_and_ahead_and_at_other_versions(lead: Lead, tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text('{"name": "Nothing"}')
    run("import_scoring_model", str(file))
    ahead = str(workspace_day(timezone.now()) + timedelta(days=20))
    totals = [
        json.loads(run("explain_score", "N-1", "--json", *more))["total"]
        for more in ([], ["--day", ahead], ["--version", "2"])
    ]
    assert totals[0] > totals[1] > totals[2] == 0


@pytest.mark.parametrize("name", ["nobody@x.io", "", "\x00", "x" * 5000, "\ud800"])
def test_an_unknown_lead_is_said_to_be_unknown(name: str) -> None:
    with pytest.raises(CommandError, match="No lead has"):
        run("explain_score", name)


@pytest.mark.parametrize(
    "day", ["tomorrow", "", "2026-02-30", "20261121", "1999-12-31", "9999-12-31", "２０２６-01-01", "2026-11-21T00:00"]
)
@pytest.mark.parametrize("command", [["export_scores"], ["recalculate_scores"], ["explain_score", "N-1"]])
def test_bad_days_are_refused_in_words(day: str, command: list[str]) -> None:
    with pytest.raises(CommandError, match=r"is no day|must lie between"):
        run(*command, f"--day={day}")


@pytest.mark.parametrize("version", ["x", "0", "99", "-1", "1" * 30, "²"])
def test_unknown_versions_are_refused_in_words(version: str) -> None:
    with pytest.raises(CommandError, match="There is no version"):
        run("export_scoring_model", f"--version={version}")


def test_a_future_day_cannot_be_stored() -> None:
    with pytest.raises(CommandError, match="is in the future"):
        run("recalculate_scores", "--day", str(workspace_day(timezone.now()) + timedelta(days=1)))


def test_recalculating_matches_facts_that_changed_behind_our_back(lead: Lead) -> None:
    run("recalculate_scores")
    before = LeadScore.objects.get(lead=lead).fit
    Lead.objects.filter(pk=lead.pk).update(seniority="C-level")
    assert "1 changed" in run("recalculate_scores")
    assert LeadScore.objects.get(lead=lead).fit > before


def test_checking_repairs_and_says_so(lead: Lead) -> None:
    run("recalculate_scores")
    LeadScore.objects.filter(lead=lead).update(total=1, engagement=1, fit=0)
    assert "0 vectors and 1 scores differed" in run("check_scores")
    assert "0 vectors and 0 scores differed" in run("check_scores")
    assert "1 vectors made anew; 0 scores changed" in run("rebuild_vectors")


def test_a_file_that_cannot_be_written_is_said_to_be(tmp_path: Any) -> None:
    for command in (["export_scores", "--output"], ["export_scoring_model"]):
        with pytest.raises(CommandError, match="cannot be written"):
            run(*command, str(tmp_path / "no" / "such" / "place"))
