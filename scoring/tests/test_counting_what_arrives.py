"""Whatever happens in whatever order, counting what arrived equals making everything anew (quality.md I9, R7)."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import ApiKey, Scope
from leadhub.testing import NOON, make_activity, make_company, make_lead, person
from leads.models import Activity, ActivityType, Lead, Verdict
from leads.signals import activities_recorded
from outbox.sweeper import sweep as sweep_round
from scoring import store
from scoring.cutting import cut
from scoring.days import workspace_day
from scoring.explain import ledgers_of
from scoring.models import EventVector, LeadScore, Pending
from scoring.sweep import check_vectors, drain, drain_batch, rebuild_vectors, recalculate, sweep_day

from .database import examples, figures, sent_back, undone

TODAY = workspace_day(NOON)
acts = st.one_of(
    st.tuples(st.just("record"), st.integers(0, 2), st.sampled_from(["page_visit", "demo_requested", "email_opened"]),
              st.sampled_from(["/pricing", "/careers", "/"]), st.integers(0, 200)),
    st.tuples(st.just("judge"), st.integers(0, 9), st.sampled_from(list(Verdict))),
    st.tuples(st.just("edit"), st.integers(0, 2), st.sampled_from(["VP", "Intern", ""])),
    st.tuples(st.just("grow"), st.integers(0, 2), st.sampled_from([3, 300, 3000])),
    st.tuples(st.just("send back"), st.integers(0, 2), st.sampled_from([50, 0]), st.integers(0, 100)),
    st.tuples(st.just("drain")),
)  # fmt: skip


def do(act: tuple[Any, ...], leads: list[Lead]) -> None:
    """One act, through the verbs that people and sources use."""
    match act:
        case ("record", lead, kind, url, age):
            leads[lead].record(kind, at=NOON - timedelta(days=age), recorded_at=NOON, url=url)
        case ("judge", number, verdict):
            if deeds := list(Activity.objects.order_by("id")):
                deeds[number % len(deeds)].judge(verdict, by=person("Mona"), at=NOON)
        case ("edit", lead, seniority):
            leads[lead].edit({"seniority": seniority}, by=person("Mona"), at=NOON)
        case ("grow", lead, employees):
            leads[lead].edit({"employees": employees}, by=person("Mona"), at=NOON)
        case ("send back", lead, share, age):
            at = NOON - timedelta(days=age)
            cut(sent_back(leads[lead], at), share=share, at=at)
        case _:
            drain(NOON)


def vectors() -> dict[int, bytes]:
    """What is stored; a lead without deeds may have an empty vector or none."""
    return {lead: bytes(ev) for lead, ev in EventVector.objects.values_list("lead_id", "ev") if ev}


@pytest.mark.django_db
@given(st.lists(acts, min_size=3, max_size=14))
@examples(12)
def test_counting_piece_by_piece_equals_making_all_anew(told: list[tuple[Any, ...]]) -> None:
    with undone():
        company = make_company()
        leads = [make_lead(company=company), make_lead(company=company), make_lead()]
        for act in told:
            do(act, leads)
        recalculate(TODAY, at=NOON)
        counted, packed = figures(leads), vectors()
        assert not Pending.objects.exists()
        assert store.differing([lead.pk for lead in leads]) == []
        rebuild_vectors(NOON)
        recalculate(TODAY, at=NOON)
        assert (vectors(), figures(leads)) == (packed, counted)
        ledgers = ledgers_of([lead.pk for lead in leads], day=TODAY)
        assert {pk: ledger.total for pk, ledger in ledgers.items()} == {pk: row[2] for pk, row in counted.items()}


@pytest.mark.django_db
def test_a_rebuild_leaves_out_what_waits_so_that_it_is_counted_once() -> None:
    lead = make_lead()
    lead.record("page_visit", at=NOON, url="/pricing")
    rebuild_vectors(NOON)
    assert vectors() == {}
    drain(NOON)
    once = vectors()
    rebuild_vectors(NOON)
    assert vectors() == once != {}


@pytest.mark.django_db
def test_the_verdict_machine_earns_nothing_and_flipping_it_is_followed() -> None:
    lead = make_lead()
    deed = lead.record("demo_requested", at=NOON, verdict=Verdict.MACHINE)
    drain(NOON)
    assert LeadScore.objects.get(lead=lead).engagement == 0
    deed.judge(Verdict.PERSON, by=person("Mona"), at=NOON)
    drain(NOON)
    assert LeadScore.objects.get(lead=lead).engagement > 0
    deed.judge(Verdict.MACHINE, by=person("Mona"), at=NOON)
    drain(NOON)
    assert LeadScore.objects.get(lead=lead).engagement == 0


@pytest.mark.django_db
def test_a_damaged_vector_is_found_and_repaired() -> None:
    lead = make_lead()
    lead.record("demo_requested", at=NOON)
    sweep_day(NOON)
    right = figures([lead])
    EventVector.objects.filter(lead=lead).update(ev=b"")
    LeadScore.objects.filter(lead=lead).update(engagement=0, total=0)
    assert check_vectors(NOON) == 1
    assert figures([lead]) == right
    assert check_vectors(NOON) == 0


@pytest.mark.django_db
def test_a_type_that_comes_to_show_intent_holds_for_earlier_deeds_after_the_check() -> None:
    lead = make_lead()
    lead.record("webinar_attended", at=NOON)
    sweep_day(NOON)
    ActivityType.objects.filter(key="webinar_attended").update(shows_intent=True)
    assert check_vectors(NOON) == 1
    assert LeadScore.objects.get(lead=lead).last_intent_on == TODAY


@pytest.mark.django_db
def test_counting_asks_as_often_for_a_hundred_leads_as_for_one() -> None:
    asked = []
    for many in (1, 1, 100):
        for lead in [make_lead() for _n in range(many)]:
            lead.record("page_visit", at=NOON, url="/blog")
        with CaptureQueriesContext(connection) as queries:
            drain_batch(NOON)
        asked.append(len(queries))
    assert asked[1] == asked[2] <= 25


@pytest.mark.django_db
def test_a_deed_of_the_first_morning_of_2000_is_counted_west_of_greenwich(settings: Any) -> None:
    settings.WORKSPACE_TIME_ZONE = "America/Los_Angeles"
    lead = make_lead()
    make_activity(lead, at=NOON.replace(year=2000, month=1, day=1, hour=1), url="/pricing")
    rebuild_vectors(NOON)
    assert len(vectors()[lead.pk]) == 4


def wait_until(said: Any, seconds: float = 20) -> bool:
    ends = time.monotonic() + seconds
    while not said() and time.monotonic() < ends:
        time.sleep(0.05)
    return bool(said())


def scored(lead: Lead) -> bool:
    return LeadScore.objects.filter(lead=lead, engagement__gt=0).exists()


def test_a_real_worker_counts_what_the_api_took_within_seconds(celery_worker_process: Any) -> None:
    lead = make_lead("dewi@nusantara.example")
    key = ApiKey.objects.issue(name="Website", scopes=[Scope.EVENTS_WRITE], by=person("Ada"))[1]
    deed = {"type": "demo_requested", "occurred_at": timezone.now().isoformat(), "email": lead.email}
    told = Client().post(
        "/api/activities",
        {"activities": [deed]},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )
    assert told.json()["results"][0]["outcome"] == "stored"
    assert wait_until(lambda: scored(lead))


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_counts_it_when_no_worker_answers() -> None:
    lead = make_lead()
    lead.record("demo_requested", at=NOON)
    assert not scored(lead)
    assert sweep_round(NOON, ["scoring.sweep.drain"]) == []
    assert scored(lead)


def in_thread(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def many_waiting(leads: list[Lead]) -> None:
    """Two hundred deeds that wait, of few leads, told in small pieces so that every process meets every lead."""
    deeds = [make_activity(leads[n % len(leads)], at=NOON - timedelta(days=n % 30), url="/pricing") for n in range(200)]
    for deed in deeds:
        activities_recorded.send(
            sender=Activity, activity_ids=[deed.pk], lead_ids=[deed.lead_id], verdicts_changed=False
        )


@pytest.mark.django_db(transaction=True)
def test_many_count_at_once_while_others_sweep_and_judge_and_each_deed_is_counted_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scoring.sweep.BATCH", 7)
    leads = [make_lead() for _n in range(6)]
    many_waiting(leads)
    threads = [in_thread(lambda: drain(NOON)) for _n in range(3)]
    threads.append(in_thread(lambda: sweep_day(NOON)))
    threads.append(in_thread(lambda: rebuild_vectors(NOON)))
    for deed in Activity.objects.order_by("id")[:20]:
        deed.judge(Verdict.MACHINE, by=person("Mona"), at=NOON)
    for thread in threads:
        thread.join(60)
    drain(NOON)
    assert not Pending.objects.exists()
    assert store.differing([lead.pk for lead in leads]) == []


DRAIN = "import django; django.setup(); from scoring import sweep; from leadhub.testing import NOON; sweep.BATCH = 5; print('go', flush=True); sweep.drain(NOON)"


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_in_the_middle_loses_and_doubles_nothing() -> None:
    leads = [make_lead() for _n in range(6)]
    many_waiting(leads)
    place = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    for patience in (0.02, 0.15):
        process = subprocess.Popen(
            [sys.executable, "-c", DRAIN], stdout=subprocess.PIPE, env=os.environ | {"DATABASE_URL": place}
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(patience)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    drain(NOON)
    assert wait_until(lambda: drain(NOON).leads == 0 and not Pending.objects.exists())
    assert store.differing([lead.pk for lead in leads]) == []
