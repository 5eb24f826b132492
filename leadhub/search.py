"""Global search: leads, companies, lists and pages that the person may see; rows for the palette, or a page."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import anyone_signed_in, gate
from accounts.models import User
from leads.companies import companies_like
from leads.documents import storable
from leads.models import Lead
from leads.permissions import sees_personal_data
from leads.requests import SignedIn
from nurture.models import LeadList
from nurture.permissions import may_see_lists

from .navigation import navigation

MOST_EACH, MOST_TEXT = 6, 120


@dataclass(frozen=True)
class Found:
    """One thing found: what it is called, what it is, and where."""

    label: str
    kind: str
    url: str
    icon: str


@gate(anyone_signed_in)
@require_safe
def search(request: SignedIn) -> HttpResponse:
    """What matches `q`."""
    text = " ".join(request.GET.get("q", "").split())[:MOST_TEXT]
    if not storable(text):
        text = ""
    context = {"q": text, "groups": _groups(text, request.user, pages=not request.htmx) if text else []}
    return render(request, "leads/search_rows.html" if request.htmx else "leads/search.html", context)


def _groups(text: str, user: User, *, pages: bool) -> list[tuple[str, list[Found]]]:
    """What is found, by kind. The palette knows the pages itself."""
    found = [
        (_("Leads"), _leads(text, user)),
        (_("Companies"), _companies(text, user)),
        (_("Lists"), _lists(text, user)),
    ]
    if pages:
        found.append((_("Pages"), _pages(text, user)))
    return [(label, items) for label, items in found if items]


def _leads(text: str, user: User) -> list[Found]:
    if not sees_personal_data(user):
        return []
    leads = Lead.objects.visible_to(user).search(text).select_related("company").order_by("-pk")[:MOST_EACH]
    return [Found(lead.name, _about(lead), reverse("lead_page", args=[lead.pk]), "user") for lead in leads]


def _about(lead: Lead) -> str:
    return " · ".join(
        filter(None, (lead.job_title, lead.company.name if lead.company else "", lead.get_stage_display()))
    )


def _companies(text: str, user: User) -> list[Found]:
    found = companies_like(text, user=user)[:MOST_EACH]
    return [
        Found(one.name, one.domain or one.country, reverse("company_page", args=[one.pk]), "company") for one in found
    ]


def _lists(text: str, user: User) -> list[Found]:
    lists = LeadList.objects.named_like(text)[:MOST_EACH] if may_see_lists(user) else []
    return [Found(one.name, str(one.get_kind_display()), reverse("list_page", args=[one.pk]), "list") for one in lists]


def _pages(text: str, user: User) -> list[Found]:
    items = [item for group in navigation(user, "") for item in group["items"]]
    return [
        Found(str(item["label"]), _("Page"), item["url"], item["icon"])
        for item in items
        if text.lower() in str(item["label"]).lower()
    ]
