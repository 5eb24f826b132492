"""One address for every bulk action: it asks for what the action needs, then does it."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import gate, require
from accounts.fresh_password import require_fresh_password
from leads.models import Lead
from leads.numbers import id_of, ids_of
from leads.paging import MOST_COUNTED, count_at_most
from leads.permissions import may_see_leads
from leads.requests import SignedIn
from nurture.models import LeadList, ListRefused
from scoring.days import workspace_day

from .lead_bulk import ACTIONS, BulkAction, BulkRefused, check_count
from .lead_filter_reading import Asked
from .lead_rows import wanted_leads


@gate(may_see_leads)
@require_POST
def lead_bulk(request: SignedIn) -> HttpResponse:
    """Ask for what the action needs; once `confirmed`, do it and go back to the list."""
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise Http404
    require(action.allowed(request.user))
    leads, count = _chosen(request)
    try:
        check_count(action, count, request.user)
    except BulkRefused as refusal:
        return _refused(request, refusal)
    form = action.form(request.POST if "confirmed" in request.POST else None, initial={"list": request.POST.get("of")})
    if form.is_bound and form.is_valid():
        if action.asks_for_password(count):
            act = _("%(act)s: %(n)d leads") % {"act": action.verb, "n": count}
            require_fresh_password(request, act, back=_back(request), at=timezone.now())
        return _done(request, action, leads, form.cleaned_data)
    return _ask(request, action, form, count)


def _chosen(request: SignedIn) -> "tuple[QuerySet[Lead], int]":
    """The chosen leads that the person may see, and how many there are (counted to 1,001)."""
    leads: QuerySet[Lead] = Lead.objects.visible_to(request.user).filter(pk__in=ids_of(request.POST.getlist("ids")))
    if "all_matching" in request.POST:
        asked = Asked.read(QueryDict(request.POST.get("asked", "")[:8_000]), request.user)
        of = LeadList.objects.filter(pk=id_of(request.POST.get("of", "")) or 0).first() or asked.chosen
        leads = wanted_leads(asked.wanted, user=request.user, today=workspace_day(timezone.now()), chosen=of)
    return leads, count_at_most(leads)


def _done(request: SignedIn, action: BulkAction, leads: "QuerySet[Lead]", said: dict[str, object]) -> HttpResponse:
    try:
        done = action.run(leads, said, request.user, timezone.now())
    except ListRefused as refusal:
        return _refused(request, refusal)
    messages.success(request, done.text, extra_tags=f"undo:{done.undo_url}" if done.undo_url else "")
    return redirect(_back(request))


def _refused(request: SignedIn, refusal: Exception) -> HttpResponse:
    if request.htmx:
        return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
    messages.warning(request, str(refusal))
    return redirect(_back(request))


def _back(request: SignedIn) -> str:
    """The list the person came from: its filter, never an address from the form."""
    of = id_of(request.POST.get("of", ""))
    page = reverse("list_page", args=[of]) if of else reverse("lead_list")
    query = QueryDict(request.POST.get("asked", "")[:8_000]).urlencode()
    return f"{page}?{query}" if query else page


def _ask(request: SignedIn, action: BulkAction, form: object, count: int) -> HttpResponse:
    kept = [(name, value) for name in ("ids", "all_matching", "asked", "of") for value in request.POST.getlist(name)]
    context = {
        "action": action,
        "form": form,
        "kept": kept,
        "count": count,
        "capped": count > MOST_COUNTED,
        "back": _back(request),
    }
    bad = 422 if form.is_bound and request.htmx else 200  # type: ignore[attr-defined]
    return render(request, "leads/bulk_panel.html" if request.htmx else "leads/bulk_page.html", context, status=bad)
