"""A draft with a rule as it is being typed: read like a saved one, never stored."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from . import editing
from .definition import ENGAGEMENT, FIT, Model
from .definition_reading import ModelFault, parse
from .forms import RuleForm
from .models import ScoringModel


class NotYet(Exception):
    """What is typed is no rule yet; the text is a sentence for people."""


def typed_model(draft: ScoringModel, typed: QueryDict) -> tuple[Model, str]:
    """The draft with what is typed, and the key of the typed rule; the draft itself where no rule is typed. Raises `NotYet`."""
    axis = typed.get("axis", "")
    if axis not in (FIT, ENGAGEMENT):
        return draft.model, ""
    form = RuleForm(_named(typed), model=draft.model, axis=axis)
    if not form.is_valid():
        raise NotYet(_first_problem(form))
    document, key = draft.model.to_document(), typed.get("key", "")
    own = key or editing.free_key(document, form.cleaned_data["name"])
    editing.put_rule(document, form.document(own), key or None)
    try:
        return parse(document), own
    except ModelFault as fault:
        raise NotYet(fault.problems[0].sentence) from None


def _named(typed: QueryDict) -> QueryDict:
    """What it is called changes no score, so a rule without a name can be tried."""
    if typed.get("name", "").strip():
        return typed
    named = typed.copy()
    named["name"] = _("This rule")
    return named


def _first_problem(form: RuleForm) -> str:
    """What is missing first: of a condition, of a field with its label, of the whole."""
    said = [row.problem for row in form.rows if row.problem]
    for name, problems in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        said += [f"{label}: {problem}" if label else str(problem) for problem in problems]
    return said[0] if said else _("This is no rule yet.")
