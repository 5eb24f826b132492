"""What people do with a version: draft, propose, take back, bring up to date, delete, publish; each answered with a sentence (R12)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

from . import agreement, asking, editing, rebasing, steps, versions
from .differences import Part
from .models import ModelState, ScoringModel
from .publishable import OPEN, overtaken_by, refuse_overtaken, require_publishable
from .versions import ModelRefused


def draft_from(version: ScoringModel, *, by: User, at: datetime) -> ScoringModel:
    """A new draft that says what this version says. A copy of a draft has seen what that draft has seen."""
    base = version.base() if version.state in OPEN else ScoringModel.objects.published()
    found = versions.draft(version.document, by=by, at=at)
    found.based_on, found.conflicts = base, version.conflicts if version.state in OPEN else []
    found.save(update_fields=["based_on", "conflicts"])
    return found


def propose(version: ScoringModel, *, reason: str, by: User, at: datetime) -> str:
    """Put a draft before both teams with a reason; it does not change while it is proposed."""
    with transaction.atomic():
        locked = _locked(version, ModelState.DRAFT)
        refuse_overtaken(locked)
        locked.state, locked.reason = ModelState.PROPOSED, reason
        locked.proposed_by, locked.proposed_at, locked.updated_at, locked.changed_by = by, at, at, by
        locked.save(update_fields=["state", "reason", "proposed_by", "proposed_at", "updated_at", "changed_by"])
        agreement.call_managers(locked, by=by, at=at)
    return _("%(model)s is proposed. A manager of marketing and one of sales approve it.") % {"model": version}


def take_back(version: ScoringModel, *, by: User, at: datetime) -> str:
    """Make a proposed version a draft again; approvals given so far are void."""
    with transaction.atomic():
        _reopen(_locked(version, ModelState.PROPOSED), _("it was taken back"), by, at)
    return _("%(model)s is a draft again.") % {"model": version}


def _reopen(locked: ScoringModel, why: str, by: User, at: datetime) -> None:
    agreement.void_all(locked, why, by=by, at=at)
    locked.state, locked.updated_at, locked.changed_by = ModelState.DRAFT, at, by
    locked.save(update_fields=["state", "updated_at", "changed_by"])


def bring_up_to_date(version: ScoringModel, *, by: User, at: datetime) -> str:
    """Merge what was published meanwhile into a draft; a proposed one is a draft again. Nothing of either is lost."""
    with transaction.atomic():
        locked = _locked(version, *OPEN)
        published = overtaken_by(locked)
        if published is None:
            raise ModelRefused(_("%(model)s is up to date.") % {"model": locked})
        if locked.state == ModelState.PROPOSED:
            _reopen(locked, _("it was brought up to date"), by, at)
        merged = rebasing.merge(locked.base().model, locked.model, published.model)  # type: ignore[union-attr]
        held = [part for part in _conflicts(locked) if rebasing.differ(locked.model, published.model, part)]
        locked.based_on = published
        locked.conflicts = [list(part) for part in dict.fromkeys([*merged.conflicts, *held])]
        locked.save(update_fields=["based_on", "conflicts"])
        editing.change(locked, _to(merged.document), seen="", by=by, at=at)
        steps.forget(locked)  # to undo past this point would lose what was published
    return _summary(published, merged)


def _to(document: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def make(draft: dict[str, Any]) -> None:
        draft.clear()
        draft.update(document)

    return make


def _summary(published: ScoringModel, merged: rebasing.Merged) -> str:
    taken = ngettext("%(n)d part taken from it", "%(n)d parts taken from it", len(merged.taken)) % {
        "n": len(merged.taken)
    }
    left = len(merged.conflicts)
    words = ngettext("%(n)d part both changed", "%(n)d parts both changed", left) % {"n": left}
    said = {"model": published, "taken": taken, "both": words if left else _("nothing both changed")}
    return _("Up to date with %(model)s: %(taken)s, %(both)s.") % said


def decide(version: ScoringModel, part: Part, *, theirs: bool, seen: str, by: User, at: datetime) -> str:
    """Settle a part that both changed: keep the draft's, or take that of the version it is based on."""
    with transaction.atomic():
        locked = _locked(version, ModelState.DRAFT)
        if list(part) not in locked.conflicts or locked.based_on is None:
            raise ModelRefused(_("This was decided already."))
        if theirs:
            document = rebasing.take(locked.model, locked.based_on.model, [part])
            editing.change(locked, _to(document), seen=seen, by=by, at=at)
        rest = [list(one) for one in _conflicts(locked) if one != part]
        ScoringModel.objects.filter(pk=locked.pk).update(conflicts=rest)
    return _("The published version’s is taken.") if theirs else _("The draft’s stays.")


def _conflicts(version: ScoringModel) -> list[Part]:
    return [(kind, key) for kind, key in version.conflicts]


def delete(version: ScoringModel) -> str:
    """Delete a version that never counted."""
    gone = ScoringModel.objects.filter(pk=version.pk, state__in=OPEN).delete()[0]
    if not gone:
        raise ModelRefused(_("%(model)s has counted and is kept.") % {"model": version})
    return _("%(model)s is deleted.") % {"model": version}


def publish(version: ScoringModel, *, by: User, at: datetime) -> str:
    """Let a version count from now on that both teams agreed on and that has seen what counts until now."""
    if version.state in OPEN:
        require_publishable(version)
    if asking.publish(version, by=by, at=at).ended_at:
        return _("%(model)s is published; every lead is scored by it.") % {"model": version}
    return _("%(model)s is being published. You may leave this page.") % {"model": version}


def _locked(version: ScoringModel, *states: ModelState) -> ScoringModel:
    locked = agreement.lock(version)
    if locked.state not in states:
        said = {"model": locked, "state": locked.get_state_display().lower()}
        raise ModelRefused(_("%(model)s is %(state)s now.") % said)
    return locked
