"""The rule editor: one rule, group, axis or definition of a draft at a time; every change is read again as a whole."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedIn, gate, require

from . import editing
from .condition_form import row_forms, suggestions
from .definition import ENGAGEMENT, FIT, Group, Rule
from .definition_reading import ModelFault
from .forms import BoundsForm, DefinitionsForm, RuleForm
from .labels import DIGITS, LETTERS
from .models import ScoringModel
from .permissions import ModelPermissions, may_draft_rules
from .points import exact_points
from .versions import ModelRefused
from .views import crumbs_to, version_or_404

LABELS = {FIT: LETTERS[:-1], ENGAGEMENT: DIGITS[:-1]}
Change = Callable[[dict[str, Any]], None]


def draft_or_404(request: SignedIn, number: int) -> ScoringModel:
    """The version, when the person may change it now; 403 where it is no draft of theirs to change."""
    version = version_or_404(number)
    require(ModelPermissions(request.user, version).edit)
    return version


def try_change(
    request: SignedIn, version: ScoringModel, form: forms.Form, make: Change, done: str, undo: str = ""
) -> bool:
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
        messages.success(request, done, extra_tags=undo)
        return True
    return False


def seen_in(request: SignedIn, version: ScoringModel, form: forms.Form) -> str:
    """The moment of the draft that the person has seen: at first as it is, then as it was when the form was opened."""
    told = getattr(form, "seen", "")
    return told or request.POST.get("seen") or editing.mark_of(version)


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: SignedIn, version: int, axis: str, key: str = "") -> HttpResponse:
    """A rule of a draft: a new one of this axis, or the one with this key."""
    wanted = draft_or_404(request, version)
    rule = _rule_or_404(wanted, axis, key) if key else None
    form = RuleForm(request.POST or None, model=wanted.model, axis=axis, rule=rule)
    if "another" in request.POST or "remove" in request.POST:
        return _rule_page(request, wanted, form, status=200, more="another" in request.POST)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["name"]
        if try_change(request, wanted, form, _putting(form, key), _("“%(rule)s” is saved.") % {"rule": title}):
            return redirect(
                f"{reverse('scoring_model', args=[wanted.version])}#rule-{key or editing.free_key({}, title)}"
            )
    return _rule_page(request, wanted, form, status=422 if request.method == "POST" else 200)


def _putting(form: RuleForm, key: str) -> Change:
    def make(document: dict[str, Any]) -> None:
        own = key or editing.free_key(document, form.cleaned_data["name"])
        editing.put_rule(document, form.document(own), key or None)

    return make


def _rule_or_404(version: ScoringModel, axis: str, key: str) -> Rule:
    rules = version.model.fit_rules if axis == FIT else version.model.engagement_rules
    found = next((rule for rule in rules if rule.key == key), None)
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
        "rows": row_forms(rows, blank=1 if more or not rows else 0),
        "suggestions": suggestions(form.condition_fields),
        "seen": seen_in(request, version, form),
        "back": reverse("scoring_model", args=[version.version]),
        "crumbs": crumbs_to(version),
        "is_engagement": form.axis == ENGAGEMENT,
    }
    return render(request, "scoring/rule_form.html", context, status=status)


@gate(may_draft_rules)
@require_POST
def rule_delete(request: SignedIn, version: int, key: str) -> HttpResponse:
    """Take a rule out of a draft; the answer offers to put it back."""
    wanted = draft_or_404(request, version)
    rule = next((rule for rule in wanted.model.rules if rule.key == key), None)
    if rule is None:
        raise Http404
    undo = f"undo:{reverse('model_undo', args=[wanted.version])}"
    try:
        after, before = editing.change(
            wanted,
            lambda document: editing.remove_rule(document, key),
            seen=request.POST.get("seen", ""),
            by=request.user,
            at=timezone.now(),
        )
    except (ModelFault, ModelRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        request.session["scoring_undo"] = {
            "version": wanted.version,
            "seen": editing.mark_of(after),
            "document": before,
        }
        messages.success(request, _("“%(rule)s” is deleted.") % {"rule": rule.title}, extra_tags=undo)
    return redirect("scoring_model", wanted.version)


@gate(may_draft_rules)
@require_POST
def model_undo(request: SignedIn, version: int) -> HttpResponse:
    """Put back what the last deletion took, if nothing was changed since."""
    wanted = draft_or_404(request, version)
    kept = request.session.pop("scoring_undo", None)
    if not kept or kept["version"] != wanted.version:
        messages.error(request, _("There is nothing to undo."))
        return redirect("scoring_model", wanted.version)

    def put_back(document: dict[str, Any]) -> None:
        document.clear()
        document.update(kept["document"])

    try:
        editing.change(wanted, put_back, seen=kept["seen"], by=request.user, at=timezone.now())
        messages.success(request, _("The rule is back."))
    except (ModelFault, ModelRefused) as refusal:
        messages.error(request, str(refusal))
    return redirect("scoring_model", wanted.version)


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def bounds_edit(request: SignedIn, version: int, axis: str, group: str = "") -> HttpResponse:
    """Floor and cap of an axis with its cut-offs, or of a group; a new group where the key is “new”."""
    wanted = draft_or_404(request, version)
    known = _group_or_404(wanted, axis, group) if group not in ("", "new") else None
    labels = () if group else LABELS[axis]
    form = BoundsForm(request.POST or None, initial=_bounds(wanted, axis, known), labels=labels, named=bool(group))
    if (
        request.method == "POST"
        and form.is_valid()
        and try_change(request, wanted, form, _bounding(form, axis, group), _("Saved."))
    ):
        return redirect("scoring_model", wanted.version)
    context = {"version": wanted, "form": form, "seen": seen_in(request, wanted, form)}
    context |= {
        "back": reverse("scoring_model", args=[wanted.version]),
        "group": known,
        "is_new": group == "new",
        "axis": axis,
    }
    return render(request, "scoring/bounds_form.html", context, status=422 if request.method == "POST" else 200)


def _bounding(form: BoundsForm, axis: str, group: str) -> Change:
    def make(document: dict[str, Any]) -> None:
        key: str | None = group or None
        if group == "new":
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
    try:
        editing.change(
            wanted,
            lambda document: editing.remove_group(document, group),
            seen=request.POST.get("seen", ""),
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The group is deleted."))
    except (ModelFault, ModelRefused) as refusal:
        messages.error(request, str(refusal))
    return redirect("scoring_model", wanted.version)


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def definitions_edit(request: SignedIn, version: int) -> HttpResponse:
    """Name and definitions of a draft."""
    wanted = draft_or_404(request, version)
    form = DefinitionsForm(request.POST or None, initial=_marks(wanted))

    def make(document: dict[str, Any]) -> None:
        document["name"] = form.cleaned_data["name"]
        document["definitions"] = form.documents()

    if request.method == "POST" and form.is_valid() and try_change(request, wanted, form, make, _("Saved.")):
        return redirect("scoring_model", wanted.version)
    context = {"version": wanted, "form": form, "seen": seen_in(request, wanted, form)}
    context |= {"back": reverse("scoring_model", args=[wanted.version]), "crumbs": crumbs_to(wanted)}
    return render(request, "scoring/definitions_form.html", context, status=422 if request.method == "POST" else 200)


def _marks(version: ScoringModel) -> dict[str, Any]:
    said: dict[str, Any] = {"name": version.name}
    for stage, marks in version.document.get("definitions", {}).items():
        said |= {f"{stage}_{name}": value for name, value in marks.items()}
    return said
