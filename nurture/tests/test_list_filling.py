"""Dynamic lists follow their conditions: who enters and leaves, when, why; as sets, and never a lead at a time."""

from datetime import timedelta
from typing import Any

import pytest

from handoff.models import Handoff
from leadhub.testing import NOON, make_activity, make_lead, person
from leads.models import Lead
from leads.stages import Cause, Stage
from nurture.filling import fill, follow_touched, refresh, refresh_some
from nurture.models import KeptOut, LeadList, Stay, Touched, entered_since
from scoring.models import Pending, Sweep

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


def dynamic(*conditions: dict[str, Any], name: str = "Poles") -> LeadList:
    return LeadList.objects.create(name=name, kind="dynamic", conditions=list(conditions), created_at=NOON)


def poles() -> LeadList:
    return dynamic({"field": "country", "op": "is", "value": "Poland"})


def not_in(other: LeadList, op: str = "is_not") -> dict[str, Any]:
    return {"field": "list", "op": op, "value": str(other.pk)}


def names(chosen: LeadList) -> set[str]:
    return {lead.first_name for lead in chosen.members()}


def test_who_fulfils_the_conditions_enters_and_who_no_longer_does_leaves_and_both_are_told():
    chosen, ayu, jan = poles(), make_lead(first_name="Ayu", country="Poland"), make_lead(first_name="Jan")
    fill(chosen.pk, NOON)
    assert names(chosen) == {"Ayu"}

    ayu.edit({"country": "Japan"}, by=person("Mona"), at=LATER)
    jan.edit({"country": "Poland"}, by=person("Mona"), at=LATER)
    Pending.objects.all().delete()
    refresh(LATER)

    assert names(chosen) == {"Jan"}
    gone, here = Stay.objects.get(lead=ayu), Stay.objects.get(lead=jan)
    assert (gone.entered_at, gone.left_at, here.entered_at) == (NOON, LATER, LATER)
    assert gone.why_entered == "the list was set to: Country is Poland"
    assert gone.why_left == "no longer fulfilled: Country is Poland"
    assert here.why_entered == "fulfilled: Country is Poland"
    assert (here.came.entered, here.came.left, here.came_id) == (1, 1, gone.went_id)


def test_a_refresh_that_changes_nothing_writes_nothing_but_when_it_was():
    chosen = poles()
    make_lead(country="Poland")
    fill(chosen.pk, NOON)

    assert fill(chosen.pk, LATER) is None
    assert (Stay.objects.count(), chosen.changes.count()) == (1, 1)
    chosen.refresh_from_db()
    assert chosen.refreshed_at == LATER


def test_who_comes_back_has_another_stay():
    chosen, ayu = poles(), make_lead(country="Poland")
    for moment, country in ((NOON, "Poland"), (LATER, "Japan"), (LATER + timedelta(hours=1), "Poland")):
        Lead.objects.filter(pk=ayu.pk).update(country=country)
        fill(chosen.pk, moment)

    assert [stay.left_at for stay in ayu.stays.order_by("id")] == [LATER, None]
    assert [stay.lead for stay in entered_since(chosen, LATER)] == [ayu]


def test_a_batch_of_leads_costs_one_statement_a_list(django_assert_max_num_queries: Any):
    chosen = poles()
    fill(chosen.pk, NOON)
    for _number in range(4):
        Touched.objects.create(lead_id=make_lead(country="Poland").pk)

    with django_assert_max_num_queries(10):  # savepoints, taking, actor, lists, lock, the statement, its change
        assert follow_touched(LATER) == 4
    assert chosen.members().count() == 4


def test_a_lead_that_waits_to_be_scored_is_looked_at_once_it_is():
    chosen, lead = poles(), make_lead()
    fill(chosen.pk, NOON)
    lead.edit({"country": "Poland"}, by=person("Mona"), at=LATER)

    assert follow_touched(LATER) == 0
    Pending.objects.all().delete()
    assert follow_touched(LATER) == 1
    assert list(chosen.members()) == [lead]


def test_activities_and_moves_touch_leads_but_only_where_somebody_looks():
    lead = make_lead()
    lead.record("page_visit", at=NOON)
    assert not Touched.objects.exists()

    poles()
    lead.record("webinar_attended", at=NOON)
    lead.promote(reason="Asked twice", by=person("Mona"), at=NOON)
    assert set(Touched.objects.values_list("lead_id", flat=True)) == {lead.pk}


def test_a_new_owner_touches_the_lead_in_the_transaction_of_the_claim():
    lead = make_lead(stage="mql")
    lead.move(to=Stage.SALES_QUALIFIED, at=NOON, cause=Cause.SCORE)
    poles()
    Handoff.objects.get().claim(by=person("Rita"), at=NOON)
    assert set(Touched.objects.values_list("lead_id", flat=True)) == {lead.pk}


def test_a_list_is_filled_anew_after_an_edit_a_sweep_and_an_hour():
    Sweep.objects.all().delete()
    chosen = poles()
    assert refresh(NOON) == 1
    assert refresh(LATER) == 0
    LeadList.objects.update(asked_at=LATER)
    assert refresh(LATER) == 1
    Sweep.objects.create(day=LATER.date(), started_at=LATER, finished_at=LATER + timedelta(seconds=1))
    assert refresh(LATER + timedelta(seconds=2)) == 1
    assert refresh(LATER + timedelta(minutes=30)) == 0
    assert refresh(LATER + timedelta(hours=2)) == 1
    chosen.archive(at=LATER)
    assert refresh(LATER + timedelta(days=2)) == 0


def test_a_list_may_name_lists_and_follows_them():
    chosen = poles()
    rest = dynamic(not_in(chosen), name="The rest")
    make_lead(first_name="Ayu", country="Poland")
    jan = make_lead(first_name="Jan")
    for _round in range(3):
        refresh(NOON)
    assert (names(chosen), names(rest)) == ({"Ayu"}, {"Jan"})

    jan.edit({"country": "Poland"}, by=person("Mona"), at=LATER)
    Pending.objects.all().delete()
    follow_touched(LATER)
    assert (names(chosen), names(rest)) == ({"Ayu", "Jan"}, set())


def test_who_is_put_into_a_static_list_enters_those_that_name_it():
    warm = LeadList.objects.create(name="Warm", kind="static", created_at=NOON)
    both = dynamic(not_in(warm, "is"), name="Also")
    lead = make_lead()
    refresh(NOON)

    warm.put_in(Lead.objects.all(), by=person("Mona"), at=LATER)
    follow_touched(LATER)
    assert list(both.members()) == [lead]
    assert both.sentence() == "it is in the list “Warm”"


def test_who_is_taken_out_of_a_dynamic_list_stays_out_until_let_in_again():
    chosen, lead = poles(), make_lead(country="Poland")
    refresh(NOON)
    change = chosen.take_out(Lead.objects.all(), by=person("Mona"), at=LATER)
    fill(chosen.pk, LATER)
    assert (list(chosen.members()), KeptOut.objects.get().lead) == ([], lead)
    assert lead.stays.get().why_left == "taken out by Mona"

    change.undo(by=person("Mona"), at=LATER)
    refresh(LATER)
    assert list(chosen.members()) == [lead]


def test_what_a_program_does_says_so():
    warm = LeadList.objects.create(name="Warm", kind="static", created_at=NOON)
    lead = make_lead()
    warm.put_in(Lead.objects.all(), by=None, at=NOON, why="program “Spring”, step 2")
    assert lead.stays.get().why_entered == "program “Spring”, step 2"


DEEDS = [
    ({"times": 3, "days": 14}, {"Often"}),
    ({"times": 3}, {"Often", "Once often"}),
    ({"days": 14}, {"Often", "Once"}),
    ({"times": 2, "when": [{"field": "path", "op": "starts_with", "value": "/pricing"}]}, {"Often", "Once often"}),
    ({"when": [{"field": "campaign", "op": "is", "value": "Spring"}]}, {"Once"}),
]


@pytest.mark.parametrize(("narrow", "wanted"), DEEDS)
def test_conditions_count_deeds_within_days_and_by_what_they_were_about(narrow: dict[str, Any], wanted: set[str]):
    from django.utils import timezone

    now = timezone.now()
    past = {"Often": [0, 1, 13, 40], "Once": [2], "Once often": [20, 21, 22]}
    for name, ages in past.items():
        lead = make_lead(first_name=name)
        for age in ages:
            details = {"campaign": "Spring", "url": "/"} if name == "Once" else {"url": "https://x.example/pricing/eu"}
            make_activity(lead, at=now - timedelta(days=age), **details)
    make_lead(first_name="Never")

    chosen = dynamic({"field": "activity", "op": "is", "value": "page_visit"} | narrow)
    others = dynamic({"field": "activity", "op": "is_not", "value": "page_visit"} | narrow, name="Others")
    everybody = {*past, "Never"}
    assert {lead.first_name for lead in chosen.matching(Lead.objects.all())} == wanted
    assert {lead.first_name for lead in others.matching(Lead.objects.all())} == everybody - wanted


def test_counted_deeds_are_said_in_words():
    said = {"field": "activity", "op": "is", "value": "page_visit", "times": 3, "days": 14}
    about = {"when": [{"field": "path", "op": "starts_with", "value": "/pricing"}]}
    assert dynamic(said | about).sentence() == (
        "Activity is Page visited at least 3 times within 14 days where Path starts with /pricing"
    )


def test_conditions_that_nobody_can_fulfil_empty_the_list():
    chosen = poles()
    make_lead(country="Poland")
    fill(chosen.pk, NOON)
    LeadList.objects.update(conditions=[{"field": "search", "op": "unknown"}, {"field": "search", "op": "known"}])
    fill(chosen.pk, LATER)
    assert not chosen.members().exists()


def test_the_sweeper_fills_one_list_in_a_round_so_that_others_get_their_turn():
    Sweep.objects.all().delete()
    poles()
    dynamic({"field": "country", "op": "is", "value": "Japan"}, name="Japan")
    assert [refresh_some(NOON) for _round in range(3)] == [1, 1, 0]
