"""How far the publishing of a version is: a fragment that asks again until it is done (R12)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate

from .permissions import may_read_rules
from .views import version_or_404


@gate(may_read_rules)
@require_safe
def model_publishing(request: SignedIn, version: int) -> HttpResponse:
    """The progress of the version's publishing; the page is loaded again once it ended."""
    found = version_or_404(version)
    asked = found.publishings.newest()
    if request.htmx and asked and asked.ended_at:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "scoring/publishing.html", {"version": found})
