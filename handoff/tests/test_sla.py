"""Each handoff gets the first policy that fits it, and keeps what it was promised (R17; product.md §5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from handoff.models import Handoff, SlaPolicy, WorkCalendar
from handoff.sla import Explained
from leadhub.testing import NOON, make_lead, person
from leads.models import Lead
from leads.stages import Cause, Stage

from .offering import claimed, offered

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ASKED = {"field": "sql_cause", "op": "is", "value": "intent"}
POLISH = {"field": "country", "op": "is", "value": "Poland"}


def office(**facts: Any) -> WorkCalendar:
    """Monday to Friday, 10 to 18 in Warsaw."""
    week = [[[600, 1080]]] * 5 + [[], []]
    return WorkCalendar.objects.create(**{"name": "Office", "zone": "Europe/Warsaw", "week": week} | facts)


def policy(name: str = "Fast track", *conditions: dict[str, Any], minutes: int | None = 5, **facts: Any) -> SlaPolicy:
    position = SlaPolicy.objects.count()
    return SlaPolicy.objects.create(
        name=name, conditions=list(conditions or [ASKED]), minutes=minutes, position=position, **facts
    )


def asked_for_contact(*, at: datetime = NOON, **facts: Any) -> Handoff:
    lead = make_lead(at=at, **facts)
    lead.move(to=Stage.SALES_QUALIFIED, at=at, cause=Cause.INTENT)
    return Handoff.objects.get(lead=lead)


def test_who_asks_for_contact_is_called_in_five_minutes_and_others_within_a_day() -> None:
    fast = policy()
    handoff, other = asked_for_contact(), offered()
    assert (handoff.sla_policy, handoff.due_at - NOON) == (fast, timedelta(minutes=5))
    assert (other.sla_policy.is_default, other.due_at - NOON) == (True, 24 * HOUR)


def test_the_first_policy_that_fits_wins() -> None:
    policy("Poles", POLISH, minutes=60)
    policy()
    handoff = asked_for_contact(country="Poland")
    assert handoff.sla_policy.name == "Poles"
    assert asked_for_contact(country="Peru").sla_policy.name == "Fast track"


def test_a_removed_policy_counts_for_nobody() -> None:
    policy(removed_at=NOON)
    assert asked_for_contact().sla_policy.is_default


def test_working_time_counts_by_the_calendar_with_its_holidays() -> None:
    policy(kind="working", minutes=120, calendar=office(country="PL"))
    handoff = asked_for_contact(at=datetime.fromisoformat("2026-11-10T16:00Z"))
    assert handoff.due_at == datetime.fromisoformat("2026-11-12T10:00Z")
    spans = Explained(handoff).spans
    assert [span.name for span in spans if span.name] == ["National Independence Day"]


def test_the_same_time_of_the_next_working_day() -> None:
    policy(kind="same_time", minutes=None, calendar=office())
    friday = datetime.fromisoformat("2026-11-20T14:00Z")
    assert asked_for_contact(at=friday).due_at == friday + timedelta(days=3)


def test_a_deadline_explains_itself_by_what_was_promised_then() -> None:
    calendar = office(own_days={"2026-11-18": {"name": "Moving house", "windows": [[840, 900]]}})
    rule = policy("Fast track", ASKED, POLISH, kind="working", minutes=90, calendar=calendar)
    handoff = asked_for_contact(country="Poland")
    WorkCalendar.objects.update(week=[[]] * 7, name="Elsewhere", own_days={})
    SlaPolicy.objects.filter(pk=rule.pk).update(name="Slow track", conditions=[ASKED])
    deadline = Explained(Handoff.objects.select_related("sla_policy").get(pk=handoff.pk))
    assert (deadline.policy, deadline.calendar) == ("Fast track", "Office")
    assert deadline.why == "Became SQL by is Commercial intent and Country is Poland"
    assert sum((span.counted for span in deadline.spans), timedelta()) == timedelta(minutes=90)
    assert deadline.spans[-1].end == handoff.due_at


def test_many_are_offered_in_as_many_statements_as_few_with_policies_too(django_assert_max_num_queries: Any) -> None:
    policy("Poles", POLISH)
    policy()

    def offer(count: int) -> int:
        ids = [make_lead(country="Poland" if n % 2 else "Peru").pk for n in range(count)]
        with django_assert_max_num_queries(60) as asked:
            Lead.objects.move(ids, to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.INTENT)
        return len(asked)

    assert offer(4) == offer(40)


def test_reminders_go_by_the_policy_of_the_handoff() -> None:
    policy(minutes=60, before_due=15, unclaimed_after=5)
    handoff = asked_for_contact()
    assert handoff.remind_at == NOON + timedelta(minutes=5)


def test_who_leaves_gives_back_clocks_that_start_anew_each_by_its_policy() -> None:
    from handoff.departures import return_leads

    policy(minutes=60)
    fast, slow = asked_for_contact(), claimed("Rita")
    fast.claim(by=person("Rita"), at=NOON)
    return_leads(None, person=person("Rita"), at=NOON + 5 * HOUR)
    due = {handoff.pk: handoff.due_at for handoff in Handoff.objects.waiting()}
    assert due == {fast.pk: NOON + 6 * HOUR, slow.pk: NOON + 29 * HOUR}


def test_the_database_keeps_one_default_for_all() -> None:
    with pytest.raises(IntegrityError, match="slapolicy_one_default"), transaction.atomic():
        SlaPolicy.objects.create(name="Another", is_default=True, minutes=5)
    default = SlaPolicy.objects.filter(is_default=True)
    with pytest.raises(IntegrityError, match="slapolicy_default_for_all"), transaction.atomic():
        default.update(removed_at=NOON)


@pytest.mark.parametrize("facts", [{"minutes": 0}, {"kind": "working"}, {"kind": "same_time"}, {"minutes": None}])
def test_a_promise_is_whole(facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="slapolicy_target_whole"), transaction.atomic():
        policy(**facts)
