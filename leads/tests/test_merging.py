"""Merging two leads that are one person, and undoing it: nothing is lost, points count once (quality.md D9)."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import Phase, given
from hypothesis import strategies as st

from handoff.models import Handoff, Outcome, Reason
from leadhub.testing import NOON, examples, make_company, make_lead, person
from leads.intake import NewActivity, NewLead
from leads.models import Activity, Consent, Lead, Merge
from leads.models.merge import DealsInTheWay, LeadGone, SameLead, UndoRefused
from leads.stages import Stage
from nurture.models import LeadList
from scoring.days import workspace_day
from scoring.explain import ledgers_of
from scoring.models import LeadScore
from scoring.sweep import drain
from scoring.tests.database import undone

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def merged(kept: Lead, gone: Lead, **more: Any) -> Merge:
    return kept.merge(gone, by=person("Mona"), at=NOON, **more)


def undo(merge: Merge, at: Any = LATER) -> Lead:
    return merge.undo(by=person("Mona"), at=at)


def offered(lead: Lead, at: Any = NOON) -> Handoff:
    lead.hand_over(note="Asked for a demo", by=person("Mona"), at=at)
    return Handoff.objects.open().get(lead=lead)


class TestWhatIsKept:
    def test_deeds_of_both_and_the_facts_of_the_kept_one_filled_from_the_other(self) -> None:
        kept = make_lead("dewi@a.example", job_title="CTO", custom={"region": "Java"})
        gone = make_lead("dewi@b.example", job_title="Boss", phone="+62 1", custom={"region": "Bali", "size": "L"})
        deeds = [lead.record("page_visit", at=NOON) for lead in (kept, gone)]
        merged(kept, gone)
        assert not Lead.objects.filter(pk=gone.pk).exists()
        assert set(kept.activities.all()) == set(deeds)
        assert (kept.email, kept.job_title, kept.phone) == ("dewi@a.example", "CTO", "+62 1")
        assert kept.custom == {"region": "Java", "size": "L"}

    def test_facts_may_be_chosen(self) -> None:
        kept = make_lead("dewi@a.example", job_title="CTO", custom={"region": "Java"})
        gone = make_lead("dewi@b.example", job_title="Boss", custom={"region": "Bali"})
        merged(kept, gone, take={"email", "job_title", "custom.region"})
        assert (kept.email, kept.email_key, kept.job_title) == ("dewi@b.example", "dewi@b.example", "Boss")
        assert kept.custom == {"region": "Bali"}

    def test_a_company_where_the_kept_one_has_none(self) -> None:
        kept, gone = make_lead(), make_lead(company=make_company(), employees=None)
        merged(kept, gone)
        assert kept.company == gone.company

    def test_no_mail_where_either_wanted_none_and_the_latest_word_on_consent(self) -> None:
        kept, gone = make_lead(consent="opt-in"), make_lead(consent="withdrawn", suppressed_at=NOON)
        Consent.objects.create(lead=kept, status="opt-in", at=NOON - timedelta(days=2))
        Consent.objects.create(lead=gone, status="withdrawn", at=NOON - timedelta(days=1))
        merged(kept, gone)
        assert (kept.suppressed_at, kept.consent, kept.consents.count()) == (NOON, "withdrawn", 2)

    def test_first_touch_is_the_earlier_one_and_latest_the_later(self) -> None:
        kept = make_lead(source="google", latest_source="mail", at=NOON)
        gone = make_lead(source="fair", campaign="Spring", latest_source="fair", at=NOON - timedelta(days=9))
        merged(kept, gone)
        assert (kept.source, kept.campaign, kept.latest_source) == ("fair", "Spring", "mail")
        assert kept.created_at == gone.created_at

    def test_the_stage_further_along_with_the_history_of_both(self) -> None:
        kept, gone = make_lead(), make_lead()
        handoff = offered(gone)
        handoff.claim(by=person("Rita"), at=NOON)
        merged(kept, gone)
        assert (kept.stage, kept.owner, kept.stage_moves.count()) == (Stage.SALES_QUALIFIED, person("Rita"), 1)
        assert list(kept.handoffs.all()) == [handoff]

    def test_of_two_open_handoffs_the_claimed_one_stays_and_the_other_is_withdrawn(self) -> None:
        kept, gone = make_lead(), make_lead()
        waiting, held = offered(kept, NOON - timedelta(hours=1)), offered(gone)
        held.claim(by=person("Rita"), at=NOON)
        merged(kept, gone)
        waiting.refresh_from_db()
        assert (waiting.outcome, kept.handoffs.open().get(), kept.owner) == (Outcome.WITHDRAWN, held, person("Rita"))

    def test_a_list_holds_the_person_once(self) -> None:
        kept, gone = make_lead(), make_lead()
        both, one = (LeadList.objects.create(name=name, kind="static", created_at=NOON) for name in ("Both", "One"))
        both.put_in(Lead.objects.all(), by=person("Mona"), at=NOON)
        change = one.put_in(Lead.objects.filter(pk=gone.pk), by=person("Mona"), at=NOON)
        merged(kept, gone)
        assert [kept.stays.open().filter(list=chosen).count() for chosen in (both, one)] == [1, 1]
        change.refresh_from_db()
        assert change.lead_ids == [kept.pk]

    def test_every_table_that_hangs_on_a_lead_is_empty_of_the_one_that_is_gone(self) -> None:
        kept, gone = make_lead(), make_lead()
        gone.record("page_visit", at=NOON)
        offered(gone)
        drain(NOON)
        merged(kept, gone)
        drain(NOON)
        hanging = [relation.field for relation in Lead._meta.related_objects]
        assert [f.model for f in hanging if f.model.objects.filter(**{f.name: gone.pk}).exists()] == []


class TestWhatComesLater:
    def test_the_old_address_and_id_find_the_kept_lead_and_create_nobody(self) -> None:
        kept, gone = make_lead("a@x.example"), make_lead("b@x.example", external_id="crm-7")
        merged(kept, gone)
        told = [NewLead(email="b@x.example", phone="1"), NewLead(external_id="crm-7", department="IT")]
        assert Lead.objects.take_in(told, at=LATER, actor="system:test").ids == [kept.pk] * 2
        kept.refresh_from_db()
        assert (kept.email, kept.phone, kept.department) == ("a@x.example", "1", "IT")
        assert Lead.objects.count() == 1

    def test_a_deed_told_before_is_not_counted_twice_under_the_kept_lead(self) -> None:
        kept, gone = make_lead("a@x.example"), make_lead("b@x.example", external_id="crm-7")
        deeds = [
            NewActivity("page_visit", NOON, email="b@x.example"),
            NewActivity("page_visit", NOON, lead_external_id="crm-7", url="/x"),
        ]
        assert tell(*deeds) == ["stored", "stored"]
        merged(kept, gone)
        assert (
            tell(
                *(
                    NewActivity("page_visit", NOON, **said)
                    for said in ({"email": "b@x.example"}, {"lead_external_id": "crm-7", "url": "/x"})
                )
            )
            == ["duplicate"] * 2
        )
        assert tell(NewActivity("page_visit", LATER, lead=gone.pk)) == ["stored"]
        assert kept.activities.count() == 3

    def test_nobody_may_be_given_the_old_address(self) -> None:
        kept, gone, other = make_lead("a@x.example"), make_lead("b@x.example"), make_lead()
        merged(kept, gone)
        with pytest.raises(Exception, match="There is a lead"):
            other.edit({"email": "b@x.example"}, by=person("Mona"), at=LATER)

    def test_after_an_undo_each_has_what_came_under_its_address(self) -> None:
        kept, gone = make_lead("a@x.example"), make_lead("b@x.example")
        merge = merged(kept, gone)
        tell(
            NewActivity("page_visit", LATER, email="a@x.example"),
            NewActivity("form_submitted", LATER, email="b@x.example"),
        )
        undo(merge)
        assert [list(lead.activities.values_list("type__key", flat=True)) for lead in (kept, gone)] == [
            ["page_visit"],
            ["form_submitted"],
        ]


def tell(*rows: NewActivity) -> list[str]:
    return list(Activity.objects.record_many(list(rows), at=LATER, actor="system:test").outcomes)


class TestRefusals:
    def test_itself_and_one_that_is_gone(self) -> None:
        kept, gone = make_lead(), make_lead()
        with pytest.raises(SameLead):
            merged(kept, kept)
        merged(kept, gone)
        with pytest.raises(LeadGone, match="there no more"):
            merged(kept, Lead(pk=gone.pk))

    def test_a_deal_that_would_end_without_a_decision(self) -> None:
        kept, gone = deal(), deal()
        with pytest.raises(DealsInTheWay, match="open deal"):
            merged(kept, gone)
        assert Lead.objects.filter(pk=gone.pk).exists()

    def test_an_undo_comes_too_late_twice_or_after_sales_worked_on_it(self) -> None:
        kept, gone = make_lead(), make_lead()
        merge = merged(kept, gone)
        with pytest.raises(UndoRefused, match="30 days"):
            undo(merge, NOON + timedelta(days=30))
        undo(merge)
        with pytest.raises(UndoRefused, match="already"):
            undo(merge)
        handoff = offered(gone)
        merge = merged(kept, gone)
        handoff.refresh_from_db()
        handoff.claim(by=person("Rita"), at=LATER)
        with pytest.raises(UndoRefused, match="since"):
            undo(merge)

    def test_merges_are_undone_from_the_last_to_the_first(self) -> None:
        one, two, three = make_lead(), make_lead(), make_lead()
        first, second = merged(two, one), merged(three, two)
        with pytest.raises(UndoRefused, match="undo that first"):
            undo(first)
        undo(second)
        assert undo(first).pk == one.pk

    def test_a_fact_that_somebody_changed_since_stays_changed(self) -> None:
        kept, gone = make_lead(), make_lead(phone="1", job_title="CTO")
        merge = merged(kept, gone)
        kept.edit({"phone": "2"}, by=person("Mona"), at=LATER)
        undo(merge)
        kept.refresh_from_db()
        assert (kept.phone, kept.job_title) == ("2", "")


def deal() -> Lead:
    lead = make_lead()
    Lead.objects.filter(pk=lead.pk).update(owner=None)
    handoff = offered(lead)
    handoff.claim(by=person("Rita"), at=NOON)
    handoff.log_follow_up(kind="call", result="reached", at=NOON, by=person("Rita"))
    answers = {"budget": "yes", "authority": "yes", "need": "yes", "timeline": "yes", "budget_evidence": "x"}
    handoff.qualification.save_draft(answers, by=person("Rita"), at=NOON)
    handoff.accept(by=person("Rita"), at=NOON)
    lead.refresh_from_db()
    return lead


# --- Any merges, undone in any order that is allowed, leave every table as it was -------------------------------------
#: Derived, or history that only grows: facts set and set back are two changes.
NOT_COMPARED = {
    "leads_merge", "leads_factchange", "scoring_pending", "scoring_gonelead", "scoring_leadscore", "scoring_eventvector",
    "scoring_matchclass",
}  # fmt: skip


def tables() -> dict[str, list[str]]:
    """Every row of every table of ours, as text."""
    found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if model._meta.app_label in ("leads", "scoring", "handoff", "nurture", "outbox") and table not in NOT_COMPARED:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT (to_jsonb(t) - 'updated_at' - 'changed_in')::text FROM {table} t ORDER BY 1")
                found[table] = [row[0] for row in cursor.fetchall()]
    return found


def assert_scores_are_what_ledgers_say() -> None:
    drain(NOON)
    ids = list(Lead.objects.values_list("pk", flat=True))
    stored = {row.lead_id: (row.fit, row.engagement, row.total) for row in LeadScore.objects.all()}
    ledgers = ledgers_of(ids, day=workspace_day(NOON))
    assert stored == {pk: (one.fit, one.engagement, one.total) for pk, one in ledgers.items()}


people = st.fixed_dictionaries(
    {
        "facts": st.fixed_dictionaries(
            {},
            optional={
                "job_title": st.sampled_from(["CTO", "Clerk"]),
                "seniority": st.sampled_from(["C-level", "Manager"]),
                "phone": st.just("1"),
                "external_id": st.integers(0, 9**9).map(str),
                "suppressed_at": st.just(NOON),
                "source": st.sampled_from(["google", "fair"]),
                "custom": st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"])),
            },
        ),
        "deeds": st.lists(
            st.sampled_from(["page_visit", "demo_requested", "pricing_viewed", "form_submitted"]), max_size=3
        ),
        "stage": st.sampled_from(["", "promoted", "offered", "claimed", "sent back"]),
        "engagement": st.sampled_from(["keep", "halve", "reset"]),
    }
)


def made(said: dict[str, Any], number: int) -> Lead:
    facts = dict(said["facts"])
    if "external_id" in facts:
        facts["external_id"] += f"-{number}"
    lead = make_lead(at=NOON - timedelta(days=number), **facts)
    types = set(said["deeds"]) & set(KNOWN)
    for place, key in enumerate(sorted(types)):
        lead.record(key, at=NOON - timedelta(days=place))
    if said["stage"] == "promoted":
        lead.promote(reason="x", by=person("Mona"), at=NOON)
    elif said["stage"]:
        handoff = offered(lead, NOON - timedelta(minutes=number))
        if said["stage"] != "offered":
            handoff.claim(by=person("Rita"), at=NOON)
        if said["stage"] == "sent back":
            Reason.objects.filter(key="no_need").update(engagement=said["engagement"])
            handoff.send_back(reason=Reason.objects.get(key="no_need"), by=person("Rita"), at=NOON)
    lead.refresh_from_db()
    return lead


KNOWN = ("page_visit", "demo_requested", "form_submitted")


@given(st.lists(people, min_size=2, max_size=4), st.data())
@examples(8, phases=[Phase.reuse, Phase.generate])
def test_any_merges_taken_back_leave_every_table_as_it_was(told: list[Any], data: Any) -> None:
    with undone():
        leads = [made(said, number) for number, said in enumerate(told)]
        LeadList.objects.create(name="L", kind="static", created_at=NOON).put_in(
            Lead.objects.filter(pk__in=[lead.pk for lead in leads[::2]]), by=person("Mona"), at=NOON
        )
        steps = []
        while len(leads) > 1:
            kept, gone = data.draw(st.permutations(leads))[:2]
            before = tables()
            steps.append(
                (merged(kept, gone, take=data.draw(st.sets(st.sampled_from(["email", "phone", "custom.a"])))), before)
            )
            leads.remove(gone)
        assert Activity.objects.count() == Activity.objects.filter(lead=leads[0]).count()
        with undone():  # the points of all may call for a move of stage
            assert_scores_are_what_ledgers_say()
        for merge, before in reversed(steps):
            undo(merge, NOON)
            assert tables() == before
        assert_scores_are_what_ledgers_say()
