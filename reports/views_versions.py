"""What became of a version of the rules: forecast, seen, accepted by sales (R12)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate
from scoring.models import ScoringModel
from scoring.permissions import may_read_rules

from .version_history import VersionHistory


@gate(may_read_rules)
@require_safe
def version_history(request: SignedIn, version: int) -> HttpResponse:
    """A page of its own, and the part of the version's page that comes after the rules."""
    found = ScoringModel.objects.numbered(str(version))
    if found is None:
        raise Http404
    way = [(_t("Scoring"), reverse("scoring_models")), (str(found), reverse("scoring_model", args=[found.version]))]
    context = {"history": VersionHistory(found, timezone.now()), "version": found, "crumbs": way}
    return render(request, "reports/version_effect.html" if request.htmx else "reports/version.html", context)
