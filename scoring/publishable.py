"""Whether a version may be published: proposed, up to date with what counts, and agreed by both teams (R12)."""

from django.utils.translation import gettext as _

from . import agreement
from .models import ModelState, ScoringModel
from .versions import ModelRefused

OPEN = (ModelState.DRAFT, ModelState.PROPOSED)


def overtaken_by(version: ScoringModel) -> ScoringModel | None:
    """The version published after this draft set out, whose rules it has not seen; None when it is up to date."""
    if version.state not in OPEN:
        return None
    base, published = version.base(), ScoringModel.objects.published()
    return published if base and base != published else None


def require_publishable(version: ScoringModel) -> None:
    """Raise `ModelRefused` unless the version is proposed, has seen what counts, and is agreed as it reads now."""
    refuse_overtaken(version)
    if version.state == ModelState.DRAFT:
        raise ModelRefused(_("%(model)s is a draft. Propose it, so that both teams can agree.") % {"model": version})
    agreement.require_agreed(version)


def refuse_overtaken(version: ScoringModel) -> None:
    """Raise `ModelRefused` where another version was published that this one has not seen."""
    if newer := overtaken_by(version):
        said = {"newer": newer, "model": version}
        raise ModelRefused(
            _("%(newer)s was published after %(model)s set out. Bring %(model)s up to date first; nothing gets lost.")
            % said
        )
