"""Undo and redo of what was changed in a draft, one step after the other; nobody's later change is thrown away."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.face import wording
from accounts.models import User

from .definition import Model
from .definition_reading import ModelFault, parse
from .differences import Difference, differences, sentences_of
from .models import ModelState, ScoringModel
from .models_steps import DraftStep
from .sentences import type_labels
from .versions import ModelRefused

#: So many steps of a draft are kept; the oldest go first.
KEPT = 200


def record(draft: ScoringModel, before: ScoringModel, what: str, *, by: User | None, at: datetime) -> None:
    """Remember how the draft was before its document became what it is; what had been undone cannot be done again.

    Call in the transaction of the change, with the draft locked. `what` is in words; where it is blank the change says it.
    """
    draft.steps.undone().delete()
    last = draft.steps.order_by("-number").values_list("number", flat=True).first() or 0
    words = what or in_words(before.model, draft.model)
    draft.steps.create(
        number=last + 1, document=before.document, result=draft.digest, what=Truncator(words).chars(290), by=by, at=at
    )
    draft.steps.filter(number__lte=last + 1 - KEPT).delete()


def forget(draft: ScoringModel) -> None:
    """Nothing before this moment can be undone: the draft goes by another published version now."""
    draft.steps.all().delete()


def undo(draft: ScoringModel, number: int, *, by: User, at: datetime) -> DraftStep:
    """Take back the step of this number, which must be the last one that holds. Raises `ModelRefused`."""
    return _swap(draft, number, undone=True, by=by, at=at)


def redo(draft: ScoringModel, number: int, *, by: User, at: datetime) -> DraftStep:
    """Do the step of this number again, which must be the one undone last. Raises `ModelRefused`."""
    return _swap(draft, number, undone=False, by=by, at=at)


@transaction.atomic
def _swap(draft: ScoringModel, number: int, *, undone: bool, by: User, at: datetime) -> DraftStep:
    locked = ScoringModel.objects.select_for_update().get(pk=draft.pk)
    if locked.state != ModelState.DRAFT:
        raise ModelRefused(_("Only a draft can be changed. Make a new draft from this version."))
    step = (locked.steps.done() if undone else locked.steps.undone()).select_related("by").first()
    if step is None:
        raise ModelRefused(_("There is nothing to undo.") if undone else _("There is nothing to do again."))
    if step.number != number:
        raise ModelRefused(_overtaken(step, by, at))
    if step.result != locked.digest:
        raise ModelRefused(_("The draft was changed in another way since; nothing is undone."))
    step.document, other = locked.document, step.document
    locked.document, locked.name = other, _name_of(other)
    locked.updated_at, locked.changed_by = at, by
    locked.save(update_fields=["document", "name", "updated_at", "changed_by"])
    step.result, step.undone = locked.digest, undone
    step.save(update_fields=["document", "result", "undone"])
    return step


def _overtaken(step: DraftStep, by: User, at: datetime) -> str:
    """Why not: what somebody did since must not be thrown away."""
    said = {"what": step.what, "when": wording.moment(step.at, at)}
    if step.by_id == by.pk:
        return _("The last change is another one now: %(what)s (%(when)s). Nothing is undone; look again.") % said
    who = step.by.name if step.by else _("Somebody")
    return _(
        "%(who)s changed this draft after that: %(what)s (%(when)s). To undo would throw that away, so nothing is undone."
    ) % (said | {"who": who})


def _name_of(document: dict[str, Any]) -> str:
    try:
        return parse(document).name
    except ModelFault as fault:  # read more strictly today than when it was stored
        raise ModelRefused(str(fault)) from None


def in_words(before: Model, after: Model) -> str:
    """What a change did, in one line: "Pricing page 4 → 6 points", "Careers deleted"."""
    found = differences(before, after, type_labels())
    if not found:
        return _("Rewritten without another meaning")
    more = sum(1 if one.new or one.gone else len(one.changes) for one in found) - 1
    if found[0].new or found[0].gone or more <= 0:
        more = len(found) - 1
    first = _one(found[0])
    return (
        ngettext("%(first)s, and %(n)d more", "%(first)s, and %(n)d more", more) % {"first": first, "n": more}
        if more
        else first
    )


def _one(found: Difference) -> str:
    if found.new:
        return _("%(title)s added") % {"title": found.title}
    if found.gone:
        return _("%(title)s deleted") % {"title": found.title}
    if found.points:
        said = {"title": found.title, "before": found.points.before, "after": found.points.after}
        return _("%(title)s %(before)s → %(after)s points") % said
    if found.switched:
        words = _("%(title)s switched off") if found.switched.after == _("off") else _("%(title)s switched on")
        return words % {"title": found.title}
    return sentences_of(found)[0]


class History:
    """What can be undone and done again in a draft, for its page; asked for only where it is shown."""

    def __init__(self, draft: ScoringModel) -> None:
        self.draft = draft

    @cached_property
    def steps(self) -> list[DraftStep]:
        """The steps that are kept, the latest first."""
        return list(self.draft.steps.newest_first())

    @property
    def undo(self) -> DraftStep | None:
        return next((step for step in self.steps if not step.undone), None)

    @property
    def redo(self) -> DraftStep | None:
        return next((step for step in reversed(self.steps) if step.undone), None)

    @property
    def undo_url(self) -> str:
        """Where the last step is taken back; blank where there is none."""
        return reverse("model_undo", args=[self.draft.version, self.undo.number]) if self.undo else ""
