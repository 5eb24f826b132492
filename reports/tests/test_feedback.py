"""“Sent back by sales”: each number is the size of the list it opens (R22, R27)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from handoff.models import Handoff
from handoff.offers import withdraw
from handoff.tests.offering import claimed, offered, qualified, reason
from leadhub.testing import NOON, assert_same_queries, make_lead, person, signed_in
from reports.feedback import Feedback
from scoring.models import Snapshot

pytestmark = pytest.mark.django_db
SINCE = NOON - timedelta(days=1)


@pytest.fixture(autouse=True)
def _a_day_later() -> Any:
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        yield


def rejected(key: str = "no_need", *, rules: dict[str, float] | None = None, **facts: Any) -> Handoff:
    """A lead that came by score under rules that gave these points, and that sales sent back."""
    handoff = claimed(**facts)
    lines = [
        {"kind": "rule", "axis": "fit", "group": _group(axis), "key": name, "title": name.title(), "events": 1, "points": points}
        for name, points in (rules or {}).items()
        for axis in [name.split("_")[0]]
    ]  # fmt: skip
    ledger = {"day": "2026-11-18", "last_active": None, "last_intent": None, "lines": lines}
    Snapshot.objects.filter(move=handoff.move_id).update(ledger=ledger)
    handoff.send_back(reason=reason(key), by=person("Rita"), at=NOON, text="Two pallets a day")
    return handoff


def _group(axis: str) -> str:
    from scoring.models import ScoringModel

    return next(g.key for g in ScoringModel.objects.published().model.groups_of(axis))


def lines(kind: str, **chosen: str) -> list[tuple[str, int, int]]:
    return [(line.title, line.rejected, line.decided) for line in Feedback(SINCE, chosen).table(kind)]


def test_reasons_and_sources_are_counted_beside_all_decisions() -> None:
    rejected(source="webinar")
    rejected("no_budget", source="webinar")
    qualified(source="webinar").accept(by=person("Rita"), at=NOON)
    assert lines("source") == [("webinar", 2, 3)]
    assert [title for title, *_counts in lines("reason")] == ["No budget", "No need"]
    assert lines("source", reason="no_need") == [("webinar", 1, 1)]


def test_a_rule_is_counted_where_it_gave_points() -> None:
    rejected(rules={"fit_big": 20.0, "engagement_web": 10.0})
    rejected(rules={"fit_big": 20.0, "engagement_web": 0})
    assert lines("rule") == [("Fit_Big", 2, 2), ("Engagement_Web", 1, 1)]


def test_each_number_opens_its_leads() -> None:
    wanted, _other = rejected(source="webinar"), rejected(source="fair")
    page = signed_in("Mona").get(reverse("report_feedback"), {"source": "webinar"})
    assert [row.pk for row in page.context["page"].rows] == [wanted.pk]
    assert "Two pallets a day" in page.content.decode()


def test_what_waits_or_was_withdrawn_is_no_decision() -> None:
    offered()
    withdraw([offered().lead_id], at=NOON)
    assert Feedback(SINCE).cases == []


def test_the_analyst_reads_no_words_and_no_names() -> None:
    rejected(first_name="Ayu", last_name="Putri")
    page = signed_in("Ann").get(reverse("report_feedback")).content.decode()
    assert not [word for word in ("Ayu", "Putri", "Two pallets a day") if word in page]


@pytest.mark.parametrize(
    "query", ["?days=x", "?reason=nope", "?rule=needed:nope", "?after=9e99", f"?source={'x' * 5_000}"]
)
def test_odd_questions_are_answered_with_an_empty_page(query: str) -> None:
    rejected()
    assert signed_in("Mona").get(reverse("report_feedback") + query).status_code == 200


HTMX: Any = {"HTTP_HX_REQUEST": "true"}


def test_a_lead_is_offered_again_in_its_row_with_a_reason() -> None:
    handoff = rejected()
    mona, address = signed_in("Mona"), reverse("handoff_again", args=[handoff.pk])
    assert address in mona.get(reverse("report_feedback")).content.decode()
    assert "Why now?" in mona.get(address, **HTMX).content.decode()
    assert mona.post(address, {"over-note": " "}, **HTMX).status_code == 422
    assert "Offered again" in mona.post(address, {"over-note": "The budget is approved"}, **HTMX).content.decode()
    again = Handoff.objects.open().get()
    assert (again.lead_id, again.note, again.offered_by) == (handoff.lead_id, "The budget is approved", person("Mona"))
    assert mona.post(address, {"over-note": "Once more"}, **HTMX).status_code == 409


def test_without_scripts_it_is_offered_again_on_the_page_of_the_lead() -> None:
    handoff = rejected()
    address, page = reverse("handoff_again", args=[handoff.pk]), reverse("lead_handoff", args=[handoff.lead_id])
    assert signed_in("Mona").get(address).url == page  # type: ignore[attr-defined]
    assert signed_in("Mona").post(address, {"over-note": "New budget"}).url == page  # type: ignore[attr-defined]
    assert Handoff.objects.open().get().note == "New budget"


def test_the_page_asks_equally_often_whatever_the_rows() -> None:
    make_lead()
    assert_same_queries(signed_in("Mona"), reverse("report_feedback"), rejected, most=14)
