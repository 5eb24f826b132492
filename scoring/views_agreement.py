"""Screens of the agreement: propose with a reason, comment, approve; what differs between versions; settle what both changed (R12)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedIn, gate, require

from . import agreement, lifecycle, publishable
from .definition_reading import ModelFault
from .differences import differences
from .forms_agreement import CommentForm, ProposeForm
from .models import ScoringModel
from .models_agreement import Side
from .permissions import (
    ModelPermissions,
    may_approve_rules,
    may_comment_rules,
    may_draft_rules,
    may_read_rules,
)
from .sentences import type_labels
from .versions import ModelRefused
from .views import conflicts_of, crumbs_to, version_or_404


@gate(may_read_rules)
@require_safe
def model_agreement(request: SignedIn, version: int) -> HttpResponse:
    """Reason, what changes, approvals and comments of a version."""
    return _page(request, version_or_404(version), CommentForm())


def _page(request: SignedIn, version: ScoringModel, form: forms.Form, status: int = 200) -> HttpResponse:
    found, before = agreement.Agreement(version), ScoringModel.objects.before(version)
    context = {
        "version": version,
        "agreement": found,
        "open_sides": [(side.value, side.label) for side in found.open_to(request.user)],
        "own": found.of(request.user),
        "can": ModelPermissions(request.user, version),
        "overtaken_by": publishable.overtaken_by(version),
        "conflicts": conflicts_of(version),
        "before": before,
        "changes": differences(before.model, version.model, type_labels()) if before else [],
        "comments": version.comments.select_related("by"),
        "form": form,
        "crumbs": crumbs_to(version),
    }
    return render(request, "scoring/agreement.html", context, status=status)


@gate(may_comment_rules)
@require_POST
def model_comment(request: SignedIn, version: int) -> HttpResponse:
    """Say something about a version."""
    wanted, form = version_or_404(version), CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, wanted, form, status=422)
    said = agreement.comment(wanted, form.cleaned_data["text"], by=request.user, at=timezone.now())
    return redirect(f"{reverse('model_agreement', args=[wanted.version])}#comment-{said.pk}")


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def model_propose(request: SignedIn, version: int) -> HttpResponse:
    """Put a draft before both teams, with the reason."""
    wanted = version_or_404(version)
    form = ProposeForm(request.POST or None, initial={"reason": wanted.reason})
    require(ModelPermissions(request.user, wanted).draft)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            messages.success(request, lifecycle.propose(wanted, reason=reason, by=request.user, at=timezone.now()))
            return redirect("model_agreement", wanted.version)
        except ModelRefused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "scoring/propose.html", _to_propose(wanted, form), status=422 if form.is_bound else 200)


def _to_propose(version: ScoringModel, form: forms.Form) -> dict[str, Any]:
    before = ScoringModel.objects.before(version)
    return {
        "version": version,
        "form": form,
        "before": before,
        "changes": differences(before.model, version.model, type_labels()) if before else [],
        "overtaken_by": publishable.overtaken_by(version),
        "conflicts": conflicts_of(version),
        "back": reverse("scoring_model", args=[version.version]),
        "crumbs": crumbs_to(version),
        "can": None,
    }


@gate(may_approve_rules)
@require_POST
def model_approve(request: SignedIn, version: int) -> HttpResponse:
    """Agree for one side; where the person holds both roles they say for which."""
    wanted = version_or_404(version)
    sides = [side for side in Side if request.user.holds(agreement.MANAGER[side])]
    side = request.POST.get("side", "") or sides[0].value
    if side not in Side.values:
        raise BadRequest(_("Choose the side for which you approve."))
    require(Side(side) in sides)
    seen = request.POST.get("digest", "")
    return _answered(
        request, wanted, lambda: agreement.approve(wanted, Side(side), by=request.user, seen=seen, at=timezone.now())
    )


@gate(may_approve_rules)
@require_POST
def model_withdraw(request: SignedIn, version: int) -> HttpResponse:
    """Take the own approval back."""
    wanted = version_or_404(version)
    return _answered(request, wanted, lambda: agreement.withdraw(wanted, by=request.user, at=timezone.now()))


@gate(may_draft_rules)
@require_POST
def model_decide(request: SignedIn, version: int) -> HttpResponse:
    """Settle one part that the draft and the published version both changed."""
    wanted, choice = version_or_404(version), request.POST.get("choice", "")
    kind, _dot, key = request.POST.get("part", "").partition(":")
    if choice not in ("draft", "published"):
        raise BadRequest(_("Choose whose part holds."))
    theirs, seen = choice == "published", request.POST.get("seen", "")

    def act() -> str:
        return lifecycle.decide(wanted, (kind, key), theirs=theirs, seen=seen, by=request.user, at=timezone.now())

    return _answered(request, wanted, act, back="scoring_model")


def _answered(
    request: SignedIn, version: ScoringModel, act: Callable[[], str], back: str = "model_agreement"
) -> HttpResponse:
    try:
        messages.success(request, act())
    except (ModelRefused, ModelFault) as refusal:
        messages.error(request, str(refusal))
    return redirect(back, version.version)


@gate(may_read_rules)
@require_safe
def model_differences(request: SignedIn, version: int) -> HttpResponse:
    """What differs between this version and any other, in words."""
    wanted, problem = version_or_404(version), ""
    other = ScoringModel.objects.before(wanted)
    if asked := request.GET.get("from", ""):
        chosen = ScoringModel.objects.numbered(asked)
        problem = "" if chosen else _("There is no such version. Compared with the one before.")
        other = chosen or other
    context = {
        "version": wanted,
        "other": other,
        "problem": problem,
        "versions": ScoringModel.objects.defer("document")[:200],
        "changes": differences(other.model, wanted.model, type_labels()) if other else [],
        "crumbs": crumbs_to(wanted),
    }
    return render(request, "scoring/differences.html", context)
