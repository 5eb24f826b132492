"""The live panel beside a draft: what it, with what is typed, would do to the leads there are (product.md §3, what-if)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedIn, gate

from .permissions import may_draft_rules
from .readings import preview
from .views_editor import draft_or_404


@gate(may_draft_rules)
@require_POST
def model_try(request: SignedIn, version: int) -> HttpResponse:
    """What a draft would do with the rule as it is typed now; stores nothing."""
    wanted = draft_or_404(request, version)
    return render(request, "scoring/preview.html", {"version": wanted, "preview": preview(wanted, timezone.now())})
