"""Both teams agree on a version before it counts: who approved for which side, who commented, what is missing (R12).

One marketing manager and one sales manager. A person who is both stands for one side only, so two people always agree.
An approval holds for the document that was read: its digest is kept, and any change makes it void.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role, User
from outbox import notices

from .models import ModelState, ScoringModel
from .models_agreement import Approval, Comment, Side
from .versions import ModelRefused

MANAGER = {Side.MARKETING: Role.MARKETING_MANAGER, Side.SALES: Role.SALES_MANAGER}


@dataclass(frozen=True)
class Agreement:
    """How far both teams have come with a version: the approvals that hold for it as it reads now, and what is missing."""

    version: ScoringModel

    @cached_property
    def holding(self) -> dict[Side, Approval]:
        """The approval of each side. Those of a published version are kept as they were given."""
        given = [one for one in self.version.approvals.all() if one.voided_at is None]
        digest = self.version.digest if given else ""
        return {Side(one.side): one for one in given if one.digest == digest}

    @property
    def voided(self) -> list[Approval]:
        return [one for one in self.version.approvals.all() if one not in self.holding.values()]

    @property
    def sides(self) -> list[tuple[Side, Approval | None]]:
        """Both sides with their approval, or None."""
        return [(side, self.holding.get(side)) for side in Side]

    @property
    def missing(self) -> list[Side]:
        return [side for side in Side if side not in self.holding]

    @property
    def is_reached(self) -> bool:
        return not self.missing

    def open_to(self, user: User) -> list[Side]:
        """The sides for which this person can approve now."""
        if self.version.state != ModelState.PROPOSED or self.of(user):
            return []
        return [side for side in self.missing if user.holds(MANAGER[side])]

    def of(self, user: User) -> Approval | None:
        """The person's own approval, while it holds."""
        return next((one for one in self.holding.values() if one.by_id == user.pk), None)


def approve(version: ScoringModel, side: Side, *, by: User, seen: str, at: datetime) -> str:
    """Agree to the version for one side; `seen` is the digest of what the person read."""
    with transaction.atomic():
        locked = lock(version)
        if locked.state != ModelState.PROPOSED:
            raise ModelRefused(_now_in(locked))
        if seen != locked.digest:
            raise ModelRefused(
                _("%(model)s was changed after you opened it. Read it again, then approve.") % {"model": locked}
            )
        locked.approvals.exclude(digest=seen).void(at=at, why=_("the rules were changed"))
        _refuse_second(Agreement(locked), side, by)
        locked.approvals.create(side=side, by=by, at=at, digest=seen)
        if Agreement(locked).is_reached:
            text = _("%(model)s is agreed by both teams. It can be published.") % {"model": locked}
            tell(_concerned(locked, but=by), "rules_agreed", text, locked, at)
    return _("You approved %(model)s for %(side)s.") % {"model": version, "side": side.label.lower()}


def _refuse_second(agreement: Agreement, side: Side, by: User) -> None:
    if not by.holds(MANAGER[side]):
        raise ModelRefused(_("Only a manager of %(side)s can approve for it.") % {"side": side.label.lower()})
    if own := agreement.of(by):
        said = {"side": own.get_side_display().lower()}
        raise ModelRefused(
            _(
                "You approved for %(side)s already. One person stands for one side: somebody else approves for the other."
            )
            % said
        )
    if there := agreement.holding.get(side):
        raise ModelRefused(_("%(who)s approved for %(side)s already.") % {"who": there.by, "side": side.label.lower()})


def withdraw(version: ScoringModel, *, by: User, at: datetime) -> str:
    """Take the own approval back while the version is not published."""
    with transaction.atomic():
        locked = lock(version)
        if locked.state != ModelState.PROPOSED:
            raise ModelRefused(_now_in(locked))
        if not locked.approvals.filter(by=by).void(at=at, why=_("withdrawn")):
            raise ModelRefused(_("You have no approval to withdraw."))
    return _("Your approval of %(model)s is withdrawn.") % {"model": version}


def comment(version: ScoringModel, text: str, *, by: User, at: datetime) -> Comment:
    """Say something about a version; who made, proposed or approved it is told."""
    said = Comment.objects.create(version=version, by=by, at=at, text=text)
    words = {"who": by, "model": version, "text": text}
    tell(_concerned(version, but=by), "rules_comment", _("%(who)s on %(model)s: %(text)s") % words, version, at)
    return said


def void_all(version: ScoringModel, why: str, *, by: User, at: datetime) -> None:
    """No approval of the version counts any more; those who had approved are told."""
    given = list(version.approvals.standing().select_related("by"))
    version.approvals.all().void(at=at, why=why)
    words = {"who": by, "model": version, "why": why}
    text = _("Your approval of %(model)s does not count any more: %(why)s (%(who)s).") % words
    tell([one.by for one in given if one.by != by], "rules_void", text, version, at)


def call_managers(version: ScoringModel, *, by: User, at: datetime) -> None:
    """Tell the managers of both teams that a version waits for them."""
    managers = User.objects.active().holding(*MANAGER.values()).exclude(pk=by.pk)
    words = {"who": by, "model": version, "reason": version.reason}
    tell(managers, "rules_proposed", _("%(who)s proposes %(model)s: %(reason)s") % words, version, at)


def require_agreed(version: ScoringModel) -> None:
    """Raise `ModelRefused` with what is missing, unless both sides approved the version as it reads now."""
    missing = Agreement(version).missing
    if missing:
        sides = _(" and ").join(side.label.lower() for side in missing)
        raise ModelRefused(
            _("%(model)s is not agreed yet: the approval of %(sides)s is missing.") % {"model": version, "sides": sides}
        )


def lock(version: ScoringModel) -> ScoringModel:
    """The version as the database has it, locked to the end of the transaction. Raises `ModelRefused` when it was deleted."""
    found = ScoringModel.objects.select_for_update(of=["self"]).filter(pk=version.pk).first()
    if found is None:
        raise ModelRefused(_("This version was deleted meanwhile."))
    return found


def _now_in(version: ScoringModel) -> str:
    return _("%(model)s is %(state)s now.") % {"model": version, "state": version.get_state_display().lower()}


def _concerned(version: ScoringModel, *, but: User) -> list[User]:
    people = {version.created_by, version.proposed_by, *(one.by for one in Agreement(version).holding.values())}
    return [person for person in people if person and person != but and person.is_active]


def tell(people: Iterable[User], kind: str, text: str, version: ScoringModel, at: datetime) -> None:
    """A notice that leads to the page of the agreement."""
    url = reverse("model_agreement", args=[version.version])
    notices.tell(people, kind, text, url, f"{kind}:{version.pk}:{at.timestamp():.6f}", at)
