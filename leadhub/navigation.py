"""The left navigation by role: what each person sees there is what the gate of the page lets them open."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from outbox import sweeper
from outbox.models import Notice
from outbox.permissions import watches_the_clocks


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: shown when the gate of its view lets the person in."""

    label: Any
    view: str
    icon: str


#: Groups in order. Each room adds its entries here.
GROUPS: list[tuple[Any, list[Entry]]] = [
    (
        _("Work"),
        [
            Entry(_("Home"), "home", "home"),
            Entry(_("Inbox"), "inbox", "inbox"),
            Entry(_("Leads"), "lead_list", "leads"),
            Entry(_("Companies"), "company_list", "companies"),
            Entry(_("Opportunities"), "report_opportunities", "funnel"),
            Entry(_("Lists"), "lists", "lists"),
            Entry(_("E-mails"), "emails", "email"),
            Entry(_("Programs"), "programs", "branch"),
            Entry(_("Imports"), "import_list", "imports"),
        ],
    ),
    (
        _("Learn"),
        [
            Entry(_("Reports"), "reports", "reports"),
            Entry(_("Scoring"), "scoring_models", "adjust"),
            Entry(_("Routing"), "routing", "branch"),
            Entry(_("Definitions"), "definitions", "brief"),
        ],
    ),
    (_("House"), [Entry(_("Mailbox"), "mailbox", "mailbox"), Entry(_("Settings"), "settings", "settings")]),
]


#: Lines under the person's own name.
USER_MENU = [
    {"label": _("Your profile"), "url": reverse_lazy("profile"), "icon": "user"},
    {"label": _("Settings"), "url": reverse_lazy("settings"), "icon": "settings"},
    {"label": _("Sign out"), "url": reverse_lazy("sign_out"), "icon": "sign-out", "method": "post"},
]


def navigation(user: User, path: str) -> list[dict[str, Any]]:
    """The groups and lines for this person; a group without lines is left out."""
    groups = []
    for label, entries in GROUPS:
        items = [
            {
                "label": entry.label,
                "url": reverse(entry.view),
                "icon": entry.icon,
                "active": _is_active(reverse(entry.view), path),
            }
            for entry in entries
            if resolve(reverse(entry.view)).func.gate(user)  # type: ignore[attr-defined]
        ]
        if items:
            groups.append({"label": label, "items": items})
    return groups


def _is_active(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html: navigation, and how many notices are unread."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {
        "user_menu": USER_MENU,
        "search_url": reverse("search"),
        "navigation": SimpleLazyObject(lambda: navigation(request.user, request.path)),  # type: ignore[arg-type]
        "sweeper_late": cache(lambda: watches_the_clocks(request.user) and sweeper.is_late(timezone.now())),  # type: ignore[arg-type]
        "notices_url": reverse("notices"),
        "notices_count": cache(lambda: Notice.objects.visible_to(request.user).unread().count()),  # type: ignore[arg-type]
    }
