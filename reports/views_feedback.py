"""“Sent back by sales”: what carried those leads, and each of them with sales' own words (R22, R27)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate
from handoff.models import Handoff
from handoff.permissions import may_hand_over
from leads.permissions import sees_personal_data
from outbox.pages import NewestFirst

from .feedback import KINDS, LINES, Feedback
from .permissions import sees_company_reports

#: Days one may look back, the usual number first.
PERIODS = (90, 28, 365)


@gate(sees_company_reports)
@require_safe
def feedback(request: SignedIn) -> HttpResponse:
    days = next((days for days in PERIODS if str(days) == request.GET.get("days")), PERIODS[0])
    chosen = {kind: request.GET[kind][:300] for kind in KINDS if request.GET.get(kind)}
    found = Feedback(timezone.now() - timedelta(days=days), chosen)
    listed = Handoff.objects.visible_to(request.user).filter(pk__in=found.rejected)
    page = NewestFirst.of(
        listed.select_related("lead__company", "reason", "closed_by").prefetch_related("replies__by"), request.GET
    )
    every = request.GET.get("all") == "1"
    context = {
        "found": found, "page": page, "days": days, "periods": PERIODS, "tables": list(_tables(found, days, None if every else LINES)), "every": every,
        "all_url": _address(days, {**chosen, "all": "1"}).partition("#")[0],
        "chips": list(_chips(found, days)), "masked": not sees_personal_data(request.user),
        "may_reply": may_hand_over(request.user), "crumbs": [(_t("Reports"), reverse("reports"))],
    }  # fmt: skip
    return render(request, "reports/feedback.html", context)


def _address(days: int, chosen: dict[str, str]) -> str:
    return f"?{urlencode({'days': days, **chosen})}#leads"


def _tables(found: Feedback, days: int, most: int | None) -> Any:
    """Each table with the address of the list behind every number."""
    names = {"reason": _t("Reason"), "source": _t("Source"), "content": _t("Content"), "rule": _t("Rule")}
    for kind in KINDS:
        lines = [
            {
                "line": line,
                "leads": _address(days, {**found.chosen, kind: line.key}),
                "needed": _address(days, {**found.chosen, kind: f"needed:{line.key}"}),
            }
            for line in found.table(kind, most)
        ]
        yield {"kind": kind, "name": names[kind], "lines": lines}


def _chips(found: Feedback, days: int) -> Any:
    """What is chosen, each with the address without it."""
    for kind, value in found.chosen.items():
        key = value.removeprefix("needed:")
        titles = {known: title for case in found.cases for known, title in case.keys[kind].items()}
        label = titles.get(key, key)
        if value.startswith("needed:"):
            label = _t("not without “%(rule)s”") % {"rule": label}
        yield {"label": label, "href": _address(days, {name: v for name, v in found.chosen.items() if name != kind})}
