"""What happened to a lead, newest first and by day: deeds, and moves of its stage between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.models import Activity, Lead, Merge, StageMove, Verdict
from leads.models.activity import Category
from leads.paging import Order, Page
from leads.stages import Cause, Stage

NEWEST = Order({"occurred_at": datetime, "pk": int}, descending=True)
ICONS = {
    Category.CONTENT: "download", Category.WEB: "web", Category.EVENT: "event", Category.EMAIL: "email",
    Category.SOCIAL: "social", Category.PRODUCT: "software", Category.CONTACT: "form", Category.SALES: "call",
}  # fmt: skip
#: Where link scanners, mail proxies and bots leave traces that look like a person's.
PRONE = {Category.WEB, Category.EMAIL, Category.SOCIAL, Category.CONTENT}


@dataclass(frozen=True)
class Entry:
    """One line, as the `timeline_entry` component reads it; `activity` is what may be judged, `move` has a frozen ledger."""

    at: datetime
    text: str
    icon: str
    detail: str = ""
    actor: str = ""
    tone: str = ""
    activity: int | None = None
    move: int | None = None
    total: int | None = None
    machine: bool = False
    may_be_machine: bool = False


@dataclass
class Day:
    """A day in the viewer's time zone; machine hits are apart, to be folded."""

    day: date
    entries: list[Entry] = field(default_factory=list)
    machine: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """One page of it, and the cursor of what is older."""

    days: list[Day]
    older: str
    newer: str


def timeline_of(
    lead: Lead, asked: Mapping[str, str], *, category: str = "", masked: bool = False, size: int | None = None
) -> Timeline:
    """The page asked for, of one category of deeds or all; masked, without anything somebody wrote."""
    deeds = lead.activities.select_related("type", "asset", "recorded_by")
    if category:
        deeds = deeds.filter(type__category=category)
    page = Page.of(deeds, NEWEST, asked, size=size)
    entries = [_deed(activity, masked) for activity in page.rows]
    if not category:
        entries += [_moved(move, masked) for move in _beside(lead.stage_moves.select_related("by"), page)]
        entries += [_merged(merge, masked) for merge in _beside(Merge.objects.into(lead), page)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    days = [_day(day, list(found)) for day, found in groupby(entries, key=lambda entry: timezone.localdate(entry.at))]
    return Timeline(days, page.next, page.previous)


def _beside(happened: "QuerySet[Any]", page: Page) -> list[Any]:
    """What happened in the span of the page, so that each stands on one page."""
    if page.previous:
        happened = happened.filter(at__lte=page.rows[0].occurred_at)
    if page.next:
        happened = happened.filter(at__gt=page.rows[-1].occurred_at)
    return list(happened)


def _day(day: date, entries: list[Entry]) -> Day:
    return Day(day, [one for one in entries if not one.machine], [one for one in entries if one.machine])


def _deed(activity: Activity, masked: bool) -> Entry:
    about = str(activity.asset or "")
    if not masked:
        about = about or activity.subject or activity.path
    text = _("%(type)s: %(about)s") % {"type": activity.type, "about": about} if about else str(activity.type)
    return Entry(
        at=activity.occurred_at,
        text=text,
        icon=ICONS.get(Category(activity.type.category), "dot"),
        detail=activity.campaign,
        actor=activity.recorded_by.name if activity.recorded_by else "",
        tone="accent" if activity.type.shows_intent else "",
        activity=activity.pk,
        machine=activity.verdict == Verdict.MACHINE,
        may_be_machine=activity.verdict == Verdict.MACHINE or activity.type.category in PRONE,
    )


def _merged(merge: Merge, masked: bool) -> Entry:
    words = (
        _("Undone: %(lead)s was merged into this lead") if merge.undone_at else _("%(lead)s was merged into this lead")
    )
    who = f"#{merge.gone_id}" if masked else merge.name
    return Entry(at=merge.at, text=words % {"lead": who}, icon="compare", actor=merge.by.name if merge.by else "")


def _moved(move: StageMove, masked: bool) -> Entry:
    cause = move.by.name if move.by else Cause(move.cause).label
    told = "" if masked and move.cause == Cause.PERSON else move.reason
    text = _("%(before)s → %(after)s") % {"before": Stage(move.from_stage).label, "after": Stage(move.to_stage).label}
    frozen = None if move.total is None else move.pk
    return Entry(
        at=move.at,
        text=text,
        icon="stages",
        detail=told,
        actor=str(cause),
        tone=move.to_stage,
        move=frozen,
        total=move.total,
    )
