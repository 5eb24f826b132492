"""What is done with the rules of a draft on its page: copy, switch, move, delete; undo and redo of any change."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import SignedIn, gate

from . import editing, steps
from .arranging import ACTS, Target, arrange
from .definition_reading import ModelFault
from .draft_answers import changed, refused
from .permissions import may_draft_rules
from .versions import ModelRefused
from .views_editor import draft_or_404


@gate(may_draft_rules)
@require_POST
def rule_act(request: SignedIn, version: int) -> HttpResponse:
    """One act on one rule of a draft, as "act:key"; a rule is deleted only as the person saw it."""
    wanted = draft_or_404(request, version)
    act, _colon, key = (request.POST.getlist("do") or [""])[-1].partition(":")
    if act not in ACTS:
        raise BadRequest(_("Choose what to do with the rule."))
    to = Target(request.POST.get("group", ""), request.POST.get("before", ""))
    said: list[str] = []

    def make(document: dict[str, Any]) -> str:
        said.append(arrange(document, act, key, to))
        return said[-1]

    seen = request.POST.get("seen", "") if act == "delete" else ""
    try:
        after, _before = editing.change(wanted, make, seen=seen, by=request.user, at=timezone.now())
    except (ModelFault, ModelRefused) as refusal:
        return refused(request, wanted, _why(refusal), anchor=f"line-{key}")
    return changed(request, wanted, f"{said[-1]}.", anchor=f"line-{key}", undo=steps.History(after).undo_url)


def _why(refusal: Exception) -> str:
    if isinstance(refusal, editing.DraftMoved):
        return _("%(why)s Nothing is deleted.") % {"why": refusal.overtaken}
    return str(refusal)


@gate(may_draft_rules)
@require_POST
def model_undo(request: SignedIn, version: int, number: int) -> HttpResponse:
    """Take back the step of this number, if it is the last one."""
    wanted = draft_or_404(request, version)
    try:
        step = steps.undo(wanted, number, by=request.user, at=timezone.now())
    except ModelRefused as refusal:
        return refused(request, wanted, str(refusal))
    return changed(request, wanted, _("Undone: %(what)s") % {"what": step.what})


@gate(may_draft_rules)
@require_POST
def model_redo(request: SignedIn, version: int, number: int) -> HttpResponse:
    """Do the step of this number again, if it was undone last."""
    wanted = draft_or_404(request, version)
    try:
        step = steps.redo(wanted, number, by=request.user, at=timezone.now())
    except ModelRefused as refusal:
        return refused(request, wanted, str(refusal))
    return changed(
        request,
        wanted,
        _("Done again: %(what)s") % {"what": step.what},
        undo=reverse("model_undo", args=[wanted.version, step.number]),
    )
