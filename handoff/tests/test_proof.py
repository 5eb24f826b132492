"""The proof page: each reminder that fell due, recorded, shown and mailed; every number opens its rows (I1 to I3)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.models import Handoff, Reminder
from handoff.proof import Proof, Totals
from handoff.reminders import remind
from leadhub.testing import assert_same_queries, person, signed_in
from outbox.models import Mail, MailChoice, Notice

from .offering import claimed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = timezone.now().replace(microsecond=0)


def late_by(hours: int, holder: str = "Rita") -> Handoff:
    """One that Rita holds, due so many hours ago, and nobody swept since."""
    return claimed(holder, at=NOW - (24 + hours) * HOUR)


def totals(**asked: str) -> Totals:
    return Proof.of(person("Sue"), asked, now=NOW).totals


def test_what_fell_due_and_was_not_looked_at_is_missing() -> None:
    late_by(1)
    found = totals()
    assert (found.due, found.unrecorded, found.adds_up) == (1, 1, False)


def test_after_a_sweep_due_is_what_is_done_and_passed_over() -> None:
    late_by(1)
    person("Sue")
    remind(NOW)
    Mail.objects.update(state="sent", sent_at=NOW, attempt=1)
    found = totals()
    assert (found.due, found.recorded, found.done, found.swallowed) == (2, 2, 1, 1)
    assert found.adds_up


def test_each_number_opens_its_rows() -> None:
    late_by(1)
    late_by(1, "Sam")
    MailChoice.objects.create(person=person("Sam"), how="none")
    remind(NOW)
    opened = {
        name: len(Proof.of(person("Sue"), {"missing": name}, now=NOW).lines)
        for name in ("waiting", "done", "swallowed", "")
    }
    assert opened == {"waiting": 1, "done": 1, "swallowed": 2, "": 4}
    Mail.objects.update(state="failed")
    Notice.objects.filter(recipient=person("Sam")).delete()
    assert (totals().failed, totals().unshown, totals().done) == (1, 1, 0)


def test_a_row_tells_times_and_attempts() -> None:
    late_by(1)
    remind(NOW)
    Mail.objects.update(state="sent", sent_at=NOW, attempt=3)
    page = signed_in("Sue").get(reverse("sla_proof"), {"missing": "done"}).content.decode()
    assert "Dewi Lestari" in page
    assert "3 attempts" in page
    assert "1 person, 0 read it" in page


def test_a_manager_sees_the_own_team_only() -> None:
    late_by(1)
    remind(NOW)
    mick = person("Mick")
    mick.roles, mick.team = ["sales_manager"], person("Rita").team.__class__.objects.create(name="Other")
    mick.save()
    assert Proof.of(mick, {}, now=NOW).totals.due == 0


@pytest.mark.parametrize(
    "query", ["days=0", "days=x", "missing=all", "days=9999999999999999999999", "after=x&before=%00"]
)
def test_junk_in_the_address_is_the_last_week(query: str) -> None:
    assert signed_in("Sue").get(f"{reverse('sla_proof')}?{query}").status_code in (200, 400)


def test_it_asks_as_often_for_one_row_as_for_three() -> None:
    def one() -> None:
        late_by(1)
        remind(timezone.now())

    assert_same_queries(signed_in("Sue"), reverse("sla_proof"), one, most=16)


def test_reminders_and_notices_share_a_key() -> None:
    late_by(1)
    remind(NOW)
    assert {notice.about for notice in Notice.objects.all()} == {one.key for one in Reminder.objects.filter(told=True)}
