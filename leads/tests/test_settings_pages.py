"""Settings of the leads room: kinds of activity, content, custom fields."""

import pytest

from leadhub.testing import assert_same_queries, signed_in
from leads.models import ActivityType, Asset, CustomField

pytestmark = pytest.mark.django_db


def test_a_kind_of_activity_is_added_and_changed_but_keeps_its_key():
    client = signed_in("Mick")
    said = {"label": "Podcast heard", "key": "podcast_heard", "category": "content", "funnel_stage": "top"}

    client.post("/settings/activity-types/new/", said)
    made = ActivityType.objects.get(key="podcast_heard")
    client.post(
        f"/settings/activity-types/{made.pk}/", said | {"key": "other", "funnel_stage": "middle", "shows_intent": "on"}
    )

    made.refresh_from_db()
    assert (made.key, made.funnel_stage, made.shows_intent, made.is_builtin) == ("podcast_heard", "middle", True, False)


def test_a_built_in_kind_keeps_its_name():
    made = ActivityType.objects.get(key="page_visit")

    signed_in("Ada").post(
        f"/settings/activity-types/{made.pk}/", {"label": "x", "key": "x", "category": "web", "funnel_stage": "bottom"}
    )

    made.refresh_from_db()
    assert (made.label, made.key, made.funnel_stage) == ("Page visited", "page_visit", "bottom")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"key": "page_visit"},
        {"key": "no spaces allowed"},
        {"category": "x"},
        {"funnel_stage": "x"},
        {"label": "x" * 81},
    ],
)
def test_bad_input_is_said(said: dict[str, str]):
    before = ActivityType.objects.count()
    data = {"label": "Podcast", "key": "podcast", "category": "content", "funnel_stage": "top"} | said if said else {}

    assert signed_in("Mick").post("/settings/activity-types/new/", data).status_code == 200
    assert ActivityType.objects.count() == before


def test_content_is_added_with_its_funnel_stage():
    signed_in("Mick").post(
        "/settings/assets/new/",
        {"key": "Price list 2026", "kind": "PDF", "url": "/prices.pdf", "funnel_stage": "bottom"},
    )

    assert Asset.objects.get().funnel_stage == "bottom"


def test_a_field_is_added_and_asked_for_when_a_lead_is_typed():
    signed_in("Mick").post("/settings/fields/new/", {"label": "Region", "key": "region"})

    assert "custom_region" in signed_in("Mona").get("/leads/new/").context["form"].fields
    assert CustomField.objects.get().label == "Region"


@pytest.mark.parametrize("page", ["activity-types", "assets", "fields"])
def test_marketers_and_sales_do_not_set_up(page: str):
    for name in ("Mona", "Rita", "Sue", "Ann"):
        assert signed_in(name).get(f"/settings/{page}/").status_code == 403


def test_lists_ask_equally_often():
    numbers = iter(range(99))
    assert_same_queries(
        signed_in("Mick"), "/settings/assets/", lambda: Asset.objects.create(key=f"Guide {next(numbers)}")
    )
