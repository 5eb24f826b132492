"""Create and edit leads, and the hint that a lead may be known already."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import gate, require

from .conflicts import conflicts_of, merged, token_of
from .forms import LeadForm, facts_of
from .intake import IntakeRefused, LeadExists
from .models import Lead
from .numbers import id_of
from .permissions import LeadPermissions, may_create_leads, may_merge_leads
from .requests import SignedIn
from .twins import Twins, twins_of


@gate(may_create_leads)
@require_http_methods(["GET", "POST"])
def lead_create(request: SignedIn) -> HttpResponse:
    """A new lead; asks once more when somebody like it is known."""
    form = LeadForm(request.POST if request.method == "POST" else None)
    twins = Twins()
    if form.is_bound and form.is_valid():
        twins = _twins(request, form.cleaned_data)
        if "distinct" in request.POST or not twins.like:
            lead = _created(request, form)
            if lead:
                return _after_create(request, lead)
    context = {"form": form, "twins": twins, "submit": _("Create lead"), "cancel_url": reverse("lead_list")}
    return render(request, "leads/form_page.html", context)


def _created(request: SignedIn, form: LeadForm) -> Lead | None:
    try:
        return Lead.objects.create_one(form.facts(), by=request.user, at=timezone.now())
    except (IntakeRefused, LeadExists) as refusal:
        _tell(request, form, refusal)
        return None


def _after_create(request: SignedIn, lead: Lead) -> HttpResponse:
    """To the lead; a rep does not see it before it is SQL, and is told so."""
    if Lead.objects.visible_to(request.user).filter(pk=lead.pk).exists():
        messages.success(request, _("%(lead)s is in LeadHub now.") % {"lead": lead.name})
        return redirect("lead_page", lead.pk)
    messages.success(
        request, _("%(lead)s is in LeadHub now. Marketing has it until it is an SQL.") % {"lead": lead.name}
    )
    return redirect("lead_list")


@gate(may_create_leads)
@require_http_methods(["GET", "POST"])
def lead_edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change facts. What somebody else changed meanwhile is shown beside; nothing typed is lost."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user).with_people(), pk=pk)
    require(LeadPermissions(request.user, lead).edit)
    if request.method == "POST":
        return _save(request, lead)
    form = LeadForm(lead=lead, initial=facts_of(lead) | {"seen": token_of(lead)})
    return _edit_page(request, lead, form)


def _save(request: SignedIn, lead: Lead) -> HttpResponse:
    form = LeadForm(request.POST, lead=lead)
    with transaction.atomic():
        lead = Lead.objects.select_for_update(of=("self",)).select_related("company").get(pk=lead.pk)
        labels = {name: str(field.label or name) for name, field in form.fields.items()}
        conflicts = conflicts_of(lead, request.POST, labels)
        if conflicts:
            again = LeadForm(merged(request.POST, conflicts, token_of(lead)), lead=lead)
            return _edit_page(request, lead, again, conflicts=conflicts, status=409)
        if form.is_valid() and _edited(request, lead, form):
            return redirect("lead_page", lead.pk)
    return _edit_page(request, lead, form)


def _edited(request: SignedIn, lead: Lead, form: LeadForm) -> bool:
    try:
        changed = lead.edit(form.facts(), by=request.user, at=timezone.now())
    except (IntakeRefused, LeadExists) as refusal:
        _tell(request, form, refusal)
        return False
    messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return True


def _tell(request: SignedIn, form: LeadForm, refusal: IntakeRefused) -> None:
    """The refusal at the field it is about; an address of a lead out of sight says only that it is taken."""
    if not isinstance(refusal, LeadExists):
        form.add_error(None, str(refusal))
    elif Lead.objects.visible_to(request.user).filter(pk=refusal.lead_id).exists():
        form.add_error("email" if form.cleaned_data.get("email") else "external_id", str(refusal))
    else:
        form.add_error("email", _("A lead with this e-mail address or id exists already, but you may not see it."))


def _edit_page(request: SignedIn, lead: Lead, form: LeadForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "lead": lead,
        "submit": _("Save lead"),
        "cancel_url": reverse("lead_page", args=[lead.pk]),
        **more,
    }
    return render(request, "leads/form_page.html", context, status=status)


@gate(may_create_leads)
@require_safe
def lead_twins(request: SignedIn) -> HttpResponse:
    """Who this may be already: asked for while the form is typed."""
    but = id_of(request.GET.get("but", ""))
    return render(
        request,
        "leads/twins.html",
        {
            "twins": _twins(request, request.GET, but),
            "editing": but is not None,
            "merge_into": _mergeable(request, but),
        },
    )


def _mergeable(request: SignedIn, pk: int | None) -> int | None:
    """The lead that is edited, where the person may merge it with one of those."""
    return pk if pk is not None and may_merge_leads(request.user) else None


def _twins(request: SignedIn, said: Any, but: int | None = None) -> Twins:
    name = f"{said.get('first_name', '')} {said.get('last_name', '')}"
    return twins_of(email=said.get("email", ""), name=name, company=said.get("company", ""), user=request.user, but=but)
