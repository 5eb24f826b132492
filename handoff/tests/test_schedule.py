"""The table of reminders, pure (R17)."""

from datetime import timedelta

from handoff.schedule import Clock, Reminders, moments, next_after, passed
from leadhub.testing import NOON

HOUR = timedelta(hours=1)
POLICY = Reminders()
WAITING = Clock(NOON, NOON + 24 * HOUR, is_claimed=False)
CLAIMED = Clock(NOON, NOON + 24 * HOUR, is_claimed=True)


def test_the_moments_of_a_handoff_that_nobody_claims() -> None:
    found = [((m.at - NOON) / HOUR, m.kind, m.number) for m in moments(POLICY, WAITING)]
    early = [(2.0, "unclaimed", 1), (20.0, "soon", 1), (24.0, "due", 1)]
    assert found == early + [(24.0 + 4 * n, "late", n) for n in range(1, 7)]


def test_a_claimed_one_is_not_told_that_nobody_claimed_it() -> None:
    assert "unclaimed" not in [m.kind for m in moments(POLICY, CLAIMED)]


def test_what_passed_since_the_last_look() -> None:
    found = passed(POLICY, CLAIMED, since=NOON + 20 * HOUR, now=NOON + 29 * HOUR)
    assert [m.kind for m in found] == ["soon", "due", "late"]


def test_after_the_last_reminder_there_is_none() -> None:
    assert next_after(POLICY, CLAIMED, NOON + 48 * HOUR) is None
    assert next_after(POLICY, CLAIMED, NOON) == NOON + 20 * HOUR


def test_a_target_shorter_than_the_warning_has_no_warning() -> None:
    short = Clock(NOON, NOON + 2 * HOUR, is_claimed=False)
    assert [m.kind for m in moments(POLICY, short)][:2] == ["due", "late"]


def test_a_policy_may_be_silent_until_the_deadline() -> None:
    silent = Reminders(unclaimed_after=None, before_due=None, late_every=None)
    assert [m.kind for m in moments(silent, WAITING)] == ["due"]
