"""The tab of the lead page with the e-mails that marketing sent, what became of each, and whether more may follow."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import gate, require
from accounts.fresh_password import require_fresh_password
from leads.permissions import LeadPermissions
from leads.requests import SignedIn
from nurture.leaving import stop_writing, write_again
from nurture.models import Letter, Suppression
from nurture.permissions import may_lift_suppression, may_open_letters
from nurture.suppressions import suppressed
from outbox.pages import NewestFirst

from .lead_page import frame, visible_lead


@gate(may_open_letters)
@require_safe
def lead_letters(request: SignedIn, pk: int) -> HttpResponse:
    """E-mails to this lead, newest first, each with its answers."""
    lead = visible_lead(request, pk)
    letters = Letter.objects.visible_to(request.user).of(lead).shown_whole().with_answers()
    why = next(iter(suppressed([lead.email]).values()), "")
    context = {
        "lead": lead,
        "letters": NewestFirst.of(letters, request.GET),
        "is_stopped": bool(why or lead.suppressed_at),
        "why_not": dict(Suppression.Why.choices).get(why, ""),
        "may_stop": LeadPermissions(request.user, lead).edit and bool(lead.email),
        "may_lift": may_lift_suppression(request.user),
    }
    if request.htmx:
        return render(request, "leads/letters.html", context)
    return render(request, "leads/page.html", {**frame(request, lead, "letters"), **context})


@gate(may_open_letters)
@require_POST
def lead_letters_stop(request: SignedIn, pk: int) -> HttpResponse:
    """Write to this person no more, whichever way the address comes back."""
    lead = visible_lead(request, pk)
    require(LeadPermissions(request.user, lead).edit)
    if lead.email:
        stop_writing(lead, at=timezone.now())
        messages.success(request, _("Marketing writes to this address no more."))
    return redirect("lead_letters", pk)


@gate(may_lift_suppression)
@require_POST
def lead_letters_again(request: SignedIn, pk: int) -> HttpResponse:
    """Take the address off the list of those that are never written to."""
    lead = visible_lead(request, pk)
    back = reverse("lead_letters", args=[pk])
    require_fresh_password(request, _("Let marketing write to %s again") % lead.email, back=back, at=timezone.now())
    if write_again(lead):
        messages.success(request, _("Marketing may write to this address again."))
    else:
        messages.warning(request, _("This address was not stopped."))
    return redirect("lead_letters", pk)
