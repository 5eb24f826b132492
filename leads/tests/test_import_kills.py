"""An import that is killed, overtaken, cancelled or handed over loses nothing and writes nothing twice (R14, F24)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from leadhub.testing import NOON
from leads import imports, tasks
from leads.importing import running
from leads.importing.running import run
from leads.intake import NewLead
from leads.models import Company, ImportJob, ImportRow, Lead

from .importing import counts, job_of

ROWS = 450


@pytest.fixture
def job(tmp_path, monkeypatch):
    """An import of 450 leads of 150 companies, in small portions; every tenth row is faulty."""
    monkeypatch.setattr(running, "STAGE_ROWS", 100)
    monkeypatch.setattr(running, "WRITE_ROWS", {"leads": 50, "activities": 50})
    path = tmp_path / "leads.csv"
    rows = [f"p{n}@company{n % 150}.org,{'x' * 200 if n % 10 == 0 else 'City'}" for n in range(ROWS)]
    path.write_text("email,city\n" + "\n".join(rows) + "\n")
    return job_of(path)


class PowerCut(BaseException):
    """What no handler catches."""


def cut_at(monkeypatch, moment: int):
    """The power goes at the n-th checkpoint, inside its transaction."""
    seen = {"n": 0}
    save = running._Run._save

    def dying(self, **values):
        save(self, **values)
        seen["n"] += 1
        if seen["n"] == moment:
            raise PowerCut

    monkeypatch.setattr(running._Run, "_save", dying)


def leads_as_they_are():
    return sorted(Lead.objects.values_list("email", "city", "company__domain"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", [1, 2, 3, 6, 8, 9, 14])
def test_a_kill_at_any_checkpoint_changes_nothing_in_the_end(job, monkeypatch, moment):
    with monkeypatch.context() as patch:
        cut_at(patch, moment)
        with pytest.raises(PowerCut):
            run(job.pk, clock=timezone.now)
    later = timezone.now() + timedelta(minutes=5)
    assert imports.resume(later, budget=60) == 1
    job.refresh_from_db()
    assert (job.state, counts(job), job.rows_read) == (ImportJob.State.DONE, (405, 0, 0, 45), ROWS)
    assert (len(leads_as_they_are()), Company.objects.count()) == (405, 150 - 15)
    assert not ImportRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_run_that_lost_its_lease_writes_nothing_more(job):
    first = running._claimed(job.pk, timezone.now())
    second = running._claimed(job.pk, timezone.now() + timedelta(minutes=5))
    assert (first.attempts, second.attempts) == (1, 2)
    with pytest.raises(running.Overtaken):
        running._Run(first, timezone.now, float("inf")).go()
    assert not Lead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_only_one_runs_it_at_a_time(job):
    assert running._claimed(job.pk, timezone.now())
    assert run(job.pk, clock=timezone.now) is None


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_in_portions_when_time_is_over(job):
    states = []
    for _portion in range(40):
        states.append(run(job.pk, clock=timezone.now, budget=0).state)
        if states[-1] == ImportJob.State.DONE:
            break
    assert len(states) > 5
    job.refresh_from_db()
    assert counts(job) == (405, 0, 0, 45)


@pytest.mark.django_db(transaction=True)
def test_cancelling_in_the_middle_keeps_what_is_written(job):
    while not Lead.objects.exists():
        run(job.pk, clock=timezone.now, budget=0)
    job.cancel(timezone.now())
    assert run(job.pk, clock=timezone.now) is None
    assert 0 < job.created == Lead.objects.count() < 405


@pytest.mark.django_db(transaction=True)
def test_a_crash_that_empties_the_staged_rows_is_mended(job):
    while not Lead.objects.exists():
        run(job.pk, clock=timezone.now, budget=0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE leads_importrow")
    run(job.pk, clock=timezone.now)
    job.refresh_from_db()
    assert (job.state, Lead.objects.count()) == (ImportJob.State.DONE, 405)


@pytest.mark.django_db(transaction=True)
def test_poison_stops_after_five_deaths_at_one_place(job):
    now = timezone.now()
    for death in range(running.MOST_STALLS):
        assert running._claimed(job.pk, now + timedelta(minutes=5 * death))
    assert running._claimed(job.pk, now + timedelta(hours=1)) is None
    job.refresh_from_db()
    assert job.state == ImportJob.State.FAILED
    assert "stopped five times" in job.problem


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_leaves_fresh_imports_to_celery(job):
    assert imports.resume(timezone.now()) == 0
    assert imports.resume(timezone.now() + timedelta(minutes=1), budget=60) == 1


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_runs_it(job, celery_worker_process):
    tasks.ask(job.pk)
    deadline = timezone.now() + timedelta(seconds=60)
    while timezone.now() < deadline and ImportJob.objects.get(pk=job.pk).state != ImportJob.State.DONE:
        celery_worker_process.process.poll()
    assert Lead.objects.count() == 405


@pytest.mark.django_db(transaction=True)
def test_one_address_in_many_spellings_at_once_is_one_lead():
    spellings = ["dewi@nusantara.co.id", "DEWI@nusantara.co.id", "Dewi@Nusantara.co.id", " dewi@nusantara.co.id "]

    def take(number):
        try:
            row = NewLead(email=spellings[number % 4], company="Nusantara")
            return Lead.objects.take_in([row], at=NOON, actor="system:test").outcomes
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        outcomes = [outcome for taken in pool.map(take, range(40)) for outcome in taken]
    assert (outcomes.count("created"), Lead.objects.count(), Company.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_overlapping_batches_in_opposite_order_do_not_block_each_other():
    people = [NewLead(email=f"p{n}@company{n % 7}.org", company=f"Company {n % 7}") for n in range(60)]

    def take(number):
        try:
            rows = people if number % 2 else people[::-1]
            return Lead.objects.take_in(rows, at=NOON, actor="system:test").created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        created = sum(pool.map(take, range(12)))
    assert (created, Lead.objects.count(), Company.objects.count()) == (60, 60, 7)
