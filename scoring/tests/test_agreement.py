"""Rules count when a marketing manager and a sales manager agreed on the very document that is published (R12, R25)."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from leadhub.testing import assert_same_queries, person, signed_in
from outbox.models import Notice
from scoring import agreement, lifecycle, versions
from scoring.agreement import Agreement
from scoring.models import ModelState, ScoringModel
from scoring.models_agreement import Side
from scoring.tests.agreed import agreed, proposed
from scoring.versions import ModelRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> ScoringModel:
    return lifecycle.draft_from(ScoringModel.objects.published(), by=person("Mona"), at=timezone.now())


@pytest.fixture
def both() -> User:
    """Bo manages marketing and sales at once."""
    roles = [Role.MARKETING_MANAGER, Role.SALES_MANAGER]
    return User.objects.create_user(email="bo@leadhub.example", name="Bo", roles=roles)


def post(name: str, what: str, version: ScoringModel, **said: Any) -> Any:
    """What that person is told after pressing a button."""
    return signed_in(name).post(reverse(what, args=[version.version]), said, follow=True)


def approve(version: ScoringModel, side: Side, by: User) -> str:
    return agreement.approve(version, side, by=by, seen=version.digest, at=timezone.now())


def publish(version: ScoringModel, name: str = "Mick") -> str:
    return post(name, "model_move", version, act="publish").content.decode()


def told(name: str) -> list[str]:
    return list(Notice.objects.visible_to(person(name)).values_list("text", flat=True))


class TestProposing:
    def test_a_draft_is_proposed_with_a_reason_and_both_managers_are_told(self, draft: ScoringModel) -> None:
        person("Mick"), person("Sue")
        page = post("Mona", "model_propose", draft, reason="Careers pages cost too little.")
        assert "is proposed" in page.content.decode()
        draft.refresh_from_db()
        assert (draft.state, draft.reason, draft.proposed_by) == (
            ModelState.PROPOSED,
            "Careers pages cost too little.",
            person("Mona"),
        )
        assert told("Mick") == told("Sue") == [f"Mona proposes {draft}: Careers pages cost too little."]

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 1_001])
    def test_without_a_sentence_it_is_not_and_what_was_typed_stays(self, draft: ScoringModel, reason: str) -> None:
        page = post("Mona", "model_propose", draft, reason=reason)
        assert page.status_code == 422
        assert page.context["form"]["reason"].value() == reason
        assert ScoringModel.objects.get(pk=draft.pk).state == ModelState.DRAFT

    def test_what_is_proposed_already_is_not_proposed_again(self, draft: ScoringModel) -> None:
        page = post("Mona", "model_propose", proposed(draft), reason="Once more.")
        assert "is proposed now" in page.content.decode()

    def test_a_proposed_version_does_not_change(self, draft: ScoringModel) -> None:
        version = proposed(draft)
        assert signed_in("Mona").get(reverse("definitions_edit", args=[version.version])).status_code == 403


class TestApproving:
    def test_it_is_published_when_both_sides_approved(self, draft: ScoringModel) -> None:
        version = proposed(draft)
        post("Mick", "model_approve", version, digest=version.digest)
        post("Sue", "model_approve", version, digest=version.digest)
        assert "is published" in publish(version)
        assert ScoringModel.objects.published() == version
        assert told("Mona")[0] == f"{version} is agreed by both teams. It can be published."

    def test_not_before(self, draft: ScoringModel) -> None:
        version = proposed(draft)
        assert "the approval of marketing and sales is missing" in publish(version)
        approve(version, Side.MARKETING, person("Mick"))
        assert "the approval of sales is missing" in publish(version)
        assert ScoringModel.objects.published() != version

    def test_a_draft_is_not_published_however_high_the_role(self, draft: ScoringModel) -> None:
        assert "Propose it" in publish(draft, "Ada")
        assert ScoringModel.objects.published() != draft

    def test_an_approval_tells_who_when_for_which_side_and_what(self, draft: ScoringModel) -> None:
        version = proposed(draft)
        before = timezone.now()
        approve(version, Side.SALES, person("Sue"))
        given = version.approvals.get()
        assert (given.by, given.side, given.digest) == (person("Sue"), Side.SALES, version.digest)
        assert before <= given.at <= timezone.now()

    def test_the_author_may_be_one_of_the_two(self) -> None:
        version = lifecycle.draft_from(ScoringModel.objects.published(), by=person("Mick"), at=timezone.now())
        assert Agreement(agreed(version)).is_reached

    def test_who_holds_both_roles_stands_for_one_side_only(self, draft: ScoringModel, both: User) -> None:
        version = proposed(draft)
        assert Agreement(version).open_to(both) == [Side.MARKETING, Side.SALES]
        approve(version, Side.SALES, both)
        assert Agreement(version).open_to(both) == []
        with pytest.raises(ModelRefused, match="One person stands for one side"):
            approve(version, Side.MARKETING, both)
        approve(version, Side.MARKETING, person("Mick"))
        assert Agreement(version).is_reached

    def test_the_database_refuses_a_second_approval_of_a_side_or_a_person(
        self, draft: ScoringModel, both: User
    ) -> None:
        version = proposed(draft)
        given = {"at": timezone.now(), "digest": "x"}
        version.approvals.create(side=Side.SALES, by=both, **given)
        for side, by in [(Side.SALES, person("Sue")), (Side.MARKETING, both)]:
            with pytest.raises(IntegrityError), transaction.atomic():
                version.approvals.create(side=side, by=by, **given)

    def test_a_side_approves_once(self, draft: ScoringModel, both: User) -> None:
        version = proposed(draft)
        approve(version, Side.SALES, person("Sue"))
        with pytest.raises(ModelRefused, match="Sue approved for sales already"):
            approve(version, Side.SALES, both)

    @pytest.mark.parametrize("name", ["Mona", "Rita", "Ann", "Ada"])
    def test_others_do_not_approve(self, draft: ScoringModel, name: str) -> None:
        version = proposed(draft)
        assert post(name, "model_approve", version, side="sales", digest=version.digest).status_code == 403

    def test_a_manager_does_not_approve_for_the_other_side(self, draft: ScoringModel) -> None:
        version = proposed(draft)
        assert post("Mick", "model_approve", version, side="sales", digest=version.digest).status_code == 403
        with pytest.raises(ModelRefused, match="Only a manager of sales"):
            approve(version, Side.SALES, person("Mick"))

    def test_a_side_that_is_none_is_refused(self, draft: ScoringModel) -> None:
        assert post("Mick", "model_approve", proposed(draft), side="finance").status_code == 400

    def test_nobody_approves_what_they_have_not_read(self, draft: ScoringModel) -> None:
        page = post("Sue", "model_approve", proposed(draft), digest="that of another document")
        assert "Read it again" in page.content.decode()
        assert not draft.approvals.exists()

    def test_an_approval_can_be_withdrawn(self, draft: ScoringModel) -> None:
        version = agreed(draft)
        assert "is withdrawn" in post("Sue", "model_withdraw", version).content.decode()
        assert "the approval of sales is missing" in publish(version)
        assert "no approval to withdraw" in post("Sue", "model_withdraw", version).content.decode()


class TestVoiding:
    def test_taking_it_back_voids_the_approvals_and_tells_who_gave_them(self, draft: ScoringModel) -> None:
        version = agreed(draft)
        post("Mona", "model_move", version, act="take_back")
        proposed(ScoringModel.objects.get(pk=version.pk))
        assert "the approval of marketing and sales is missing" in publish(version)
        assert [one.voided_because for one in version.approvals.all()] == ["it was taken back"] * 2
        assert any("does not count any more" in text for text in told("Sue"))

    def test_a_change_by_any_way_voids_the_approvals(self, draft: ScoringModel) -> None:
        version = agreed(draft)
        ScoringModel.objects.filter(pk=version.pk).update(document={**version.document, "name": "Other"})
        assert "the approval of marketing and sales is missing" in publish(version)
        version.refresh_from_db()
        approve(version, Side.SALES, person("Sue"))
        assert version.approvals.standing().count() == 1

    def test_an_approval_that_is_void_stays_in_the_history(self, draft: ScoringModel) -> None:
        version = agreed(draft)
        lifecycle.take_back(version, by=person("Mona"), at=timezone.now())
        page = signed_in("Rita").get(reverse("model_agreement", args=[version.version])).content.decode()
        assert "Sue approved for sales" in page
        assert "void: it was taken back" in page


class TestReading:
    def test_people_comment_and_the_comments_stay_readable(self, draft: ScoringModel) -> None:
        version = proposed(draft)
        post("Rita", "model_comment", version, text="Careers visitors <b>never</b> buy.")
        agreed_on = Agreement(version)
        assert not agreed_on.is_reached
        for side, name in ((Side.MARKETING, "Mick"), (Side.SALES, "Sue")):
            approve(version, side, person(name))
        publish(version)
        page = signed_in("Ann").get(reverse("model_agreement", args=[version.version])).content.decode()
        assert "Careers visitors &lt;b&gt;never&lt;/b&gt; buy." in page
        assert any("Careers visitors" in text for text in told("Mona"))

    @pytest.mark.parametrize("text", ["", "  ", "x" * 4_001])
    def test_a_comment_that_says_nothing_or_too_much_is_refused(self, draft: ScoringModel, text: str) -> None:
        assert post("Rita", "model_comment", draft, text=text).status_code == 422
        assert not draft.comments.exists()

    def test_the_analyst_reads_and_does_not_write(self, draft: ScoringModel) -> None:
        assert post("Ann", "model_comment", draft, text="Hm").status_code == 403

    def test_the_history_tells_reason_author_and_who_agreed(self, draft: ScoringModel) -> None:
        publish(agreed(draft))
        page = signed_in("Rita").get("/scoring/").content.decode()
        for words in ("Sales asked for it.", "Mick", "Sue", "Mona"):
            assert words in page

    def test_the_history_begins_with_the_newest(self, draft: ScoringModel) -> None:
        shown = signed_in("Rita").get("/scoring/").context["versions"]
        assert [one.version for one in shown] == [draft.version, 1]

    def test_the_definitions_say_who_agreed(self, draft: ScoringModel) -> None:
        assert "have not agreed on a version" in signed_in("Rita").get("/definitions/").content.decode()
        publish(agreed(draft))
        page = " ".join(signed_in("Rita").get("/definitions/").content.decode().split())
        assert "Agreed by Mick for marketing" in page
        assert "Sue for sales" in page

    @pytest.mark.parametrize(
        ("name", "buttons"),
        [("Mona", []), ("Mick", ["Approve for marketing"]), ("Sue", ["Approve for sales"]), ("Rita", []), ("Ada", [])],
    )
    def test_nobody_sees_a_button_that_would_refuse_them(
        self, draft: ScoringModel, name: str, buttons: list[str]
    ) -> None:
        page = signed_in(name).get(reverse("model_agreement", args=[proposed(draft).version])).content.decode()
        assert [words for words in ("Approve for marketing", "Approve for sales") if words in page] == buttons
        assert 'value="publish"' not in page

    def test_the_page_asks_the_database_equally_often_whatever_was_said(self, draft: ScoringModel) -> None:
        url = reverse("model_agreement", args=[draft.version])
        say = lambda: agreement.comment(draft, "Fine.", by=person("Rita"), at=timezone.now())  # noqa: E731
        assert_same_queries(signed_in("Mick"), url, say, most=16)


class TestTogether:
    def test_the_second_of_two_editors_is_told_who_and_may_then_save(self, draft: ScoringModel) -> None:
        url = reverse("definitions_edit", args=[draft.version])
        form = {"name": "By Mona", "mql_total": "60", "seen": draft.updated_at.isoformat()}
        signed_in("Mona").post(url, form)
        answer = signed_in("Mick").post(url, form | {"name": "By Mick", "mql_total": "55"})
        assert answer.status_code == 422
        assert "Mona changed this draft (today " in answer.content.decode()
        assert 'value="By Mick"' in answer.content.decode()
        assert "Definition of MQL: Score at least 60 → 55" in answer.context["form"].non_field_errors()
        signed_in("Mick").post(url, form | {"name": "By Mick", "seen": answer.context["seen"]})
        draft.refresh_from_db()
        assert (draft.name, draft.changed_by) == ("By Mick", person("Mick"))

    def test_what_was_deleted_meanwhile_is_told(self, draft: ScoringModel) -> None:
        version = proposed(draft)
        lifecycle.delete(version)
        with pytest.raises(ModelRefused, match="deleted meanwhile"):
            approve(version, Side.SALES, person("Sue"))

    def test_a_file_from_the_command_line_is_published_without_agreement(self) -> None:
        version = versions.draft(ScoringModel.objects.published().document, by=None, at=timezone.now())
        versions.publish(version, by=None, at=timezone.now())
        assert ScoringModel.objects.published() == version

    def test_nobody_signed_out_reads_it(self, draft: ScoringModel) -> None:
        assert Client().get(reverse("model_agreement", args=[draft.version])).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_of_one_side_at_once_one_approves_and_the_other_is_told(both: User) -> None:
    draft = lifecycle.draft_from(ScoringModel.objects.published(), by=person("Mona"), at=timezone.now())
    version, start, answers = proposed(draft), threading.Barrier(2), []

    def press(by: User) -> None:
        start.wait()
        try:
            answers.append(approve(version, Side.SALES, by))
        except ModelRefused as refusal:
            answers.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=press, args=(one,)) for one in (both, person("Sue"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert version.approvals.standing().count() == 1
    assert sorted("already" in answer for answer in answers) == [False, True]
