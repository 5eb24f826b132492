"""A sweep and a publishing are blocks of leads that any number of processes take; none is lost or done twice (quality.md I9)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conftest import Worker, database_url_of_this_process
from leadhub.celery import app
from leadhub.testing import NOON, make_lead, person, signed_in
from leads.models import Activity, Lead, Verdict
from scoring import agreement, asking, blocks, lifecycle, publishing, store, tasks, versions
from scoring.days import workspace_day
from scoring.explain import ledgers_of
from scoring.models import LeadScore, ModelState, Pending, ScoringModel, Sweep
from scoring.models_agreement import Side
from scoring.models_work import Part, Progress, Publishing
from scoring.sweep import begin_sweep, drain, forget_sweeps, sweep_block, sweep_day, sweep_some, work_of
from scoring.versions import ModelRefused, draft

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = workspace_day(NOON)


@pytest.fixture
def leads() -> list[Lead]:
    """Six leads with deeds, each in a block of its own."""
    return [visitor_of_another_block() for _n in range(6)]


def visitor_of_another_block() -> Lead:
    with connection.cursor() as cursor:
        sequence = "pg_get_serial_sequence('leads_lead', 'id')"
        cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [blocks.BLOCK])
    lead = make_lead(first_name="Dewi")
    for day, path in enumerate(("/docs/start", "/pricing", "/docs")):
        lead.record("page_visit", at=NOON - timedelta(days=day), recorded_at=NOON, url=path)
    return lead


def version_with(points: float, path: str, *, fit: float = 5) -> ScoringModel:
    when = [{"field": "path", "op": "starts_with", "value": path}]
    document = {
        "name": "Version",
        "groups": [{"key": "who", "axis": "fit"}, {"key": "web", "axis": "engagement"}],
        "rules": [
            {"key": "named", "group": "who", "points": fit, "when": [{"field": "first_name", "op": "known"}]},
            {"key": "visit", "group": "web", "points": points, "activity": {"types": ["page_visit"], "when": when}},
        ],
    }
    return draft(document, by=None, at=NOON)


def agreed(version: ScoringModel) -> None:
    """Proposed, and approved by both teams."""
    lifecycle.propose(version, reason="More for the documentation", by=person("Mona"), at=NOON)
    version.refresh_from_db()
    for name, side in (("Mick", "marketing"), ("Sue", "sales")):
        agreement.approve(version, Side(side), by=person(name), seen=version.digest, at=NOON)


def assert_every_score_is_what_its_ledger_says(day: date = TODAY) -> None:
    stored = {row.lead_id: (row.fit, row.engagement, row.total) for row in LeadScore.objects.all()}
    ledgers = ledgers_of(list(stored), day=day)
    assert stored == {pk: (ledger.fit, ledger.engagement, ledger.total) for pk, ledger in ledgers.items()}
    with transaction.atomic():
        assert store.differing(list(stored)) == []


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until(said: Callable[[], Any], seconds: float = 30) -> bool:
    ends = time.monotonic() + seconds
    while not said() and time.monotonic() < ends:
        time.sleep(0.05)
    return bool(said())


@contextmanager
def busy(lead: Lead) -> Iterator[None]:
    """Somebody counts a deed of the lead all the while, so whoever wants its whole block waits."""
    with transaction.atomic():
        blocks.share([lead.pk])
        yield


def blocks_done(work: str) -> int:
    return Part.objects.of_work(work).exclude(done_at=None).count()


class TestSweep:
    def test_it_has_a_part_for_each_block_and_is_done_with_the_last(self, leads: list[Lead]) -> None:
        begin_sweep(NOON)
        assert Part.objects.of_work(work_of(TODAY)).count() == len(leads)
        while sweep_block(TODAY, NOON) is not None:
            assert Sweep.objects.get(day=TODAY).finished_at == (None if Part.objects.waiting().exists() else NOON)
        assert Sweep.objects.get(day=TODAY).finished_at == NOON

    def test_many_at_once_score_each_lead_once(self, leads: list[Lead]) -> None:
        begin_sweep(NOON)
        done: list[int] = []
        threads = [in_thread(lambda: done.append(sweep_day(NOON).leads)) for _n in range(3)]
        for thread in threads:
            thread.join(30)
        assert sum(done) == len(leads)
        assert_every_score_is_what_its_ledger_says()

    def test_a_block_that_is_done_is_not_done_again(self, leads: list[Lead]) -> None:
        begin_sweep(NOON)
        block = leads[2].pk // blocks.BLOCK
        assert sweep_block(TODAY, NOON, block) is not None
        assert sweep_block(TODAY, NOON, block) is None

    def test_the_sweeper_does_a_few_blocks_in_a_round(self, leads: list[Lead]) -> None:
        assert [sweep_some(NOON).leads for _round in range(3)] == [4, 2, 0]
        assert Sweep.objects.get(day=TODAY).finished_at == NOON

    def test_old_parts_are_cleared_away(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        sweep_day(NOON + timedelta(days=1))
        assert set(Part.objects.values_list("work", flat=True)) == {work_of(TODAY + timedelta(days=1))}


def process_that(does: str) -> "subprocess.Popen[bytes]":
    code = f"import django; django.setup(); from scoring import publishing, sweep; from leadhub.testing import NOON; {does}"
    return subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"DATABASE_URL": database_url_of_this_process()}
    )


def kill_in_the_middle(does: str, at: Lead, reached: Callable[[], bool]) -> None:
    """Start it, let it come as far as the lead's block, and take its power away there."""
    with busy(at):
        process = process_that(does)
        came_so_far = wait_in_other_session(reached)
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert came_so_far


def wait_in_other_session(reached: Callable[[], bool]) -> bool:
    """Whether it comes true; asked by a thread, since the session of the test is in a transaction."""
    found: list[bool] = []
    in_thread(lambda: found.append(wait_until(reached))).join(40)
    return found == [True]


class TestKilled:
    def test_a_sweep_killed_in_the_middle_is_ended_by_the_next_and_no_lead_is_lost_or_doubled(
        self, leads: list[Lead]
    ) -> None:
        begin_sweep(NOON)
        kill_in_the_middle("sweep.sweep_day(NOON)", leads[3], lambda: blocks_done(work_of(TODAY)) == 3)
        assert blocks_done(work_of(TODAY)) == 3
        assert sweep_day(NOON).leads == 3
        assert Sweep.objects.get(day=TODAY).finished_at
        assert_every_score_is_what_its_ledger_says()

    def test_a_publishing_killed_while_vectors_learn_is_ended_by_the_next_round(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        version = version_with(7, "/docs")
        asked = publishing.start(version, by=None, at=NOON)
        kill_in_the_middle("publishing.carry_on(NOON)", leads[2], lambda: blocks_done(f"learn:{asked.pk}") == 2)
        assert ScoringModel.objects.published() != version
        publishing.carry_on(NOON)
        assert ScoringModel.objects.published() == version
        assert set(LeadScore.objects.values_list("engagement", flat=True)) == {1400}
        assert_every_score_is_what_its_ledger_says()

    def test_a_publishing_killed_while_leads_are_scored_is_ended_by_the_next_round(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        publishing.start(version_with(3, "/pricing"), by=None, at=NOON)  # vectors know it: there is nothing to learn
        kill_in_the_middle(
            "publishing.carry_on(NOON)",
            leads[4],
            lambda: Publishing.objects.exclude(swapped_at=None).exists() and blocks_done(work_of(TODAY)) == 4,
        )
        publishing.carry_on(NOON)
        assert Publishing.objects.get().ended_at == NOON
        assert set(LeadScore.objects.values_list("engagement", flat=True)) == {300}
        assert_every_score_is_what_its_ledger_says()

    def test_one_of_two_workers_is_killed_and_the_other_ends_the_sweep(
        self, leads: list[Lead], celery_worker_process: Worker, second_celery_worker_process: Worker
    ) -> None:
        today, drained = workspace_day(timezone.now()), drain(timezone.now())
        forget_sweeps()  # the one of today, when there were no leads yet
        workers = [celery_worker_process, second_celery_worker_process]
        with busy(leads[3]):
            tasks.sweep_day.delay()
            assert wait_in_other_session(lambda: blocks_done(work_of(today)) == 5)
            assert wait_until(lambda: len(at_work(workers)) == 1)  # the other may be ending its last task still
            at_work(workers)[0].kill()
        # PostgreSQL may still hold the block for the dead one's session; the bell rings each round, as the sweeper's does.
        swept = Sweep.objects.filter(day=today, finished_at__isnull=False)
        assert any((tasks.sweep_day.delay(), wait_until(swept.exists, 2))[1] for _round in range(20))
        assert blocks_done(work_of(today)) == len(leads) == drained.leads
        assert_every_score_is_what_its_ledger_says(today)


def at_work(workers: list[Worker]) -> list[Worker]:
    """Those that have a task in hand now."""
    active = app.control.inspect(timeout=2).active() or {}
    return [worker for worker in workers if active.get(worker.name)]


class TestPublishing:
    def test_with_many_leads_it_goes_on_in_the_background_and_says_how_far_it_is(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        version = version_with(7, "/docs")
        asked = asking.publish(version, by=None, at=NOON)
        assert (asked.ended_at, ScoringModel.objects.published() == version) == (None, False)
        with busy(leads[1]):
            thread = in_thread(lambda: publishing.carry_on(NOON))
            assert wait_until(lambda: blocks_done(f"learn:{asked.pk}") == 1)
            assert asked.progress == Progress("learn", done=1, parts=6)
        thread.join(40)
        asked.refresh_from_db()
        assert asked.progress.step == "end"
        assert_every_score_is_what_its_ledger_says()

    def test_real_workers_end_it(self, leads: list[Lead], celery_worker_process: Worker) -> None:
        sweep_day(NOON)
        asked = asking.publish(version_with(7, "/docs"), by=None, at=NOON)
        assert wait_until(lambda: Publishing.objects.get(pk=asked.pk).ended_at, seconds=60)
        assert_every_score_is_what_its_ledger_says(workspace_day(timezone.now()))

    def test_of_workers_that_swap_at_once_one_does_and_no_problem_is_told(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        version = version_with(3, "/pricing")
        agreed(version)
        asked = publishing.start(version, by=person("Mick"), at=NOON)
        with transaction.atomic():
            versions.one_at_a_time()  # nothing is to be learnt: all of them come as far as the swap
            threads = [in_thread(lambda: publishing.carry_on(NOON)) for _n in range(3)]
            time.sleep(2)
        for thread in threads:
            thread.join(40)
        asked.refresh_from_db()
        assert (asked.ended_at, asked.problem) == (NOON, "")
        assert_every_score_is_what_its_ledger_says()

    def test_a_sweep_of_yesterday_that_was_cut_off_does_not_hold_it(self, leads: list[Lead]) -> None:
        asked = publishing.start(version_with(3, "/pricing"), by=None, at=NOON)
        publishing.carry_on(NOON, most=4)
        Sweep.objects.create(day=TODAY - timedelta(days=1), started_at=NOON - timedelta(days=1))
        publishing.carry_on(NOON)
        asked.refresh_from_db()
        assert asked.ended_at == NOON

    def test_rounds_of_the_sweeper_end_it_where_no_worker_hears(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        publishing.start(version_with(7, "/docs"), by=None, at=NOON)
        assert [publishing.carry_on_some(NOON) for _round in range(4)] == [True, True, False, False]
        assert_every_score_is_what_its_ledger_says()

    def test_with_few_leads_it_is_done_at_once(self) -> None:
        lead = make_lead(first_name="Dewi")
        drain(NOON)
        asked = asking.publish(version_with(7, "/docs", fit=9), by=None, at=NOON)
        assert asked.ended_at == NOON
        assert LeadScore.objects.get(lead=lead).fit == 900

    def test_asking_twice_is_asking_once(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        version = version_with(7, "/docs")
        assert asking.publish(version, by=None, at=NOON) == asking.publish(version, by=None, at=NOON)

    def test_a_draft_that_changes_after_it_was_asked_for_is_not_published(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        version, former = version_with(7, "/docs"), ScoringModel.objects.published()
        asking.publish(version, by=None, at=NOON)
        ScoringModel.objects.filter(pk=version.pk).update(document=version_with(8, "/docs").document)
        publishing.carry_on(NOON)
        assert "changed meanwhile" in Publishing.objects.get().problem
        assert ScoringModel.objects.published() == former
        assert not Part.objects.filter(work__startswith="learn:").exists()

    def test_a_version_taken_back_meanwhile_is_not_published(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        version, former = version_with(7, "/docs"), ScoringModel.objects.published()
        agreed(version)
        lifecycle.publish(version, by=person("Mick"), at=NOON)
        lifecycle.take_back(version, by=person("Mona"), at=NOON)
        publishing.carry_on(NOON)
        assert "changed meanwhile" in Publishing.objects.get().problem
        assert ScoringModel.objects.published() == former

    def test_its_page_shows_how_far_it_is_and_is_loaded_anew_at_the_end(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        version = version_with(7, "/docs")
        agreed(version)
        mick, page = signed_in("Mick"), f"/scoring/{version.version}/"
        said = mick.post(f"{page}move/", {"act": "publish"}, follow=True).content.decode()
        assert "is being published" in said
        assert "Matching past activities by the new rules" in said
        fragment = {"headers": {"HX-Request": "true"}}
        assert "hx-get" in mick.get(f"{page}publishing/", **fragment).content.decode()
        publishing.carry_on(NOON)
        assert mick.get(f"{page}publishing/", **fragment)["HX-Refresh"] == "true"
        assert "Published" in mick.get(page).content.decode()

    def test_a_published_version_cannot_be_asked_for(self) -> None:
        with pytest.raises(ModelRefused, match="only a draft"):
            asking.publish(ScoringModel.objects.get(state=ModelState.PUBLISHED), by=None, at=NOON)

    def test_nobody_sees_a_lead_scored_half_by_one_version(self, leads: list[Lead]) -> None:
        sweep_day(NOON)
        old = dict(LeadScore.objects.values_list("lead_id", "fit"))
        publishing.start(version_with(7, "/docs", fit=11), by=None, at=NOON)
        with busy(leads[0]):  # learning waits here; then, once let go, scoring runs through
            thread = in_thread(lambda: publishing.carry_on(NOON))
            time.sleep(0.5)
        while thread.is_alive():
            for row in LeadScore.objects.all():
                assert (row.fit, row.engagement) == (1100, 1400) or row.fit == old[row.lead_id]
                assert row.total == row.fit + row.engagement
        assert set(LeadScore.objects.values_list("fit", "engagement")) == {(1100, 1400)}


def merge_and_part(kept: Lead, gone: Lead, faults: list[Exception]) -> None:
    """Merge the two, part them, and merge them again, as people might who cannot decide."""
    try:
        for _turn in range(3):
            merge = kept.merge(gone, by=person("Mona"), at=NOON)
            merge.undo(by=person("Mona"), at=NOON)
        kept.merge(gone, by=person("Mona"), at=NOON)
    except Exception as fault:
        faults.append(fault)
        raise


def test_intake_verdicts_merges_a_publishing_and_a_sweep_at_once_leave_every_score_as_its_ledger_says(
    leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.sweep.BATCH", 5)
    sweep_day(NOON - timedelta(days=1))
    publishing.start(version_with(7, "/docs", fit=11), by=None, at=NOON)
    person("Mona")  # made before anybody is in a hurry
    threads = [in_thread(lambda: sweep_day(NOON)), in_thread(lambda: publishing.carry_on(NOON))]
    threads += [in_thread(lambda: drain(NOON)) for _n in range(2)]
    faults: list[Exception] = []
    threads += [in_thread(lambda pair=pair: merge_and_part(*pair, faults)) for pair in (leads[:2], leads[5:3:-1])]
    for number in range(30):
        leads[number % 6].record("page_visit", at=NOON - timedelta(days=number), recorded_at=NOON, url="/docs/more")
        if number % 5 == 0:
            drain(NOON)
    for deed in Activity.objects.order_by("id")[:8]:
        deed.judge(Verdict.MACHINE, by=person("Mona"), at=NOON)
    for thread in threads:
        thread.join(60)
    publishing.carry_on(NOON)
    drain(NOON)
    sweep_day(NOON)
    assert (faults, Publishing.objects.running().count(), Pending.objects.count()) == ([], 0, 0)
    assert Activity.objects.count() == 6 * 3 + 30
    assert [leads[pair].activities.count() for pair in (0, 5)] == [16, 16]
    assert_every_score_is_what_its_ledger_says()
