"""The page of what a version did: what sales accepted before and after, who reads it, and that few are counted only (R12, R13)."""

import re

import pytest
from django.utils import timezone

from handoff.models import Outcome
from leadhub.testing import signed_in
from reports.replay import Share
from reports.version_history import VersionHistory
from scoring.models import ScoringModel

from .replayed import DAY, handed, versions

pytestmark = pytest.mark.django_db


def published_days_ago(days: float) -> ScoringModel:
    version, _draft = versions()
    ScoringModel.objects.filter(pk=version.pk).update(published_at=timezone.now() - days * DAY)
    version.refresh_from_db()
    return version


def decided(accepted: int, refused: int, days_ago: float) -> None:
    for n in range(accepted + refused):
        handed(1, Outcome.ACCEPTED if n < accepted else Outcome.SENT_BACK, at=timezone.now() - days_ago * DAY)


def test_what_sales_accepted_is_compared_with_as_many_days_before() -> None:
    version = published_days_ago(40)
    decided(2, 1, 39)
    decided(1, 0, 20)
    decided(1, 3, 45)
    decided(4, 0, 41 + 28)
    handed(1, at=timezone.now() - 39 * DAY)  # nobody has decided
    week, month = [one.acceptance for one in VersionHistory(version, timezone.now()).outcomes]
    assert (week.before, week.after) == (Share(1, 4), Share(2, 3))
    assert (month.before, month.after) == (Share(1, 4), Share(3, 4))


def words_of(version: ScoringModel, name: str = "Rita", **headers: str) -> str:
    page = signed_in(name).get(f"/reports/versions/{version.version}/", headers=headers)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace(" %", "%")


def test_few_are_counted_and_thirty_get_a_share_with_its_interval() -> None:
    version = published_days_ago(10)
    decided(15, 15, 9)
    decided(3, 2, 12)
    words = words_of(version)
    assert "50% 33% to 67%, n = 30" in words
    assert "3 of 5" in words
    assert "10 days of them" in words


def test_the_part_of_the_versions_page_is_the_same_without_the_page() -> None:
    version = published_days_ago(10)
    part = words_of(version, **{"HX-Request": "true"})
    assert part in words_of(version)
    assert "Sign out" not in part


def test_a_draft_did_nothing_and_a_version_that_is_none_is_not_found() -> None:
    _published, draft = versions()
    assert "It was never published, so it did nothing." in words_of(draft)
    assert signed_in("Mick").get(f"/reports/versions/{'9' * 30}/").status_code == 404


def test_the_list_of_versions_says_what_each_did() -> None:
    version = published_days_ago(28)
    decided(0, 0, 1)
    page = signed_in("Mick").get("/scoring/").content.decode()
    assert f"/reports/versions/{version.version}/" in page
    assert "MQLs a week" in page
