"""What the pages of one list share: tabs, how it stands, and its stays page by page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from leads.paging import Order, Page

from .models import KeptOut, LeadList, Stay

ENTERED = Order({"entered_at": datetime, "pk": int}, descending=True)
LEFT = Order({"left_at": datetime, "pk": int}, descending=True)
KEPT_OUT = Order({"at": datetime, "pk": int}, descending=True)


def frame_of(chosen: LeadList, active: str) -> dict[str, Any]:
    """Context of every page of a list: crumbs, tabs, whether it waits to be filled, and the archived lists it names."""
    crumbs = [(_("Lists"), reverse("lists"))]
    waits = chosen.is_dynamic and not chosen.archived_at and (chosen.refreshed_at is None or bool(chosen.asked_at))
    return {
        "list": chosen,
        "crumbs": crumbs,
        "tabs_of_list": _tabs(chosen, active),
        "waits": waits,
        "archived_names": ", ".join(f"“{one.name}”" for one in chosen.names_archived()),
    }


def _tabs(chosen: LeadList, active: str) -> list[dict[str, Any]]:
    tabs = [("list_page", _("Leads")), ("list_history", _("Who came and went"))]
    if chosen.is_dynamic:
        tabs.append(("list_kept_out", _("Kept out")))
    return [{"label": label, "url": reverse(name, args=[chosen.pk]), "active": name == active} for name, label in tabs]


def history_of(chosen: LeadList, user: User, asked: Mapping[str, str]) -> Page:
    """Stays of leads that the person may see: by when they began, or with `left` by when they ended; the newest first."""
    stays = Stay.objects.visible_to(user).filter(list=chosen).told()
    return Page.of(stays.ended(), LEFT, asked) if "left" in asked else Page.of(stays, ENTERED, asked)


def kept_out_of(chosen: LeadList, user: User, asked: Mapping[str, str]) -> Page:
    """Who is kept out by hand, of the leads the person may see."""
    return Page.of(KeptOut.objects.visible_to(user).filter(list=chosen).told(), KEPT_OUT, asked)


def stays_of(chosen: LeadList, lead_ids: Iterable[int]) -> dict[int, Stay]:
    """Since when and why these leads are in the list, asked for all at once."""
    stays: QuerySet[Stay] = Stay.objects.open().filter(list=chosen, lead__in=list(lead_ids))
    return {stay.lead_id: stay for stay in stays.select_related("came__by")}
