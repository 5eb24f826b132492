"""What people do with a version: propose, take back, delete, publish; each answered with a sentence (product.md §3, R12)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User

from . import versions
from .models import ModelState, ScoringModel
from .versions import ModelRefused


def propose(version: ScoringModel, *, at: datetime) -> str:
    """Put a draft before both teams; it does not change while it is proposed."""
    _change(version, ModelState.DRAFT, ModelState.PROPOSED, at)
    return _("%(model)s is proposed. It can be published, or taken back and changed.") % {"model": version}


def take_back(version: ScoringModel, *, at: datetime) -> str:
    """Make a proposed version a draft again."""
    _change(version, ModelState.PROPOSED, ModelState.DRAFT, at)
    return _("%(model)s is a draft again.") % {"model": version}


def delete(version: ScoringModel) -> str:
    """Delete a version that never counted."""
    gone = ScoringModel.objects.filter(pk=version.pk, state__in=[ModelState.DRAFT, ModelState.PROPOSED]).delete()[0]
    if not gone:
        raise ModelRefused(_("%(model)s has counted and is kept.") % {"model": version})
    return _("%(model)s is deleted.") % {"model": version}


def publish(version: ScoringModel, *, by: User, at: datetime) -> str:
    """Let the version count from now on."""
    versions.publish(version, by=by, at=at)
    return _("%(model)s is published; every lead is scored by it.") % {"model": version}


def _change(version: ScoringModel, start: ModelState, end: ModelState, at: datetime) -> None:
    with transaction.atomic():
        changed = ScoringModel.objects.filter(pk=version.pk, state=start).update(state=end, updated_at=at)
    if not changed:
        version.refresh_from_db(fields=["state"])
        raise ModelRefused(
            _("%(model)s is %(state)s now.") % {"model": version, "state": version.get_state_display().lower()}
        )
