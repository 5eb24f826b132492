"""The API of scores: who may read, exact ledgers for any day and version, and a feed of changes that loses nothing."""

import threading
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, Scope
from leadhub.testing import NOON, make_lead, person, signed_in
from leads import api_limits
from leads.models import Lead, OtherId
from leads.stages import Cause, Stage
from scoring import board
from scoring.changes import Cursor, CursorFault
from scoring.days import workspace_day
from scoring.explain import ledger_of
from scoring.models import LeadScore, ScoringModel
from scoring.points import plain_points
from scoring.sweep import drain
from scoring.versions import draft

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    api_limits._shared().storage.reset()
    api_limits._alone.cache_clear()


def key_for(*scopes: str) -> str:
    return ApiKey.objects.issue(name=f"CRM {scopes}", scopes=list(scopes), by=person("Ada"))[1]


@pytest.fixture
def key(db: None) -> str:
    return key_for(Scope.SCORES_READ)


def ask(path: str, key: str, **asked: Any) -> Any:
    return Client().get(f"/api{path}", asked, headers={"authorization": f"Bearer {key}"})


def active_lead(**facts: Any) -> Lead:
    lead = make_lead(at=timezone.now() - 30 * DAY, seniority="Director", **facts)
    lead.record("demo_requested", at=timezone.now() - 20 * DAY)
    drain(timezone.now())
    return lead


@pytest.mark.django_db
class TestScore:
    def test_the_lines_sum_exactly_to_the_score(self, key: str) -> None:
        lead = active_lead()
        said = ask(f"/leads/{lead.pk}/score", key).json()
        assert round(sum(line["points"] for line in said["lines"]) * 100) == round(said["total"] * 100)
        assert said["total"] == plain_points(LeadScore.objects.get(lead=lead).total)
        assert said["last_intent"] == str(workspace_day(timezone.now() - 20 * DAY))

    def test_any_day_and_version_can_be_asked_for(self, key: str) -> None:
        lead, today = active_lead(), workspace_day(timezone.now())
        version = draft(ScoringModel.objects.published().document, by=None, at=timezone.now())
        for day in (today - 25 * DAY, today - 5 * DAY, today + 100 * DAY):
            said = ask(f"/leads/{lead.pk}/score", key, day=str(day), version=str(version.version)).json()
            assert said["total"] == plain_points(ledger_of(lead, day=day, model=version).total)
            assert (said["day"], said["version"]) == (str(day), version.version)

    def test_it_says_which_definitions_are_met_and_the_stage_of_that_day(self, key: str) -> None:
        lead, today = active_lead(department="IT", phone="1", country="Poland"), workspace_day(timezone.now())
        now, before = (ask(f"/leads/{lead.pk}/score", key, day=str(day)).json() for day in (today, today - 25 * DAY))
        assert (now["meets"]["sql"], now["stage"]) == (True, "sql")
        assert (before["meets"]["sql"], before["stage"]) == (False, "lead")

    def test_a_lead_is_found_by_address_and_by_any_id_it_is_known_by(self, key: str) -> None:
        lead = make_lead("dewi@nusantara.example", external_id="crm-1")
        OtherId.objects.create(external_id="crm-0", lead=lead)
        for asked in ({"email": " Dewi@Nusantara.example"}, {"external_id": "crm-1"}, {"external_id": "crm-0"}):
            assert ask("/leads/score", key, **asked).json()["id"] == lead.pk

    def test_neither_name_nor_address_is_told(self, key: str) -> None:
        lead = make_lead("secret@nusantara.example", first_name="Unmistakable")
        page = ask(f"/leads/{lead.pk}/score", key).content.decode()
        assert "Unmistakable" not in page
        assert "nusantara" not in page

    @pytest.mark.parametrize("lead", ["0", "9" * 18, "9" * 400, "-1", "x", "%00", "1%2F2", "٣"])
    def test_a_lead_that_is_none_is_not_found(self, lead: str, key: str) -> None:
        assert ask(f"/leads/{lead}/score", key).status_code in (400, 404)

    @pytest.mark.parametrize(
        "asked", [{"email": "a\x00b"}, {"external_id": "\x00"}, {"email": "nobody@x.io"}, {"external_id": "9" * 5000}]
    )
    def test_an_unknown_address_or_id_is_not_found(self, asked: dict[str, str], key: str) -> None:
        assert ask("/leads/score", key, **asked).status_code in (400, 404)

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ({"day": "yesterday"}, 422), ({"day": "1999-12-31"}, 422), ({"day": "9999-12-31"}, 422), ({"day": "9" * 5000}, 422),
            ({"version": "999999999"}, 404), ({"version": "9" * 400}, 404), ({"version": "-1"}, 404), ({"version": "v1"}, 404),
        ],
    )  # fmt: skip
    def test_a_day_or_version_that_is_none_gets_a_sentence(self, asked: dict[str, str], status: int, key: str) -> None:
        response = ask(f"/leads/{make_lead().pk}/score", key, **asked)
        assert response.status_code == status
        assert response.json()["detail"].endswith((".", "x"))

    def test_without_a_name_there_is_nothing_to_find(self, key: str) -> None:
        assert ask("/leads/score", key).status_code == 422


@pytest.mark.django_db
class TestKeys:
    PATHS = ("/leads/1/score", "/leads/score?email=a@b.io", "/scores/changes")

    @pytest.mark.parametrize("path", PATHS)
    def test_only_the_scope_opens_it(self, path: str) -> None:
        assert ask(path, "lh_x_y").status_code == 401
        others = [scope for scope in Scope.values if scope != Scope.SCORES_READ]
        refused = ask(path, key_for(*others))
        assert (refused.status_code, "scores:read" in refused.json()["detail"]) == (403, True)

    def test_a_key_that_asks_too_often_waits(self, key: str, settings: Any) -> None:
        settings.API_RATE = "2/10seconds"
        assert [ask("/scores/changes", key).status_code for _ in range(3)] == [200, 200, 429]

    def test_it_stands_on_the_page_of_the_api(self) -> None:
        page = signed_in("Ada").get("/api/docs").content.decode()
        assert "/api/scores/changes" in page
        assert "scores:read" in page


def everything(key: str, after: str = "", limit: int = 2) -> tuple[list[dict[str, Any]], str]:
    """All there is after a cursor, page by page, and the cursor to go on with."""
    found: list[dict[str, Any]] = []
    while True:
        said = ask("/scores/changes", key, after=after, limit=str(limit)).json()
        found += said["changes"]
        after = said["cursor"]
        if not said["more"]:
            return found, after


def set_total(lead: Lead, total: int) -> None:
    """Written as scoring writes it."""
    before, after = board.read([lead.pk]), board.read([lead.pk])
    after.total[:], after.engagement[:] = total, total
    board.write_changes(before, after, NOON.date())


def scored_lead(**facts: Any) -> Lead:
    lead = make_lead(**facts)
    board.ensure_rows([lead.pk], NOON.date())
    return lead


@pytest.mark.django_db(transaction=True)
class TestChanges:
    def test_every_lead_comes_once_and_then_what_changed(self, key: str) -> None:
        leads = [scored_lead(external_id=f"crm-{n}") for n in range(5)]
        first, cursor = everything(key)
        assert [row["id"] for row in first] == [lead.pk for lead in leads]
        assert everything(key, cursor)[0] == []
        set_total(leads[3], 1250)
        [change] = everything(key, cursor)[0]
        assert (change["id"], change["external_id"], change["total"], change["changed"]) == (
            leads[3].pk,
            "crm-3",
            12.5,
            "2026-11-18",
        )

    def test_a_move_of_stage_is_a_change_and_a_new_lead_too(self, key: str) -> None:
        lead = scored_lead()
        _rows, cursor = everything(key)
        lead.move(to=Stage.MARKETING_QUALIFIED, at=NOON, cause=Cause.SCORE)
        new = scored_lead()
        assert [(row["id"], row["stage"]) for row in everything(key, cursor)[0]] == [(lead.pk, "mql"), (new.pk, "lead")]

    def test_what_changes_while_everything_is_read_is_told(self, key: str) -> None:
        leads = [scored_lead() for _ in range(3)]
        begun = ask("/scores/changes", key, limit="2").json()
        set_total(leads[0], 700)
        rest, cursor = everything(key, begun["cursor"])
        later = everything(key, cursor)[0]
        assert [row["id"] for row in rest] == [leads[2].pk]
        assert {leads[0].pk: 7} == {row["id"]: row["total"] for row in later if row["id"] == leads[0].pk}

    def test_many_changes_of_one_transaction_are_paged(self, key: str) -> None:
        leads = [scored_lead() for _ in range(7)]
        _rows, cursor = everything(key)
        with transaction.atomic():
            for lead in leads:
                set_total(lead, 100)
        assert [row["id"] for row in everything(key, cursor)[0]] == [lead.pk for lead in leads]

    def test_two_transactions_that_commit_in_reverse_order_lose_nothing(self, key: str) -> None:
        """The one that began first commits last: a reader in between must not step over it."""
        early, late = scored_lead(), scored_lead()
        _rows, cursor = everything(key)
        begun, finish = threading.Event(), threading.Event()
        writer = threading.Thread(target=_write_slowly, args=(early, begun, finish))
        writer.start()
        assert begun.wait(20)
        set_total(late, 200)
        between, cursor = everything(key, cursor)
        finish.set()
        writer.join(20)
        after, _cursor = everything(key, cursor)
        assert between == []  # the later one waits for the earlier one
        assert {row["id"]: row["total"] for row in after} == {early.pk: 1, late.pk: 2}

    def test_a_row_that_an_older_transaction_writes_last_is_told_again(self, key: str) -> None:
        """Its number goes down; the horizon was never above it, so no reader has passed it."""
        lead = scored_lead()
        _rows, cursor = everything(key)
        begun, finish = threading.Event(), threading.Event()
        writer = threading.Thread(target=_write_slowly, args=(lead, begun, finish, True))
        writer.start()
        assert begun.wait(20)
        set_total(lead, 200)
        _rows, cursor = everything(key, cursor)
        finish.set()
        writer.join(20)
        assert everything(key, cursor)[0][-1]["total"] == 1

    def test_a_transaction_of_another_database_delays_nothing(self, key: str) -> None:
        lead, server = scored_lead(), connection.get_connection_params()
        _rows, cursor = everything(key)
        with psycopg.connect(**{**server, "dbname": "postgres", "cursor_factory": None}) as elsewhere:
            elsewhere.execute("SELECT pg_current_xact_id()")
            set_total(lead, 200)
            assert [row["total"] for row in everything(key, cursor)[0]] == [2]

    def test_a_cursor_of_another_server_or_another_time_begins_anew(self, key: str) -> None:
        scored_lead()
        cursor = everything(key)[1]
        server, _rest = cursor.split("-", 1)
        for lost in (f"elsewhere-{_rest}", f"{server}-c-{10**17}-0"):
            answer = ask("/scores/changes", key, after=lost)
            assert (answer.status_code, "begin anew" in answer.json()["detail"]) == (410, True)


def _write_slowly(lead: Lead, begun: threading.Event, finish: threading.Event, late: bool = False) -> None:
    """A transaction that has its number now, and writes and commits later."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            if not late:
                set_total(lead, 100)
            begun.set()
            assert finish.wait(20)
            if late:
                set_total(lead, 100)
    finally:
        connection.close()


@pytest.mark.django_db
class TestJunk:
    @pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", "", "9" * 400, "1.5", "٣"])
    def test_a_limit_that_is_none_gets_a_sentence(self, limit: str, key: str) -> None:
        answer = ask("/scores/changes", key, limit=limit)
        assert answer.status_code == 422
        assert answer.json()["detail"] == "“limit” is a number from 1 to 1000."

    @pytest.mark.parametrize(
        "after",
        ["x", "-", "a-c-1", "a-c-1-2-3", "a-x-1-2", "a-c--1-2", "a-c-9" + "9" * 400 + "-1", "-c-1-2", "٣-c-٣-٣"],
    )
    def test_a_cursor_that_is_none_gets_a_sentence(self, after: str, key: str) -> None:
        answer = ask("/scores/changes", key, after=after)
        assert (answer.status_code, answer.json()["detail"][:17]) == (422, "This is no cursor")
        with pytest.raises(CursorFault):
            Cursor.read(after)

    def test_a_cursor_reads_as_it_was_written(self) -> None:
        for cursor in (Cursor("ab12", 5, 7), Cursor("ab12", 10**17, 0, everything=True)):
            assert Cursor.read(str(cursor)) == cursor
