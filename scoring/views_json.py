"""Versions as JSON: out as a file, in as a new draft, or typed into a draft; faults are named line by line."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedIn, gate

from . import versions
from .forms_json import JsonForm
from .models import ScoringModel
from .permissions import may_draft_rules, may_read_rules
from .views import crumbs_to, version_or_404
from .views_editor import draft_or_404, saved, seen_in, try_change


@gate(may_read_rules)
@require_GET
def model_export(request: SignedIn, version: int) -> HttpResponse:
    """The version as a JSON file."""
    wanted = version_or_404(version)
    response = HttpResponse(_text(wanted), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="scoring-model-v{wanted.version}.json"'
    return response


def _text(version: ScoringModel) -> str:
    return json.dumps(version.document, indent=1, ensure_ascii=False)


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def model_import(request: SignedIn) -> HttpResponse:
    """A JSON text or file becomes a new draft; with faults it stays in the box beside them."""
    form = JsonForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = form.cleaned_data["model"].to_document()
        found = versions.draft(document, by=request.user, at=timezone.now())
        messages.success(request, _("Version %(n)d is a draft now.") % {"n": found.version})
        return redirect("scoring_model", found.version)
    return _page(request, form, {"back": reverse("scoring_models"), "crumbs": crumbs_to()})


@gate(may_draft_rules)
@require_http_methods(["GET", "HEAD", "POST"])
def model_json(request: SignedIn, version: int) -> HttpResponse:
    """A draft as JSON, to be changed by hand; the whole change is one step that can be undone."""
    wanted = draft_or_404(request, version)
    form = JsonForm(request.POST or None, request.FILES or None, shown=_text(wanted))

    def make(document: dict[str, Any]) -> None:
        document.clear()
        document.update(form.cleaned_data["model"].to_document())

    if request.method == "POST" and form.is_valid() and try_change(request, wanted, form, make):
        return saved(request, wanted, "")
    context = {"version": wanted, "seen": seen_in(request, wanted, form), "crumbs": crumbs_to(wanted)}
    return _page(request, form, context | {"back": reverse("scoring_model", args=[wanted.version])})


def _page(request: SignedIn, form: JsonForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "scoring/json_form.html", {"form": form, **context}, status=status)
