"""Keys of machines: shown once, stored as a fingerprint, refused once revoked (quality.md S10)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, Scope
from leadhub.testing import assert_same_queries, person, signed_in

pytestmark = pytest.mark.django_db
NEW = {"name": "Website", "scopes": [Scope.EVENTS_WRITE], "until": ""}


def test_a_key_is_shown_once_and_kept_as_a_fingerprint():
    ada = signed_in("Ada")
    text = ada.post(reverse("api_key_new"), NEW).context["text"]
    row = ApiKey.objects.filter(name="Website").values().get()
    secret = text.split("_", 2)[2]
    assert len(secret) >= 43
    assert secret not in str(row)
    assert secret not in ada.get(reverse("api_keys")).content.decode()


def test_loading_the_answer_again_does_not_issue_a_second_key():
    ada = signed_in("Ada")
    ada.post(reverse("api_key_new"), NEW)
    response = ada.post(reverse("api_key_new"), NEW)
    assert (response.status_code, ApiKey.objects.count()) == (422, 1)
    assert "A key with this name is in use" in response.content.decode()


def test_the_holder_is_found_by_the_right_secret_only():
    key, text = ApiKey.objects.issue(name="x", scopes=[Scope.LEADS_READ], by=person("Ada"))
    now = timezone.now()
    assert ApiKey.objects.holder_of(text, now) == key
    for wrong in [
        text + "x",
        text[:-1],
        text.upper(),
        "",
        "lh__",
        "lh_" + key.prefix,
        "\ud800",
        f"lh_{key.prefix}_\x00",
        "lh_ｘ_y",
        "x" * 10_000,
    ]:
        assert ApiKey.objects.holder_of(wrong, now) is None


def test_a_revoked_or_expired_key_is_refused():
    now = timezone.now()
    revoked, text = ApiKey.objects.issue(name="a", scopes=[], by=person("Ada"))
    _expired, old = ApiKey.objects.issue(name="b", scopes=[], by=person("Ada"), expires_at=now + timedelta(days=1))
    signed_in("Ada").post(reverse("api_key_revoke", args=[revoked.pk]))
    assert ApiKey.objects.holder_of(text, now) is None
    assert ApiKey.objects.holder_of(old, now) is not None
    assert ApiKey.objects.holder_of(old, now + timedelta(days=1)) is None


def test_revoking_twice_keeps_the_first_moment():
    key, _text = ApiKey.objects.issue(name="a", scopes=[], by=person("Ada"))
    first = timezone.now()
    key.revoke(at=first)
    key.revoke(at=first + timedelta(hours=1))
    key.refresh_from_db()
    assert key.revoked_at == first


def test_it_works_to_the_end_of_the_chosen_day_in_the_workspace_zone(settings):
    from zoneinfo import ZoneInfo

    settings.WORKSPACE_ZONE = ZoneInfo("Asia/Jakarta")
    day = timezone.now().date() + timedelta(days=3)
    signed_in("Ada").post(reverse("api_key_new"), NEW | {"until": day.isoformat()})
    ends = ApiKey.objects.get().expires_at.astimezone(settings.WORKSPACE_ZONE)
    assert (ends.date(), ends.hour) == (day + timedelta(days=1), 0)


@pytest.mark.parametrize(
    "given",
    [{"name": ""}, {"name": "x" * 81}, {"scopes": []}, {"scopes": ["everything"]}, {"until": "yesterday"}, {"until": "0001-01-01"}, {"until": "9999-12-31"},
     {"until": "2020-01-01"}, {"until": "10000-01-01"}],
)  # fmt: skip
def test_a_key_that_makes_no_sense_is_refused(given: dict[str, object]):
    assert signed_in("Ada").post(reverse("api_key_new"), NEW | given).status_code == 422
    assert not ApiKey.objects.exists()


def test_the_list_asks_equally_often_whatever_its_length():
    numbers = iter(range(100))
    ada = person("Ada")
    assert_same_queries(
        signed_in("Ada"), reverse("api_keys"), lambda: ApiKey.objects.issue(name=f"k{next(numbers)}", scopes=[], by=ada)
    )
