"""The smallest tier of `make prove`, in every run of the tests; and what orders of failures do (quality.md §3.1)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import database_url_of_this_process
from leadhub.local.home import CHECKOUT
from leadhub.prove.orders import LETTER_WINDOW, WINDOW, Orders, points
from outbox.faults import FaultRaised, faultpoint


def test_every_moment_of_a_reminder_and_of_a_mail_can_fail() -> None:
    assert {name for name in points() if name.startswith("remind.")} == {
        "remind.locked", "remind.recorded", "remind.before_commit", "remind.committed",
    }  # fmt: skip
    assert {name for name in points() if name.startswith("send.")} > WINDOW
    assert {name for name in points() if name.startswith("letter.")} == LETTER_WINDOW | {
        "letter.leased", "letter.written", "letter.before_handed", "letter.settled",
    }  # fmt: skip


def test_an_order_is_obeyed_once_and_only_at_its_point(tmp_path: Path, settings: object) -> None:
    orders = Orders(tmp_path)
    orders.give("send.leased", "raise")
    faultpoint("send.leased")  # nobody asked for faults
    settings.FAULTS_FOLDER = str(tmp_path)  # type: ignore[attr-defined]
    faultpoint("send.accepted")
    with pytest.raises(FaultRaised):
        faultpoint("send.leased")
    faultpoint("send.leased")
    assert orders.obeyed() == {("send.leased", "raise"): 1}
    assert orders.passed() == {("send.leased"): 2, "send.accepted": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("area", ["handoff", "claims", "nurture"])
def test_the_smoke_tier_holds(area: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "leadhub.prove", "--tier", "smoke", "--only", area, "--folder", str(tmp_path)]
    environment = os.environ | {"DATABASE_URL": database_url_of_this_process()}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3_000:]
