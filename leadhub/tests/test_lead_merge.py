"""Merging from the lead page: found, compared, confirmed, followed by old links, taken back (quality.md D9, §4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadhub.testing import make_lead, person, signed_in
from leads.models import Lead, Merge
from leads.stages import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins() -> tuple[Lead, Lead]:
    return make_lead("dewi@a.example", job_title="CTO"), make_lead("dewi@b.example", job_title="Chief", phone="+62 21")


def address(kept: Lead, gone: Lead) -> str:
    return f"/leads/{kept.pk}/merge/{gone.pk}/"


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_who_is_alike_is_offered_and_anybody_else_is_found(twins: tuple[Lead, Lead]) -> None:
    kept, gone = twins
    other = make_lead("x@c.example", first_name="Budi", last_name="Santoso")
    mona = signed_in("Mona")
    assert address(kept, gone) in text_of(mona.get(f"/leads/{kept.pk}/merge/"))
    assert address(kept, other) in text_of(mona.get(f"/leads/{kept.pk}/merge/?q=santoso"))
    assert f'/leads/{kept.pk}/merge/"' in text_of(mona.get(f"/leads/{kept.pk}/"))


def test_both_are_shown_side_by_side_and_the_chosen_facts_win(twins: tuple[Lead, Lead]) -> None:
    kept, gone = twins
    mona = signed_in("Mona")
    page = text_of(mona.get(address(kept, gone)))
    assert all(said in page for said in ("CTO", "Chief", "+62 21", "undone for 30 days"))
    answer = mona.post(address(kept, gone), {"fact0": "kept", "fact3": "gone"})
    assert answer.status_code == 302, text_of(answer)
    kept.refresh_from_db()
    assert (kept.email, kept.job_title, kept.phone) == ("dewi@a.example", "Chief", "+62 21")


def test_an_old_link_leads_to_the_kept_lead_and_says_so(twins: tuple[Lead, Lead]) -> None:
    kept, gone = twins
    kept.merge(gone, by=person("Mona"), at=timezone.now())
    mona = signed_in("Mona")
    answer = mona.get(f"/leads/{gone.pk}/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/leads/{kept.pk}/"
    assert "was merged into this one" in text_of(answer)
    assert "Dewi Lestari was merged into this lead" in text_of(answer)
    assert signed_in("Rita").get(f"/leads/{gone.pk}/").status_code == 404


def test_it_is_undone_from_the_history_while_that_is_possible(twins: tuple[Lead, Lead]) -> None:
    kept, gone = twins
    merge = kept.merge(gone, by=person("Mona"), at=timezone.now())
    mona = signed_in("Mona")
    assert f"/merges/{merge.pk}/undo/" in text_of(mona.get(f"/leads/{kept.pk}/history/"))
    assert mona.post(f"/merges/{merge.pk}/undo/").url == f"/leads/{gone.pk}/"
    answer = mona.post(f"/merges/{merge.pk}/undo/", follow=True)
    assert "undone already" in text_of(answer)
    assert "Undone by Mona" in text_of(answer)


def test_after_thirty_days_the_history_says_that_it_was_possible(twins: tuple[Lead, Lead]) -> None:
    kept, gone = twins
    kept.merge(gone, by=person("Mona"), at=timezone.now() - timedelta(days=31))
    page = text_of(signed_in("Mona").get(f"/leads/{kept.pk}/history/"))
    assert ("Was possible until" in page, "/undo/" in page) == (True, False)


def test_a_sales_manager_merges_what_the_team_owns_and_nothing_else(twins: tuple[Lead, Lead]) -> None:
    sue, (kept, gone) = signed_in("Sue"), twins
    assert sue.post(address(kept, gone)).status_code == 403
    Lead.objects.update(stage=Stage.SALES_QUALIFIED, owner=person("Rita"))
    assert sue.post(address(kept, gone)).status_code == 302
    assert Merge.objects.get().by == person("Sue")


@pytest.mark.parametrize("name", ["Rita", "Ann"])
def test_reps_and_analysts_merge_nothing(name: str, twins: tuple[Lead, Lead]) -> None:
    client, (kept, gone) = signed_in(name), twins
    assert {client.get(address(kept, gone)).status_code, client.post(address(kept, gone)).status_code} == {403}
    assert "/merge/" not in text_of(client.get("/leads/"))


def test_refusals_are_sentences(twins: tuple[Lead, Lead]) -> None:
    kept, gone = twins
    mona = signed_in("Mona")
    assert "one and the same" in text_of(mona.post(address(kept, kept)))
    assert mona.post(address(kept, gone), {"fact0": "nobody"}).status_code == 200
    assert Lead.objects.filter(pk=gone.pk).exists()
    assert mona.get(f"/leads/{kept.pk}/merge/{10**30}/").status_code == 404
