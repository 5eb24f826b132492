"""The rule editor: one rule, group, axis or definition of a draft at a time; every change is read again as a whole."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedIn, gate, require

from . import editing, steps
from .condition_form import row_forms
from .definition import ENGAGEMENT, FIT, EngagementRule, FitRule, Group, Rule
from .definition_reading import ModelFault
from .draft_answers import asked, changed, refused
from .forms import LABELS, BoundsForm, DefinitionsForm, RuleForm
from .models import ScoringModel
from .permissions import ModelPermissions, may_draft_rules
from .points import exact_points
from .rule_words import words_of
from .versions import ModelRefused
from .views import crumbs_to, version_or_404


def draft_or_404(request: SignedIn, number: int) -> ScoringModel:
    """The version, when the person may change it now; 403 where it is no draft of theirs to change."""
    version = version_or_404(number)
    require(ModelPermissions(request.user, version).edit)
    return version


def try_change(request: SignedIn, version: ScoringModel, form: forms.Form, make: editing.Change) -> bool:
    """Make the change; where it cannot be, say so in the form and keep what was typed."""
    try:
        editing.change(version, make, seen=request.POST.get("seen", ""), by=request.user, at=timezone.now())
    except ModelFault as fault:
        for problem in fault.problems[:20]:
            form.add_error(None, problem.sentence)
    except editing.DraftMoved as moved:
        for sentence in (str(moved), *moved.would[:20]):
            form.add_error(None, sentence)
        form.seen = moved.mark  # type: ignore[attr-defined]  # who was told may save over it
    except ModelRefused as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def seen_in(request: SignedIn, version: ScoringModel, form: forms.Form) -> str:
    """The moment of the draft that the person has seen: at first as it is, then as it was when the form was opened."""
    told = getattr(form, "seen", "")
    return told or request.POST.get("seen") or editing.mark_of(version)


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: SignedIn, version: int, axis: str, key: str = "") -> HttpResponse:
    """A rule of a draft: a new one of this axis, or the one with this key; a page, or in its place on the draft's page."""
    wanted = draft_or_404(request, version)
    rule = _rule_or_404(wanted, axis, key) if key else None
    form = RuleForm(request.POST or None, model=wanted.model, axis=axis, rule=rule, initial=_wished(request))
    if "another" in request.POST or "remove" in request.POST:
        return _rule_page(request, wanted, form, status=200, more="another" in request.POST)
    if request.method == "POST" and form.is_valid() and try_change(request, wanted, form, _putting(form, key)):
        own = key or editing.last_key(ScoringModel.objects.get(pk=wanted.pk).document)
        return saved(request, wanted, f"line-{own}")
    return _rule_page(request, wanted, form, status=422 if request.method == "POST" else 200)


def _wished(request: SignedIn) -> dict[str, str]:
    """The group whose button was pressed."""
    return {"group": request.GET["group"]} if "group" in request.GET else {}


def saved(request: SignedIn, version: ScoringModel, anchor: str) -> HttpResponse:
    """The last step in words, to be undone at a press."""
    history = steps.History(version)
    said = history.undo.what if history.undo and history.undo.by == request.user else _("Saved")
    return changed(request, version, f"{said}.", anchor=anchor, undo=history.undo_url)


def _putting(form: RuleForm, key: str) -> editing.Change:
    def make(document: dict[str, Any]) -> None:
        own = key or editing.free_key(document, form.cleaned_data["name"])
        editing.put_rule(document, form.document(own), key or None)

    return make


def _rule_or_404(version: ScoringModel, axis: str, key: str) -> Rule:
    kind = FitRule if axis == FIT else EngagementRule
    found = next((rule for rule in version.model.rules if rule.key == key and isinstance(rule, kind)), None)
    if found is None:
        raise Http404
    return found


def _rule_page(
    request: SignedIn, version: ScoringModel, form: RuleForm, *, status: int, more: bool = True
) -> HttpResponse:
    removed = request.POST.get("remove", "")
    rows = [row for n, row in enumerate(form.rows) if str(n) != removed]
    context = {
        "version": version,
        "form": form,
        "rule": form.rule,
        "rows": row_forms(rows, blank=1 if more or not rows else 0, naming=form.naming),
        "suggestions": form.naming.suggestions,
        "seen": seen_in(request, version, form),
        "back": reverse("scoring_model", args=[version.version]),
        "crumbs": crumbs_to(version),
        "is_engagement": form.axis == ENGAGEMENT,
        "words": words_of(form),
    }
    return asked(request, "scoring/rule_form", context, status=status)


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def bounds_edit(request: SignedIn, version: int, axis: str, group: str = "", *, is_new: bool = False) -> HttpResponse:
    """Floor and cap of an axis with its cut-offs, of a group, or of a new group."""
    wanted = draft_or_404(request, version)
    known = _group_or_404(wanted, axis, group) if group else None
    named = is_new or bool(group)
    labels = () if named else LABELS[axis]
    form = BoundsForm(request.POST or None, initial=_bounds(wanted, axis, known), labels=labels, named=named)
    make = _bounding(form, axis, group, is_new=is_new)
    if request.method == "POST" and form.is_valid() and try_change(request, wanted, form, make):
        return saved(request, wanted, f"axis-{axis}")
    context = {"version": wanted, "form": form, "seen": seen_in(request, wanted, form), "crumbs": crumbs_to(wanted)}
    context |= {"back": reverse("scoring_model", args=[wanted.version])}
    context |= {"group": known, "is_new": is_new, "axis": axis}
    return asked(request, "scoring/bounds_form", context, status=422 if request.method == "POST" else 200)


def _bounding(form: BoundsForm, axis: str, group: str, *, is_new: bool) -> editing.Change:
    def make(document: dict[str, Any]) -> None:
        key: str | None = group or None
        if is_new:
            key = editing.free_key({"rules": document.get("groups", [])}, form.cleaned_data["name"])
        editing.put_bounds(document, axis, form.document(), key)

    return make


def _group_or_404(version: ScoringModel, axis: str, key: str) -> Group:
    found = next((group for group in version.model.groups_of(axis) if group.key == key), None)
    if found is None:
        raise Http404
    return found


def _bounds(version: ScoringModel, axis: str, group: Group | None) -> dict[str, Any]:
    """What the form starts from."""
    one = group or version.model.axes[axis]
    said: dict[str, Any] = {"floor": _typed(one.floor), "cap": _typed(one.cap)}
    if group:
        return said | {"name": group.title}
    return said | {f"label_{label}": _typed(value) for label, value in version.model.axes[axis].labels.items()}


def _typed(hundredths: int | None) -> str | None:
    return None if hundredths is None else f"{exact_points(hundredths).normalize():f}"


@gate(may_draft_rules)
@require_POST
def group_delete(request: SignedIn, version: int, group: str) -> HttpResponse:
    """Take an empty group out of a draft."""
    wanted = draft_or_404(request, version)
    seen, now = request.POST.get("seen", ""), timezone.now()
    try:
        editing.change(wanted, lambda said: editing.remove_group(said, group), seen=seen, by=request.user, at=now)
    except (ModelFault, ModelRefused) as refusal:
        return refused(request, wanted, str(refusal))
    return saved(request, wanted, "")


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def definitions_edit(request: SignedIn, version: int) -> HttpResponse:
    """Name and definitions of a draft."""
    wanted = draft_or_404(request, version)
    form = DefinitionsForm(request.POST or None, initial=_marks(wanted))

    def make(document: dict[str, Any]) -> None:
        document["name"] = form.cleaned_data["name"]
        editing.put_definitions(document, **form.documents())

    if request.method == "POST" and form.is_valid() and try_change(request, wanted, form, make):
        return saved(request, wanted, "")
    context = {"version": wanted, "form": form, "seen": seen_in(request, wanted, form)}
    context |= {"back": reverse("scoring_model", args=[wanted.version]), "crumbs": crumbs_to(wanted)}
    return render(request, "scoring/definitions_form.html", context, status=422 if request.method == "POST" else 200)


def _marks(version: ScoringModel) -> dict[str, Any]:
    said: dict[str, Any] = {"name": version.name}
    for stage, marks in version.document.get("definitions", {}).items():
        said |= {f"{stage}_{name}": value for name, value in marks.items()}
    return said
