"""Screens of the versions: which there are, what one says, and the definitions (R11, R12, R25)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedIn, gate, require
from accounts.fresh_password import require_fresh_password
from leads.models import ActivityType, Asset

from . import lifecycle, publishable, versions
from .agreement import Agreement
from .definitions import mql_in_words, sql_in_words
from .differences import Difference, differences
from .editing import mark_of
from .effects_seen import histories
from .forms import ModelFileForm
from .models import ModelState, ScoringModel
from .permissions import ModelPermissions, may_draft_rules, may_read_rules
from .sentences import lines_of, type_labels
from .steps import History


def version_or_404(number: int) -> ScoringModel:
    found = ScoringModel.objects.with_history().filter(version=min(number, 2_000_000_000)).first()
    if found is None:
        raise Http404
    return found


@gate(may_read_rules)
@require_safe
def scoring_models(request: SignedIn) -> HttpResponse:
    """All versions, newest first."""
    rows = _listed()
    return render(
        request,
        "scoring/models.html",
        {"versions": rows, "may_draft": may_draft_rules(request.user), "form": ModelFileForm()},
    )


def _listed() -> list[ScoringModel]:
    """The versions of the list, each with `told`: what it was forecast to do and what was seen."""
    rows = list(ScoringModel.objects.with_history().defer("document")[:200])
    known = histories(rows, timezone.now())
    for row in rows:
        row.told = known.get(row.pk)  # type: ignore[attr-defined]
    return rows


@gate(may_read_rules)
@require_safe
def scoring_model(request: SignedIn, version: int) -> HttpResponse:
    """What a version says, in sentences; for a draft, what it would change."""
    return render(request, "scoring/model.html", model_context(request, version_or_404(version)))


def crumbs_to(version: ScoringModel | None = None) -> list[tuple[str, str]]:
    """The way to a page about the versions, or about one of them."""
    way = [(_("Scoring"), reverse("scoring_models"))]
    return [*way, (str(version), reverse("scoring_model", args=[version.version]))] if version else way


def model_context(request: SignedIn, version: ScoringModel) -> dict[str, Any]:
    """What the page of a version and its fragments show."""
    published = ScoringModel.objects.published()
    is_draft = version.state in (ModelState.DRAFT, ModelState.PROPOSED)
    return {
        "version": version,
        "axes": lines_of(version.model),
        "can": ModelPermissions(request.user, version),
        "mql": mql_in_words(version.model.definitions.mql),
        "sql": sql_in_words(version.model.definitions.sql),
        "published": published,
        "changes": differences(published.model, version.model, type_labels()) if is_draft else [],
        "is_draft": is_draft,
        "agreement": Agreement(version),
        "overtaken_by": publishable.overtaken_by(version),
        "conflicts": conflicts_of(version),
        "seen": mark_of(version),
        "history": History(version),
        "crumbs": crumbs_to(),
    }


def conflicts_of(version: ScoringModel) -> list[Difference]:
    """What this draft and the version it is based on changed both, in words; the draft's choice holds until somebody decides."""
    if not version.conflicts or version.based_on is None:
        return []
    open_parts = {(kind, key) for kind, key in version.conflicts}
    found = differences(version.based_on.model, version.model, type_labels())
    return [one for one in found if one.part in open_parts]


@gate(may_draft_rules)
@require_POST
def model_draft(request: SignedIn, version: int) -> HttpResponse:
    """A new draft that says what this version says."""
    found = lifecycle.draft_from(version_or_404(version), by=request.user, at=timezone.now())
    messages.success(request, _("Version %(n)d is a draft now. Change it, then propose it.") % {"n": found.version})
    return redirect("scoring_model", found.version)


@gate(may_draft_rules)
@require_POST
def model_move(request: SignedIn, version: int) -> HttpResponse:
    """Take a proposed version back, bring a draft up to date, delete or publish it."""
    wanted, act = version_or_404(version), request.POST.get("act", "")
    can = ModelPermissions(request.user, wanted)
    acts = {"take_back": can.take_back, "update": can.bring_up_to_date, "publish": can.publish, "delete": can.delete}
    if act not in acts:
        raise BadRequest(_("Choose what to do with the version."))
    if wanted.state in (ModelState.PUBLISHED, ModelState.RETIRED):
        messages.error(request, _("%(model)s does not change any more.") % {"model": wanted})
        return redirect("scoring_model", wanted.version)
    require(acts[act])
    try:
        done = _do(wanted, act, request)
    except versions.ModelRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("scoring_model", wanted.version)
    messages.success(request, done)
    return redirect("scoring_models") if act == "delete" else redirect("scoring_model", wanted.version)


def _do(version: ScoringModel, act: str, request: SignedIn) -> str:
    now = timezone.now()
    if act == "publish":
        publishable.require_publishable(version)
        back = reverse("scoring_model", args=[version.version])
        require_fresh_password(request, _("Publish %s") % version, back=back, at=now)
        return lifecycle.publish(version, by=request.user, at=now)
    if act == "delete":
        return lifecycle.delete(version)
    act_of = lifecycle.take_back if act == "take_back" else lifecycle.bring_up_to_date
    return act_of(version, by=request.user, at=now)


@gate(may_read_rules)
@require_safe
def definitions(request: SignedIn) -> HttpResponse:
    """What this company calls MQL and SQL, in plain words, for both teams (R25)."""
    version = ScoringModel.objects.with_history().published()
    says = version.model.definitions
    context: dict[str, Any] = {"version": version, "agreement": Agreement(version)}
    context |= {"mql": mql_in_words(says.mql), "sql": sql_in_words(says.sql)}
    context |= {
        "types": ActivityType.objects.order_by("funnel_stage", "label"),
        "assets": Asset.objects.order_by("key")[:200],
    }
    return render(request, "scoring/definitions.html", context)
