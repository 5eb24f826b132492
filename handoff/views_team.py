"""The sales manager's view of the team's open handoffs, and passing many of them on at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import gate
from accounts.fresh_password import require_fresh_password
from leads.numbers import MANY, id_of, ids_of
from leads.requests import SignedIn

from .forms import sellers_under
from .models import Handoff
from .permissions import may_oversee
from .team import TeamInbox
from .views_inbox import inbox_tabs


@gate(may_oversee)
@require_GET
def team_inbox(request: SignedIn) -> HttpResponse:
    """Who of my team carries how much, and what is late?"""
    now = timezone.now()
    context = {
        "team": TeamInbox.of(request.user, request.GET, now=now),
        "now": now,
        "sellers": sellers_under(request.user),
    }
    context |= {"tabs": inbox_tabs(request)}
    return render(request, "handoff/_team.html" if request.htmx.target == "inbox" else "handoff/team.html", context)


@gate(may_oversee)
@require_POST
def team_pass_on(request: SignedIn) -> HttpResponse:
    """Give the chosen ones to another seller, or put them back for everybody."""
    ids = ids_of(request.POST.getlist("ids"))
    if len(ids) > MANY:
        act = _("Pass on %d leads") % len(ids)
        require_fresh_password(request, act, back=reverse("team_inbox"), at=timezone.now())
    chosen = Handoff.objects.overseen_by(request.user).filter(pk__in=ids)
    if request.POST.get("action") == "back":
        count = chosen.pass_on(to=None, by=request.user, at=timezone.now())
        said = ngettext("%(n)d lead waits for everybody again.", "%(n)d leads wait for everybody again.", count)
        return _back(request, said % {"n": count})
    to = sellers_under(request.user).filter(pk=id_of(request.POST.get("to", "")) or 0).first()
    if to is None:
        return _back(request, _("Choose a person to give them to; nothing has changed."), messages.WARNING)
    count = chosen.pass_on(to=to, by=request.user, at=timezone.now())
    said = ngettext("%(n)d lead is with %(name)s now.", "%(n)d leads are with %(name)s now.", count)
    return _back(request, said % {"n": count, "name": to.name})


def _back(request: SignedIn, said: str, level: int = messages.SUCCESS) -> HttpResponse:
    messages.add_message(request, level, said)
    holder = request.POST.get("holder", "")[:20]
    address = reverse("team_inbox")
    return redirect(f"{address}?holder={id_of(holder) or holder}" if holder.isalnum() and holder.isascii() else address)
