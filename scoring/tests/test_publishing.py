"""A version's life: drafted, published once, retired, never changed; what vectors know follows (product.md §3, R12)."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from leadhub.testing import NOON, make_lead
from scoring import matchers, store
from scoring.models import LeadScore, MatchClass, Matcher, ModelState, ScoringModel
from scoring.sweep import drain, forget_sweeps, rebuild_vectors, sweep_day
from scoring.versions import ModelRefused, draft, ensure_default, publish, swap

pytestmark = pytest.mark.django_db


def version_with(points: float, *, path: str = "/pricing", fit: float = 5) -> ScoringModel:
    when = [{"field": "path", "op": "starts_with", "value": path}]
    document = {
        "name": "Version",
        "groups": [{"key": "who", "axis": "fit"}, {"key": "web", "axis": "engagement"}],
        "rules": [
            {"key": "named", "group": "who", "points": fit, "when": [{"field": "first_name", "op": "known"}]},
            {"key": "visit", "group": "web", "points": points, "activity": {"types": ["page_visit"], "when": when}},
        ],
    }
    return draft(document, by=None, at=NOON)


def visitor(*urls: str) -> Any:
    lead = make_lead()
    for url in urls:
        lead.record("page_visit", at=NOON, url=url)
    drain(NOON)
    return lead


def engagement_of(lead: Any) -> int:
    return LeadScore.objects.get(lead=lead).engagement


def test_publishing_retires_the_former_version_and_scores_every_lead() -> None:
    lead, former = visitor("/pricing", "/docs"), ScoringModel.objects.published()
    version = version_with(7)
    publish(version, by=None, at=NOON)
    former.refresh_from_db()
    assert (former.state, former.retired_at) == (ModelState.RETIRED, NOON)
    assert ScoringModel.objects.published() == version
    assert (LeadScore.objects.get(lead=lead).fit, engagement_of(lead)) == (500, 700)


def test_new_conditions_are_learnt_and_old_deeds_matched_by_them() -> None:
    lead = visitor("/pricing", "/docs", "/docs/setup")
    publish(version_with(1), by=None, at=NOON)
    publish(version_with(1, path="/docs"), by=None, at=NOON)
    assert engagement_of(lead) == 200
    assert store.differing([lead.pk]) == []


def test_changed_points_need_no_new_matching() -> None:
    publish(version_with(1), by=None, at=NOON)
    changed = version_with(3)
    assert matchers.knows(changed.model)
    assert not matchers.register(changed.model)


def test_only_what_the_published_version_needs_is_looked_for_and_unused_classes_are_freed() -> None:
    visitor("/pricing", "/docs")
    for path in ("/pricing", "/docs", "/careers"):
        publish(version_with(1, path=path), by=None, at=NOON)
        rebuild_vectors(NOON)
    assert list(Matcher.objects.values_list("key", flat=True)) == list(
        matchers.keys_of(ScoringModel.objects.published().model)
    )
    assert MatchClass.objects.count() <= 1


def test_a_publishing_cut_off_before_vectors_were_made_anew_is_no_harm_when_done_again() -> None:
    lead, version = visitor("/docs"), version_with(4, path="/docs")
    assert matchers.register(version.model)  # and then the power failed
    assert not matchers.knows(version.model)
    publish(version, by=None, at=NOON)
    assert engagement_of(lead) == 400


def test_a_publishing_cut_off_before_leads_were_scored_is_ended_by_the_next_sweep() -> None:
    lead = visitor("/pricing")
    publish(version_with(1), by=None, at=NOON)
    version = version_with(1, fit=9)
    ScoringModel.objects.filter(state=ModelState.PUBLISHED).update(state=ModelState.RETIRED)
    ScoringModel.objects.filter(pk=version.pk).update(state=ModelState.PUBLISHED, published_at=NOON)
    forget_sweeps()  # as `swap` does in the same transaction
    sweep_day(NOON)
    assert LeadScore.objects.get(lead=lead).fit == 900


@pytest.mark.parametrize("state", [ModelState.PUBLISHED, ModelState.RETIRED])
def test_a_version_is_published_once(state: str) -> None:
    version = version_with(1)
    ScoringModel.objects.filter(state=state).update(state=ModelState.RETIRED)
    ScoringModel.objects.filter(pk=version.pk).update(state=state)
    version.refresh_from_db()
    with pytest.raises(ModelRefused, match="only a draft can be published"):
        publish(version, by=None, at=NOON)


def test_the_database_knows_one_published_version() -> None:
    version = version_with(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoringModel.objects.filter(pk=version.pk).update(state=ModelState.PUBLISHED)


def test_the_default_is_published_where_there_is_nothing_and_only_there() -> None:
    ensure_default()
    assert ScoringModel.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE scoring_scoringmodel CASCADE")
    ensure_default()
    assert ScoringModel.objects.published().version == 1


def test_deeds_told_while_vectors_are_made_anew_are_told_apart_as_the_new_version_needs() -> None:
    lead, version = visitor("/docs"), version_with(2, path="/docs")
    matchers.register(version.model)
    lead.record("page_visit", at=NOON, url="/docs/2")
    drain(NOON)
    publish(version, by=None, at=NOON)
    assert engagement_of(lead) == 400


def test_a_draft_that_changes_while_it_is_published_is_not_published() -> None:
    version = version_with(1)
    ScoringModel.objects.filter(pk=version.pk).update(document=version_with(2, path="/other").document)
    with pytest.raises(ModelRefused, match="changed meanwhile"):
        publish(version, by=None, at=NOON)
    assert ScoringModel.objects.published() != version


def test_of_two_publishings_at_once_the_later_learns_again() -> None:
    one, other = version_with(1, path="/one"), version_with(1, path="/other")
    matchers.register(other.model)
    rebuild_vectors(NOON)
    publish(
        one, by=None, at=NOON
    )  # while the other has learnt and is about to be swapped in: forgets what only that needs
    with pytest.raises(ModelRefused, match="changed meanwhile"):
        swap(other, None, NOON)
    publish(other, by=None, at=NOON)
    assert ScoringModel.objects.published() == other
