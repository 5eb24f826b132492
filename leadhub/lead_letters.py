"""The tab of the lead page with the e-mails that marketing sent, what became of each, and what came back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import gate
from leads.requests import SignedIn
from nurture.models import Letter
from nurture.permissions import may_open_letters
from nurture.suppressions import suppressed
from outbox.pages import NewestFirst

from .lead_page import frame, visible_lead


@gate(may_open_letters)
@require_safe
def lead_letters(request: SignedIn, pk: int) -> HttpResponse:
    """E-mails to this lead, newest first, each with its answers."""
    lead = visible_lead(request, pk)
    letters = Letter.objects.visible_to(request.user).of(lead).shown_whole().with_answers()
    context = {"lead": lead, "letters": NewestFirst.of(letters, request.GET)}
    context["why_not"] = next(iter(suppressed([lead.email]).values()), "")
    if request.htmx:
        return render(request, "leads/letters.html", context)
    return render(request, "leads/page.html", {**frame(request, lead, "letters"), **context})
