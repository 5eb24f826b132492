"""The lead list and the page of a nurture list: leads beside their scores, filtered, sorted, page by page."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import gate
from leads.condition_rows import rows_of as rows_of_conditions
from leads.paging import Page, count_at_most
from leads.permissions import may_create_leads, may_see_leads, sees_personal_data
from leads.requests import SignedIn
from leads.stages import PATH, Stage
from nurture.list_pages import frame_of, stays_of
from nurture.models import LeadList
from nurture.permissions import may_edit_lists, may_see_lists
from scoring.days import workspace_day
from scoring.lead_condition_rows import row_forms

from .lead_bulk import offered_actions
from .lead_filter import LeadFilter, address, as_conditions, chips_of
from .lead_filter_form import LeadFilterForm
from .lead_filter_reading import Asked
from .lead_rows import BEST, SORTS, rows_of, runs_of, wanted_leads


@gate(may_see_leads)
@require_safe
def lead_list(request: SignedIn) -> HttpResponse:
    """All leads the person may see."""
    asked = Asked.read(request.GET, request.user)
    if "apply" in request.GET and not asked.wanted.problems:  # the form sends blanks; the address to keep has none
        return redirect(f"{request.path}{address(asked.wanted.params(), QueryDict())}")
    context = {
        "tabs": _stage_tabs(asked.wanted),
        "may_create": may_create_leads(request.user),
        **_screen(request, asked),
    }
    if may_edit_lists(request.user) and (conditions := as_conditions(asked.wanted, asked.names)):
        context["saved_query"] = LeadFilter(where=conditions).params().urlencode()
    return render(request, "leads/list.html", context)


@gate(may_see_lists)
@require_safe
def list_page(request: SignedIn, pk: int) -> HttpResponse:
    """The leads of one nurture list."""
    chosen = get_object_or_404(LeadList, pk=pk)
    read = Asked.read(request.GET, request.user)
    asked = Asked(read.wanted, read.names, chosen)
    context = {"can_edit": may_edit_lists(request.user), **frame_of(chosen, "list_page"), **_screen(request, asked)}
    stays = stays_of(chosen, [row.lead.pk for row in context["rows"]])
    context["rows"] = [replace(row, stay=stays.get(row.lead.pk)) for row in context["rows"]]
    return render(request, "nurture/list_page.html", context)


@gate(may_see_leads)
@require_safe
def lead_filter(request: SignedIn) -> HttpResponse:
    """The form that composes a filter: in the side panel, or as a page of its own."""
    asked = Asked.read(request.GET, request.user)
    rows = row_forms(rows_of_conditions(asked.wanted.where), blank=1, personal=sees_personal_data(request.user))
    context = {"form": LeadFilterForm(asked.wanted, request.user), "condition_rows": rows, "asked": asked.wanted}
    return render(request, "leads/filter_panel.html" if request.htmx else "leads/filter_page.html", context)


def _screen(request: SignedIn, asked: Asked) -> dict[str, Any]:
    """Context of every screen that shows rows of leads."""
    user, today = request.user, workspace_day(timezone.now())
    masked = not sees_personal_data(user)
    sort = request.GET.get("sort", BEST)
    if sort not in SORTS or (masked and sort.endswith("name")):
        sort = BEST
    page = Page.of_runs(runs_of(asked.wanted, sort, user=user, today=today, chosen=asked.chosen), request.GET)
    kept = QueryDict(mutable=True)
    if sort != BEST:
        kept["sort"] = sort
    return {
        "asked": asked.wanted,
        "query": asked.wanted.params().urlencode(),
        "chips": chips_of(asked.wanted, asked.names, kept),
        "clear_url": address(QueryDict(), kept),
        "rows": rows_of(page.rows, today=today),
        "page": page,
        "count": len(page.rows)
        if page.is_all
        else count_at_most(wanted_leads(asked.wanted, user=user, today=today, chosen=asked.chosen)),
        "today": today,
        "masked": masked,
        "actions": offered_actions(user),
    }


def _stage_tabs(wanted: LeadFilter) -> list[dict[str, Any]]:
    """Quick ways to the stages, keeping the other wishes."""
    others = wanted.params()
    others.pop("stage", None)

    def tab(label: str, stages: tuple[str, ...]) -> dict[str, Any]:
        query = others.copy()
        query.setlist("stage", list(stages))
        return {"label": label, "url": f"{reverse('lead_list')}?{query.urlencode()}", "active": wanted.stage == stages}

    steps = [tab(str(stage.label), (stage.value,)) for stage in PATH]
    return [tab(_("All"), ()), *steps, tab(_("Ended"), (Stage.LOST.value, Stage.DISQUALIFIED.value))]
