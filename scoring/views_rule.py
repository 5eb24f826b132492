"""What the form of a rule asks while somebody types: what it comes to in words, and which values occur. Nothing is stored."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import SignedIn, gate
from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS

from .condition_form import Naming
from .definition import FIT
from .forms import RuleForm
from .permissions import may_draft_rules
from .rule_words import words_of
from .values import values_of
from .views_editor import draft_or_404


@gate(may_draft_rules)
@require_POST
def rule_words(request: SignedIn, version: int, axis: str) -> HttpResponse:
    """Points, count, fade and cap as they are typed now, in sentences and as a curve."""
    form = RuleForm(request.POST, model=draft_or_404(request, version).model, axis=axis)
    return render(request, "scoring/rule_words.html", {"words": words_of(form)})


@gate(may_draft_rules)
@require_POST
def rule_values(request: SignedIn, version: int, axis: str) -> HttpResponse:
    """The values that a field really has and that hold what is typed, with how many have each."""
    draft_or_404(request, version)
    typed = request.POST.get("typed", "")[:200]
    field = Naming(LEAD_FIELDS if axis == FIT else ACTIVITY_FIELDS).name(request.POST.get("wanted", "")[:140])
    found = values_of(axis, field, typed, tuple(request.POST.getlist("types")[:200]))
    return render(request, "scoring/values.html", {"values": found, "axis": axis, "typed": typed.strip()})
