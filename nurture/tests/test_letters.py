"""Letters are in line once whoever tries again, and nobody is written to who must not be (quality.md D6, D7, rule 10)."""

from typing import Any

import pytest

from leadhub.testing import NOON, make_lead, person
from leads.models import Lead
from leads.stages import Stage
from nurture.leaving import stop_writing, write_again
from nurture.letters import NewLetter, Unwritable, call_off, queue, unwritable
from nurture.models import Letter, Optout, Suppression
from nurture.suppressions import address_hash, lift, suppress, suppressed

from .writing import make_letter, make_version

pytestmark = pytest.mark.django_db


def test_the_same_key_is_one_letter_whoever_tries_again() -> None:
    version, leads = make_version(), [make_lead() for _n in range(3)]
    new = [NewLetter(f"k{lead.pk}", lead, version, NOON, values={"first_name": "Dewi"}) for lead in leads]
    first = queue(new[:2], at=NOON)
    again = queue(new, at=NOON)
    assert len(again) == 3
    assert first.items() < again.items()
    assert Letter.objects.count() == 3
    assert set(Letter.objects.values_list("state", "domain")) == {("queued", "example.com")}


def test_a_thousand_letters_are_queued_with_as_many_questions_as_one(django_assert_max_num_queries: Any) -> None:
    version, lead = make_version(), make_lead()
    with django_assert_max_num_queries(8):
        ids = queue([NewLetter(f"k{n}", lead, version, NOON) for n in range(1_000)], at=NOON)
    assert len(ids) == 1_000


@pytest.mark.parametrize("state", ["queued", "deferred", "leased", "handed", "sent", "unknown"])
def test_called_off_is_what_nobody_has_handed_over(state: str) -> None:
    letter = make_letter()
    more = {"lease_until": NOON if state in ("leased", "handed") else None, "handed_at": NOON}
    Letter.objects.filter(pk=letter.pk).update(state=state, **more)
    called = call_off(Letter.objects.of(letter.lead), why="Became SQL", at=NOON)
    letter.refresh_from_db()
    off = ("suppressed", "Became SQL", [letter.pk])
    expected = off if state in ("queued", "deferred", "leased") else (state, "", [])
    assert (letter.state, letter.reason, called) == expected


def reason(topic: str = "News", **facts: Any) -> str:
    lead = make_lead(**facts)
    return unwritable([lead], topic).get(lead.pk, "")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, ""),
        ({"stage": Stage.MARKETING_QUALIFIED}, ""),
        ({"email": "", "external_id": "x"}, Unwritable.NO_ADDRESS),
        ({"suppressed_at": NOON}, Unwritable.SUPPRESSED),
        ({"stage": Stage.SALES_QUALIFIED}, Unwritable.LEFT_MARKETING),
        ({"stage": Stage.DISQUALIFIED}, Unwritable.LEFT_MARKETING),
        ({"consent": "Withdrawn"}, Unwritable.NO_CONSENT),
        ({"consent": "given"}, ""),
    ],
)
def test_who_is_not_written_to(facts: dict[str, Any], wanted: str) -> None:
    assert reason(**facts) == wanted


def test_where_consent_is_asked_for_it_must_have_been_given(settings: Any) -> None:
    settings.NURTURE_CONSENT = ["given"]
    assert (reason(), reason(consent="Given")) == (Unwritable.NO_CONSENT, "")


def test_leaving_a_topic_leaves_the_others() -> None:
    lead = make_lead()
    Optout.objects.create(lead=lead, topic="News", at=NOON)
    assert unwritable([lead], "News") == {lead.pk: Unwritable.OPTED_OUT}
    assert unwritable([lead], "Events") == {}


@pytest.mark.parametrize("back", ["Dewi@Example.com ", "DEWI@EXAMPLE.COM", "ｄewi@example.com"])
def test_a_suppressed_address_stays_so_whichever_way_it_comes_back(back: str) -> None:
    """Also after the lead is erased: what is kept is a keyed hash, and names nobody (D6)."""
    suppress(["dewi@example.com"], why=Suppression.Why.COMPLAINED, at=NOON)
    assert reason(email=back) == Unwritable.COMPLAINED
    [row] = Suppression.objects.all()
    assert "dewi" not in repr(row.__dict__)


def test_an_old_secret_key_still_finds_what_was_suppressed_under_it(settings: Any) -> None:
    Suppression.objects.create(address_hash=address_hash("a@b.example", "o" * 60), why="bounced", at=NOON)
    assert suppressed(["a@b.example"]) == {}
    settings.SECRET_KEY_FALLBACKS = ["o" * 60]
    assert suppressed(["a@b.example"]) == {"a@b.example": "bounced"}


def test_suppression_keeps_its_first_reason_and_is_lifted_only_for_its_own() -> None:
    lead = make_lead("dewi@example.com")
    suppress([lead.email], why=Suppression.Why.BOUNCED, at=NOON)
    suppress([lead.email], why=Suppression.Why.UNSUBSCRIBED, at=NOON)
    assert not lift(lead.email, only=[Suppression.Why.UNSUBSCRIBED])
    assert Lead.objects.get().suppressed_at == NOON
    assert lift(lead.email)
    assert (Lead.objects.get().suppressed_at, unwritable([Lead.objects.get()], "")) == (None, {})


def test_what_one_of_two_merged_leads_left_both_have_left() -> None:
    """A merge brings no address back, and letters go to the kept lead (D6, D9)."""
    kept, gone = make_lead("kept@example.com"), make_lead("gone@example.com")
    for lead, topic in ((kept, "News"), (gone, "News"), (gone, "Events")):
        Optout.objects.create(lead=lead, topic=topic, at=NOON)
    letter = make_letter(gone)
    suppress([gone.email], why=Suppression.Why.UNSUBSCRIBED, at=NOON)
    gone.refresh_from_db()
    kept.merge(gone, by=person("Mona"), at=NOON)
    letter.refresh_from_db()
    assert letter.lead == kept
    assert set(Optout.objects.filter(lead=kept).values_list("topic", flat=True)) == {"News", "Events"}
    assert unwritable([Lead.objects.get()], "") == {kept.pk: Unwritable.SUPPRESSED}


def test_somebody_of_the_house_may_stop_and_allow_it_again() -> None:
    lead = make_lead()
    letter = make_letter(lead)
    stop_writing(lead, at=NOON)
    letter.refresh_from_db()
    assert (letter.state, unwritable([Lead.objects.get()], "")) == ("suppressed", {lead.pk: Unwritable.SUPPRESSED})
    assert write_again(lead)
    assert unwritable([Lead.objects.get()], "") == {}
