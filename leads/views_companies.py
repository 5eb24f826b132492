"""Companies: the list, suggestions while typing, and the edit form."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import gate, require

from .companies import BY_NAME, companies_like, companies_of, edit_company
from .documents import storable
from .forms import FIRM_FACTS, CompanyForm
from .paging import Page, count_at_most
from .permissions import may_create_leads, may_edit_any_lead, may_see_leads
from .requests import SignedIn

MOST_SUGGESTED = 8


@gate(may_see_leads)
@require_safe
def company_list(request: SignedIn) -> HttpResponse:
    """Companies by name, or those like `q`."""
    text = request.GET.get("q", "").strip()[:120]
    companies = companies_of(request.user)
    if text and storable(text):
        companies = companies_like(text, user=request.user)
    page = Page.of(companies, BY_NAME, request.GET)
    context = {
        "q": text,
        "page": page,
        "count": len(page.rows) if page.is_all else count_at_most(companies),
        "can_edit": may_edit_any_lead(request.user),
    }
    return render(request, "leads/companies.html", context)


@gate(may_create_leads)
@require_safe
def company_suggest(request: SignedIn) -> HttpResponse:
    """Options for the company field while it is typed."""
    text = request.GET.get("company", "").strip()[:120]
    found = companies_like(text, user=request.user)[:MOST_SUGGESTED] if text and storable(text) else []
    return render(request, "leads/company_options.html", {"companies": found})


@gate(may_edit_any_lead)
@require_http_methods(["GET", "POST"])
def company_edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change the facts of a company; refused while somebody else's change has not been seen."""
    company = get_object_or_404(companies_of(request.user), pk=pk)
    require(may_edit_any_lead(request.user))
    initial = {name: getattr(company, name) for name in ("name", "domain", *FIRM_FACTS)} | {
        "seen": company.updated_at.isoformat()
    }
    form = CompanyForm(request.POST or None, company=company, initial=initial)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] not in ("", company.updated_at.isoformat()):
            form.add_error(
                None, _("Somebody changed this company while you were typing. Look at its page, then save again.")
            )
            form.data = {**request.POST.dict(), "seen": company.updated_at.isoformat()}
        else:
            edit_company(company, form.facts(), by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("company_page", company.pk)
    return render(request, "leads/company_form.html", {"form": form, "company": company})
