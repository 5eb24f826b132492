"""The workspace: settings home, and the page that says whether LeadHub's own work is going round."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from platform import python_version
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import anyone_signed_in, gate
from accounts.models import User
from accounts.permissions import may_see_health
from outbox import sweeper

from .queues import queues


@dataclass(frozen=True)
class Section:
    """One line of the settings home."""

    label: Any
    text: Any
    view: str
    icon: str


SECTIONS = [
    Section(_("Your profile"), _("Name, time zone, language, password, sessions."), "profile", "user"),
    Section(_("People"), _("Who may sign in, and what they may do."), "people", "users"),
    Section(_("Teams"), _("Who shares a queue and a manager."), "teams", "team"),
    Section(
        _("Activity types"), _("Everything a lead can do, by category and funnel stage."), "activity_types", "activity"
    ),
    Section(
        _("Content"), _("White papers, webinars, price lists, and how near to a decision each is."), "assets", "file"
    ),
    Section(_("Custom fields"), _("Facts of your own that imports fill and rules may use."), "custom_fields", "table"),
    Section(_("API keys"), _("How programs send leads and activities."), "api_keys", "key"),
    Section(_("Webhooks"), _("Programs that are told of opportunities."), "webhooks", "api"),
    Section(
        _("Follow-up"), _("How fast sales promises to follow up, and who is reminded when."), "sla_policy", "alarm"
    ),
    Section(
        _("Qualification"),
        _("BANT or MEDDIC, and what must be known before a lead is accepted."),
        "qualification_rules",
        "check",
    ),
    Section(_("Routing"), _("Which SQL goes to which queue or seller, by which rule, and why."), "routing", "branch"),
    Section(
        _("Your hours and leave"),
        _("When routing gives you leads, how many, and when you are away."),
        "my_seat",
        "calendar",
    ),
    Section(_("Reasons"), _("Why leads go back, and why customers came or went."), "reasons", "list"),
    Section(_("Workspace"), _("Calendar, deadlines, versions, and whether the work goes round."), "workspace", "gauge"),
]


def sections_for(user: User) -> Iterator[dict[str, Any]]:
    """The sections whose page would let the person in."""
    for section in SECTIONS:
        url = reverse(section.view)
        if resolve(url).func.gate(user):  # type: ignore[attr-defined]
            yield {"label": section.label, "text": section.text, "url": url, "icon": section.icon}


@gate(anyone_signed_in)
@require_GET
def settings_home(request: HttpRequest) -> HttpResponse:
    return render(request, "home/settings.html", {"sections": list(sections_for(request.user))})  # type: ignore[arg-type]


@gate(may_see_health)
@require_GET
def workspace(request: HttpRequest) -> HttpResponse:
    """Zone, deadlines, versions, the sweeper's heartbeat and what waits for how long (quality.md §3.9)."""
    now = timezone.now()
    context = {
        "zone": settings.WORKSPACE_TIME_ZONE,
        "versions": list(versions()),
        "beat": sweeper.last_beat(),
        "queues": list(queues(now)),
    }
    return render(request, "home/workspace.html", context)


def versions() -> Iterator[tuple[str, str]]:
    yield "Python", python_version()
    for package in ("Django", "celery", "numpy"):
        yield package, version(package)
    connection.ensure_connection()
    number: int = connection.pg_version  # type: ignore[attr-defined]
    yield "PostgreSQL", f"{number // 10_000}.{number % 10_000}"
