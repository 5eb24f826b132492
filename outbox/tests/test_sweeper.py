"""The sweeper does every step with PostgreSQL alone, and says so by its heartbeat (quality.md rule 12)."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conftest import database_url_of_this_process
from leadhub.testing import NOON, person, signed_in
from outbox import mails, sweeper
from outbox.models import Heartbeat, Mail

pytestmark = pytest.mark.django_db
done: list[datetime] = []


def works(now: datetime) -> None:
    done.append(now)


def breaks(_now: datetime) -> None:
    raise RuntimeError("on purpose")


HERE = "outbox.tests.test_sweeper"


def test_a_step_that_fails_never_stops_the_others() -> None:
    done.clear()
    assert sweeper.sweep(NOON, [f"{HERE}.breaks", f"{HERE}.works"]) == [f"{HERE}.breaks"]
    assert len(done) == 1


def test_each_step_is_told_the_time_of_its_turn() -> None:
    done.clear()
    sweeper.sweep(NOON, [f"{HERE}.works", f"{HERE}.works"])
    assert NOON <= done[0] < done[1]


def test_a_step_that_does_not_exist_fails_alone() -> None:
    assert sweeper.sweep(NOON, ["nowhere.step", f"{HERE}.works"]) == ["nowhere.step"]


def test_each_round_beats() -> None:
    sweeper.sweep(NOON, [])
    sweeper.sweep(NOON + timedelta(seconds=30), [])
    assert Heartbeat.objects.get().at == NOON + timedelta(seconds=30)


def test_a_heartbeat_older_than_three_minutes_is_late() -> None:
    assert sweeper.is_late(NOON)
    sweeper.beat(NOON)
    assert not sweeper.is_late(NOON + timedelta(minutes=3))
    assert sweeper.is_late(NOON + timedelta(minutes=3, seconds=1))


def test_once_goes_round_once(settings: Any) -> None:
    settings.SWEEPER_STEPS = [f"{HERE}.works"]
    call_command("sweep", "--once")
    assert Heartbeat.objects.exists()


def test_once_ends_badly_when_a_step_failed(settings: Any) -> None:
    settings.SWEEPER_STEPS = [f"{HERE}.breaks"]
    with pytest.raises(CommandError, match="breaks"):
        call_command("sweep", "--once")


@pytest.mark.parametrize(
    ("name", "sees"), [("Sue", True), ("Mick", True), ("Ada", True), ("Rita", False), ("Mona", False)]
)
def test_managers_are_told_when_the_clocks_stand_still(name: str, sees: bool) -> None:
    page = signed_in(name).get("/notices/").content.decode()
    assert ("Reminders and mails stand still" in page) is sees


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_loop_sends_without_redis_and_ends_when_asked(settings: Any) -> None:
    settings.EMAIL_URL = ""
    mails.decide(person("Rita"), subject="s", body="b", key="k", at=NOON)
    loop = subprocess.Popen(
        [sys.executable, "manage.py", "sweep"],
        env=os.environ
        | {"DATABASE_URL": database_url_of_this_process(), "REDIS_URL": "redis://127.0.0.1:1/0", "SWEEP_SECONDS": "1"},
    )
    try:
        until = time.monotonic() + 60
        while not Mail.objects.filter(state="shown").exists() and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        loop.send_signal(signal.SIGTERM)
    assert loop.wait(timeout=30) == 0
    assert Mail.objects.get().state == "shown"
