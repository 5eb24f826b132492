"""The points chart: every action's points, positive and negative, with how often each fired (R11)."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate

from .permissions import may_read_rules
from .points import plain_points
from .readings import uses
from .views import crumbs_to, version_or_404


@gate(may_read_rules)
@require_safe
def points_chart(request: SignedIn, version: int) -> HttpResponse:
    """The chart and the table behind it."""
    wanted = version_or_404(version)
    rows, sample = uses(wanted, timezone.now())
    return render(
        request, "scoring/chart.html", {"version": wanted, "rows": rows, "sample": sample, "crumbs": crumbs_to(wanted)}
    )


@gate(may_read_rules)
@require_safe
def points_chart_data(request: SignedIn, version: int) -> JsonResponse:
    """Points of every rule, strongest first."""
    wanted = version_or_404(version)
    rules = sorted((rule for rule in wanted.model.rules if not rule.off), key=lambda rule: -rule.points)
    link = reverse("scoring_model", args=[wanted.version])
    return JsonResponse(
        {
            "type": "diverging-bar",
            "categories": [rule.title for rule in rules],
            "series": [
                {
                    "name": _("Gives"),
                    "tone": "accent",
                    "data": [plain_points(max(rule.points, 0)) or None for rule in rules],
                },
                {
                    "name": _("Takes"),
                    "tone": "late",
                    "data": [plain_points(min(rule.points, 0)) or None for rule in rules],
                },
            ],
            "links": [f"{link}#line-{rule.key}" for rule in rules],
            "unit": "points",
        }
    )
