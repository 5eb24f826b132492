"""Home: each role's first screen; people with several roles switch by tabs."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, anyone_signed_in, gate, holders
from accounts.models import Role, User
from leads.permissions import sees_every_lead

from . import home_administration, home_marketing, home_sales

Context = Callable[[User, Any], dict[str, Any]]

#: Screens in the order in which a person with several roles meets them: name, label, who, template, its context.
SCREENS: tuple[tuple[str, Any, Callable[[User], bool], str, Context], ...] = (
    ("sales", _("Sales"), holders(Role.SALES_MANAGER), "home/sales.html", home_sales.context),
    (
        "marketing",
        _("Marketing"),
        holders(Role.MARKETER, Role.MARKETING_MANAGER),
        "home/marketing.html",
        home_marketing.context,
    ),
    (
        "administration",
        _("Administration"),
        holders(Role.ADMINISTRATOR),
        "home/administration.html",
        home_administration.context,
    ),
)


@gate(anyone_signed_in)
@require_safe
def home(request: SignedIn) -> HttpResponse:
    user = request.user
    screens = [screen for screen in SCREENS if screen[2](user)]
    if not screens or (user.holds(Role.SALES_REP) and "view" not in request.GET):
        return _elsewhere(user)
    name, _label, _who, template, context = next((s for s in screens if s[0] == request.GET.get("view")), screens[0])
    return render(request, template, {"tabs": _tabs(user, screens, name), **context(user, timezone.now())})


def _elsewhere(user: User) -> HttpResponseRedirect:
    """A rep starts in the inbox, an analyst in the reports, a person without a role at the own profile."""
    if user.holds(Role.SALES_REP):
        return redirect("inbox")
    return redirect("reports" if user.roles else "profile")


def _tabs(user: User, screens: list[Any], chosen: str) -> list[dict[str, Any]]:
    """Tabs for several roles; none for a person with one."""
    tabs = [{"label": _("Inbox"), "url": reverse("inbox"), "active": False}] if user.holds(Role.SALES_REP) else []
    tabs += [{"label": s[1], "url": f"{reverse('home')}?view={s[0]}", "active": s[0] == chosen} for s in screens]
    return tabs if len(tabs) > 1 else []


@gate(sees_every_lead)
@require_safe
def score_chart(request: SignedIn) -> HttpResponse:
    """How the leads that marketing holds are spread over scores; drawn on the marketer's home."""
    return JsonResponse(home_marketing.score_chart())
