"""The page of a company: its facts, and its leads with their scores."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import gate
from leads.companies import companies_of
from leads.models import Lead
from leads.paging import Page, Run, count_at_most
from leads.permissions import may_edit_any_lead, may_see_leads, sees_personal_data
from leads.requests import SignedIn
from scoring.days import workspace_day

from .lead_filter import LeadFilter
from .lead_rows import BEST, rows_of, runs_of


@gate(may_see_leads)
@require_safe
def company_page(request: SignedIn, pk: int) -> HttpResponse:
    company = get_object_or_404(companies_of(request.user), pk=pk)
    today = workspace_day(timezone.now())
    runs = [
        Run(run.rows.filter(company=company), run.order)
        for run in runs_of(LeadFilter(), BEST, user=request.user, today=today)
    ]
    page = Page.of_runs(runs, request.GET)
    context = {
        "company": company,
        "rows": rows_of(page.rows, today=today),
        "page": page,
        "count": len(page.rows)
        if page.is_all
        else count_at_most(Lead.objects.visible_to(request.user).filter(company=company)),
        "today": today,
        "masked": not sees_personal_data(request.user),
        "can_edit": may_edit_any_lead(request.user),
    }
    return render(request, "leads/company_page.html", context)
