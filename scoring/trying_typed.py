"""A draft with a rule, bounds or definitions as they are being typed: read like saved ones, never stored."""

from typing import Any, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from . import editing
from .definition import ENGAGEMENT, FIT, Model
from .definition_reading import ModelFault, parse
from .forms import LABELS, BoundsForm, DefinitionsForm, RuleForm
from .models import ScoringModel

TypedForm = TypeVar("TypedForm", RuleForm, BoundsForm, DefinitionsForm)


class NotYet(Exception):
    """What is typed is no rule yet; the text is a sentence for people."""


def typed_model(draft: ScoringModel, typed: QueryDict) -> tuple[Model, str]:
    """The draft with what is typed, and the key of the typed rule, blank where it is bounds or definitions that are typed.

    The draft itself where nothing of it is typed. Raises `NotYet`.
    """
    what, axis = typed.get("typed", "rule"), typed.get("axis", "")
    document = draft.model.to_document()
    if what == "definitions":
        editing.put_definitions(document, **_read(DefinitionsForm(_named(typed))).documents())
        return _parsed(document), ""
    if axis not in (FIT, ENGAGEMENT):
        return draft.model, ""
    if what == "bounds":
        return _with_bounds(draft, document, typed, axis), ""
    key = typed.get("key", "")
    form = _read(RuleForm(_named(typed), model=draft.model, axis=axis))
    own = key or editing.free_key(document, form.cleaned_data["name"])
    editing.put_rule(document, form.document(own), key or None)
    return _parsed(document), own


def _with_bounds(draft: ScoringModel, document: dict[str, Any], typed: QueryDict, axis: str) -> Model:
    """Bounds of the axis, or of a group it has; a group that is being made bounds nothing yet."""
    group = typed.get("group", "")
    known = {one.key for one in draft.model.groups_of(axis)}
    if "new" in typed or (group and group not in known):
        return draft.model
    form = _read(BoundsForm(_named(typed), labels=() if group else LABELS[axis], named=bool(group)))
    editing.put_bounds(document, axis, form.document(), group or None)
    return _parsed(document)


def _read(form: TypedForm) -> TypedForm:
    if not form.is_valid():
        raise NotYet(_first_problem(form))
    return form


def _parsed(document: dict[str, Any]) -> Model:
    try:
        return parse(document)
    except ModelFault as fault:
        raise NotYet(fault.problems[0].sentence) from None


def _named(typed: QueryDict) -> QueryDict:
    """What it is called changes no score, so a rule without a name can be tried."""
    if typed.get("name", "").strip():
        return typed
    named = typed.copy()
    named["name"] = _("This rule")
    return named


def _first_problem(form: RuleForm | BoundsForm | DefinitionsForm) -> str:
    """What is missing first: of a condition, of a field with its label, of the whole."""
    said = [row.problem for row in getattr(form, "rows", ()) if row.problem]
    for name, problems in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        said += [f"{label}: {problem}" if label else str(problem) for problem in problems]
    return said[0] if said else _("This cannot be counted yet.")
