"""Reminders are told once, to whom they concern, whoever sweeps and whatever dies (R17; quality.md I1 to I6)."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Team
from conftest import database_url_of_this_process
from handoff.models import Handoff, Reminder
from handoff.reminders import remind
from leadhub.testing import NOON, in_full, make_lead, person
from leads.models import Lead
from leads.stages import Cause, Stage
from outbox.models import Mail, Notice

from .offering import called, claimed, offered

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def house() -> None:
    """Everybody is there, so that nobody can be told by mistake."""
    for name in ("Mona", "Mick", "Rita", "Sam", "Sue", "Ann", "Ada"):
        person(name)


def told() -> dict[str, list[str]]:
    """Who was told which kinds, by name."""
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.select_related("recipient").order_by("id"):
        found.setdefault(notice.recipient.name, []).append(notice.kind)
    return found


def test_nothing_is_told_before_its_time() -> None:
    offered()
    remind(NOON + 2 * HOUR - timedelta(seconds=1))
    assert told() == {}


def test_unclaimed_after_two_hours_tells_the_reps_and_their_manager() -> None:
    offered()
    remind(NOON + 2 * HOUR)
    assert told() == {name: ["unclaimed"] for name in ("Rita", "Sam", "Sue")}
    assert Notice.objects.filter(text="Dewi Lestari waits for 2 hours and nobody has claimed it.").count() == 3


def test_each_is_told_once_however_often_one_sweeps() -> None:
    offered()
    for _round in range(3):
        remind(NOON + 2 * HOUR)
    assert Notice.objects.count() == Mail.objects.count() == 3
    assert Reminder.objects.count() == 1


def test_soon_tells_whoever_holds_it() -> None:
    claimed("Rita")
    remind(NOON + 20 * HOUR)
    assert told() == {"Rita": ["soon"]}
    assert Notice.objects.get().text == "Follow up Dewi Lestari by 12:00: 4 hours left."


def test_due_and_late_escalate_to_the_manager() -> None:
    claimed("Rita")
    for hours in (20, 24, 28, 32):
        remind(NOON + hours * HOUR)
    assert told() == {"Rita": ["soon", "due", "late", "late"], "Sue": ["late", "late"]}
    assert "late by 8 hours, held by Rita" in Notice.objects.latest("id").text


def test_the_manager_of_another_team_is_not_told() -> None:
    other = person("Sue")
    other.team = Team.objects.create(name="Other")
    other.save()
    mine = person("Mick")
    mine.roles, mine.team = ["sales_manager"], person("Rita").team
    mine.save()
    claimed("Rita")
    remind(NOON + 24 * HOUR)
    remind(NOON + 28 * HOUR)
    assert told() == {"Rita": ["due", "late"], "Mick": ["late"]}


def test_a_follow_up_ends_the_reminders() -> None:
    called(claimed("Rita"), at=NOON + HOUR)
    assert remind(NOON + 100 * HOUR) == 0
    assert told() == {}


def test_a_claim_before_two_hours_is_told_as_little() -> None:
    claimed("Rita", at=NOON)
    remind(NOON + 3 * HOUR)
    assert told() == {}
    assert Handoff.objects.get().remind_at == NOON + 20 * HOUR


def test_a_decision_ends_the_reminders() -> None:
    handoff = claimed("Rita")
    handoff.lead.move(to=Stage.MARKETING_QUALIFIED, at=NOON + HOUR, reason="Merged")
    assert remind(NOON + 100 * HOUR) == 0


def test_after_the_last_one_nobody_is_told_again() -> None:
    claimed("Rita")
    for hours in range(200):
        remind(NOON + hours * HOUR)
    assert Reminder.objects.filter(kind="late").count() == 6
    assert Handoff.objects.get().remind_at is None


def test_after_an_outage_only_the_latest_state_is_told() -> None:
    claimed("Rita")
    remind(NOON + 33 * HOUR)
    assert told() == {"Rita": ["late"], "Sue": ["late"]}
    assert [(r.kind, r.number, r.told) for r in Reminder.objects.order_by("due_at")] == [
        ("soon", 1, False), ("due", 1, False), ("late", 1, False), ("late", 2, True),
    ]  # fmt: skip


def test_the_mail_says_when_where_and_what_stops_the_clock() -> None:
    handoff = claimed("Rita")
    remind(NOON + 24 * HOUR)
    mail = Mail.objects.get()
    assert mail.subject == "Dewi Lestari is due now: no follow-up is on record."
    assert f"/handoffs/{handoff.pk}/" in mail.body
    assert "Only a logged call, meeting or e-mail stops the clock." in mail.body


def test_each_reads_times_in_the_own_zone() -> None:
    rita = person("Rita")
    rita.time_zone = "Asia/Jakarta"
    rita.save()
    claimed("Rita")
    remind(NOON + 20 * HOUR)
    assert "by 19:00" in Notice.objects.get().text


def test_the_database_records_a_reminder_once() -> None:
    offered()
    remind(NOON + 2 * HOUR)
    again = Reminder.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError, match="reminder_once"), transaction.atomic():
        again.save(force_insert=True)


def test_many_are_told_in_as_many_statements_as_few(django_assert_max_num_queries: Any) -> None:
    def round_of(count: int) -> int:
        Handoff.objects.all().delete()
        Mail.objects.all().delete()
        ids = [make_lead().pk for _n in range(count)]
        Lead.objects.move(ids, to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.SCORE)
        with django_assert_max_num_queries(60) as asked:
            remind(NOON + 2 * HOUR)
        return len(asked)

    assert round_of(3) == round_of(40)


def test_due_ones_are_found_by_an_index_of_their_own() -> None:
    for _n in range(5):
        offered()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE handoff_handoff; SET LOCAL enable_seqscan = off")  # as with more than a few rows
    plan = Handoff.objects.to_remind(NOON).select_for_update(of=("self",), skip_locked=True).explain()
    assert "handoff_to_remind" in plan


@pytest.mark.django_db(transaction=True)
def test_four_sweepers_at_once_tell_each_thing_once() -> None:
    ids = [make_lead(f"r{n}@x.example").pk for n in range(120)]
    Lead.objects.move(ids, to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.SCORE)
    start = Barrier(4)

    def sweep(_number: int) -> None:
        try:
            start.wait(timeout=30)
            remind(NOON + 2 * HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, range(4)))
    remind(NOON + 2 * HOUR)
    assert Reminder.objects.count() == 120
    assert Notice.objects.count() == Notice.objects.exclude(mail=None).count() == 360
    assert Mail.objects.count() == 3  # one for each of the three


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sweepers_killed_in_the_middle_lose_and_double_nothing() -> None:
    ids = [make_lead(f"k{n}@x.example").pk for n in range(150)]
    then = timezone.now() - 3 * HOUR
    Lead.objects.move(ids, to=Stage.SALES_QUALIFIED, at=then, cause=Cause.SCORE)
    for _death in range(4 if in_full() else 2):
        sweeper = start_sweeper()
        wait_until_some_are_told(sweeper)
        os.kill(sweeper.pid, signal.SIGKILL)
        sweeper.wait()
    remind(timezone.now())
    assert Reminder.objects.count() == 150
    assert Notice.objects.count() == Notice.objects.exclude(mail=None).count() == 450


def start_sweeper() -> "subprocess.Popen[bytes]":
    """A process of its own that sweeps in tiny batches, without any Redis."""
    code = (
        "import django; django.setup()\n"
        "from django.utils import timezone\n"
        "from handoff import reminders\n"
        "reminders.BATCH = 5\n"
        "reminders.remind(timezone.now())\n"
    )
    environment = os.environ | {"DATABASE_URL": database_url_of_this_process(), "REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment | {"DJANGO_SETTINGS_MODULE": "leadhub.settings"}
    )


def wait_until_some_are_told(sweeper: "subprocess.Popen[bytes]") -> None:
    before, until = Reminder.objects.count(), time.monotonic() + 30
    while Reminder.objects.count() <= before and sweeper.poll() is None and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_reminds(celery_worker_process: Any) -> None:
    from handoff.tasks import remind as task

    offered(at=timezone.now() - 3 * HOUR)
    task.delay()
    until = time.monotonic() + 30
    while not Notice.objects.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert set(told()) == {"Rita", "Sam", "Sue"}
