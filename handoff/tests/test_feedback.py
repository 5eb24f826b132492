"""After a no: the lead rests, comes back on its day, and marketing answers (R22, R27)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from handoff.models import CameBack, Handoff, Reply
from handoff.refusals import ReplyRefused
from handoff.returning import bring_back
from leadhub.testing import NOON, person, signed_in
from leads.models import Lead
from outbox.models import Notice

from .offering import claimed, offered, reason

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sent_back(until: date | None = None, *, key: str = "not_now", note: str = "Asked for a demo") -> Handoff:
    handoff = claimed(note=note)
    handoff.send_back(
        reason=reason(key), return_on=until, by=person("Rita"), at=NOON, text="Budget is decided in spring"
    )
    return handoff


def told() -> list[tuple[str, str]]:
    return [(n.recipient.name, n.text) for n in Notice.objects.filter(kind="came_back").select_related("recipient")]


def test_a_lead_comes_back_to_its_marketer_on_its_day_and_not_before() -> None:
    sent_back((NOON + 10 * DAY).date())
    assert (bring_back(NOON + 9 * DAY), told()) == (0, [])
    assert bring_back(NOON + 10 * DAY) == 1
    assert told() == [("Mona", "Dewi Lestari may be looked at again: sales sent it back until today.")]


def test_looking_again_tells_nobody_twice() -> None:
    sent_back((NOON + 10 * DAY).date())
    for _time in range(3):
        bring_back(NOON + 11 * DAY)
    assert (len(told()), CameBack.objects.count()) == (1, 1)


def test_who_came_by_score_is_told_to_the_managers_of_marketing() -> None:
    person("Mick")
    sent_back((NOON + 10 * DAY).date(), note="")
    bring_back(NOON + 12 * DAY)
    assert [name for name, _text in told()] == ["Mick"]


def test_a_lead_that_went_on_meanwhile_is_not_announced() -> None:
    handoff = sent_back((NOON + 10 * DAY).date())
    offered(lead=Lead.objects.get(pk=handoff.lead_id), note="Called us", at=NOON + DAY)
    bring_back(NOON + 12 * DAY)
    assert told() == []


def test_a_reason_says_how_long_a_lead_rests_where_no_day_is_given() -> None:
    no_budget = reason("no_budget")
    no_budget.write({"rest_days": 90}, by=person("Sue"), at=NOON)
    handoff = sent_back(key="no_budget")
    assert Lead.objects.get(pk=handoff.lead_id).cooling_until == NOON + 90 * DAY


def test_marketing_replies_and_the_seller_reads_it_with_the_handoff() -> None:
    handoff = sent_back((NOON + 10 * DAY).date())
    mona, address = signed_in("Mona"), reverse("handoff_reply", args=[handoff.pk])
    assert mona.post(address, {"reply-text": "They moved it to January."}).status_code == 302
    notice = Notice.objects.get(recipient=person("Rita"), kind="replied")
    assert notice.text == "Mona on Dewi Lestari: They moved it to January."
    page = signed_in("Rita").get(reverse("handoff_page", args=[handoff.pk])).content.decode()
    assert "They moved it to January." in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_a_reply_needs_words_and_not_too_many(text: str) -> None:
    handoff = sent_back((NOON + 10 * DAY).date())
    response = signed_in("Mona").post(
        reverse("handoff_reply", args=[handoff.pk]), {"reply-text": text}, headers={"HX-Request": "true"}
    )
    assert (response.status_code, Reply.objects.exists()) == (409, False)


def test_there_is_nothing_to_reply_to_while_sales_is_at_work() -> None:
    with pytest.raises(ReplyRefused, match="did not send this lead back"):
        Reply.give(claimed(), text="Hello", by=person("Mona"), at=NOON)
