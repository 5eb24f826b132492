"""Teams: make, rename, dissolve."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .access import gate
from .forms import TeamForm
from .fresh_password import require_fresh_password
from .models import Taken, Team, TeamInUse
from .permissions import may_manage_people, may_see_people


@gate(may_see_people)
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    context = {"teams": Team.objects.with_size(), "may_manage": may_manage_people(request.user)}  # type: ignore[arg-type]
    return render(request, "accounts/teams.html", context)


@gate(may_manage_people)
@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    return _form(request, Team(), _("New team"))


@gate(may_manage_people)
@require_http_methods(["GET", "POST"])
def team_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Team, pk=pk), _("Rename the team"))


@gate(may_manage_people)
@require_POST
def team_delete(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    _confirm(request, _("Delete the team “%s”") % team.name)
    try:
        team.dissolve()
    except TeamInUse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The team “%(team)s” is gone.") % {"team": team.name})
    return redirect("teams")


def _form(request: HttpRequest, team: Team, heading: str) -> HttpResponse:
    form = TeamForm(request.POST if request.method == "POST" else None, instance=team)
    if request.method == "POST" and form.is_valid():
        _confirm(request, f"{heading}: {form.cleaned_data['name']}")
        try:
            team.rename(form.cleaned_data["name"])
        except Taken as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("teams")
    return render(
        request, "accounts/team_form.html", {"form": form, "heading": heading}, status=422 if form.is_bound else 200
    )


def _confirm(request: HttpRequest, act: str) -> None:
    require_fresh_password(request, act, back=reverse("teams"), at=timezone.now())
