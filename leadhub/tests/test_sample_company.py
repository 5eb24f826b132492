"""The sample company: told the same every time, written whole or not at all, and alive on every screen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from handoff.models import Handoff, Opportunity, Outcome
from leadhub.sample import company
from leadhub.sample.companies import firms
from leadhub.sample.journeys import deeds_of
from leadhub.sample.letters import letters_of
from leadhub.sample.people import prospects
from leadhub.sample.selling import NOES, sale_of
from leadhub.testing import make_lead, signed_in
from leads.models import Activity, Lead, StageMove, Verdict
from nurture.models import LeadList
from outbox.models import Mail, Notice
from scoring.models import Pending

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


def told(seed: int, count: int = 200) -> list[Any]:
    return [
        (person, list(deeds_of(person, seed, NOW)), list(letters_of(person, seed, NOW)))
        for person in prospects(seed, count, firms(seed, 60), NOW)
    ]


def test_one_seed_tells_one_story_and_another_seed_another() -> None:
    assert told(7, 60) == told(7, 60)
    assert told(7, 60) != told(8, 60)


def test_nobody_acts_before_they_came_or_after_now() -> None:
    for person, deeds, letters in told(7):
        assert all(person.created_at <= deed.at < NOW for deed in (*deeds, *letters))


def test_addresses_are_different_and_lead_nowhere() -> None:
    addresses = [person.email for person, _deeds, _letters in told(7) if person.email]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(".example") for address in addresses)


def test_sales_acts_in_order_and_gives_each_reason_for_a_no() -> None:
    people = [person for person, _deeds, _letters in told(7) if person.kind == "passer_by"]
    sales = [
        sale_of(person, seed=7, cycle=1, turn=turn, offered_at=NOW) for turn, person in enumerate(people[: len(NOES)])
    ]
    assert [sale.reason for sale in sales] == list(NOES)
    for sale in sales:
        moments = [NOW, sale.claimed_at, *(contact.at for contact in sale.contacts), sale.decided_at]
        assert moments == sorted(moments)


@pytest.fixture(scope="class")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[company.Made]:
    """A small company up to this moment, for all tests below; it leaves nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield company.make(leads=150, seed=7, now=timezone.now())
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(400)
class TestAlive:
    def test_leads_deeds_and_machines(self, made: company.Made) -> None:
        assert Lead.objects.count() == made.leads == 150
        assert Activity.objects.filter(source_system="sample").count() == made.deeds
        assert Activity.objects.filter(verdict=Verdict.MACHINE).exists()
        assert not Pending.objects.exists()

    def test_the_history_is_true(self, made: company.Made) -> None:
        assert all(move.lead.created_at <= move.at for move in StageMove.objects.select_related("lead"))
        assert Handoff.objects.filter(outcome=Outcome.ACCEPTED).exists()
        assert Handoff.objects.filter(outcome=Outcome.SENT_BACK, reason__isnull=False).exists()
        assert Opportunity.objects.exclude(ending="").exists()

    def test_right_now_something_is_late_and_something_due_soon(self, made: company.Made) -> None:
        now, hour = timezone.now(), timedelta(hours=1)
        running = Handoff.objects.running()
        assert running.filter(claimed_by__isnull=False, due_at__range=(now - hour, now)).exists()
        assert running.filter(due_at__range=(now + hour, now + 3 * hour)).exists()
        assert running.filter(claimed_by=None, due_at__gt=now).exists()

    def test_people_are_told_and_lists_are_kept(self, made: company.Made) -> None:
        assert Notice.objects.exists()
        assert Mail.objects.exists()
        assert {kind: LeadList.objects.filter(kind=kind).count() for kind in LeadList.Kind.values} == {
            "static": 2,
            "dynamic": 4,
        }

    @pytest.mark.parametrize(("who", "url", "says"), [
        ("Mona", "/", "Crossed into MQL"), ("Sue", "/", "late by"), ("Rita", "/inbox/", "late"), ("Ada", "/", "The house"),
        ("Mick", "/reports/sla/", "SLA met"), ("Mick", "/reports/funnel/", "From lead to customer"), ("Ann", "/reports/", "late"),
        ("Mona", "/leads/", "MQL"), ("Mona", "/lists/", "Breakfast"), ("Rita", "/notices/", "due now"),
    ])  # fmt: skip
    def test_screens_are_alive(self, made: company.Made, who: str, url: str, says: str) -> None:
        page = signed_in(who).get(url)
        assert page.status_code == 200
        assert says in page.content.decode()

    def test_again_it_says_that_it_is_there(self, made: company.Made) -> None:
        before = Lead.objects.count(), Activity.objects.count()
        assert "already here" in said("sample_company")
        assert (Lead.objects.count(), Activity.objects.count()) == before

    def test_sign_ins_are_a_line_a_role(self, made: company.Made) -> None:
        lines = [line.split("\t") for line in said("sample_company", "--sign-ins").splitlines()]
        assert [line[0] for line in lines] == [role.label for role in Role]
        assert {len(line) for line in lines} == {3}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(400)
def test_the_same_seed_and_moment_make_the_same_company() -> None:
    assert remembered() == remembered()


def remembered() -> list[Any]:
    """What the history of a small company says, which is then undone."""
    with transaction.atomic():
        company.make(leads=12, seed=3, now=NOW)
        moves = StageMove.objects.order_by("at", "lead__external_id").values_list(
            "lead__external_id", "to_stage", "at", "total"
        )
        found = [Activity.objects.count(), *moves]
        transaction.set_rollback(True)
    return found


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
class TestRefusals:
    def test_no_other_leads_are_mixed_in(self) -> None:
        make_lead()
        with pytest.raises(CommandError, match="--force"):
            call_command("sample_company")

    def test_not_in_production_because_its_passwords_are_public(self, settings: Any) -> None:
        settings.PRODUCTION = True
        with pytest.raises(CommandError, match="not for production"):
            call_command("sample_company")

    @pytest.mark.parametrize(
        "options", [{"now": "yesterday"}, {"now": "2026-13-45T00:00"}, {"leads": 0}, {"leads": 10**9}]
    )
    def test_options_that_cannot_be(self, options: dict[str, Any]) -> None:
        with pytest.raises(CommandError):
            call_command("sample_company", **options)

    def test_no_sign_ins_where_it_is_not(self) -> None:
        assert said("sample_company", "--sign-ins") == ""
