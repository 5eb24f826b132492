"""Everything that happened to one handoff, in order of time and in words: the record of one cycle (R16, R17, R22)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from leads.numbers import id_of

from . import words
from .models import DeadlineChange, Ended, FollowUp, Handoff, Holding, Reminder
from .why_routed import lines_of

#: The most entries that a page shows; the newest stay.
MOST = 200


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `by` names who did it where that is not in the words, `note` is in somebody's own words."""

    at: datetime
    text: str
    by: str = ""
    note: str = ""


def record_of(handoff: Handoff) -> list[Entry]:
    """The entries, oldest first; a fixed number of queries."""
    holdings = list(handoff.holdings.select_related("holder"))
    moved = list(handoff.deadline_changes.select_related("by")[:MOST])
    names = _names(holdings)
    entries = [
        *_offer(handoff),
        *_clock(handoff, moved),
        *_routing(handoff),
        *(entry for holding in holdings for entry in _holding(holding, names)),
        *(_reminder(one) for one in handoff.reminders.filter(told=True)[:MOST]),
        *(_follow_up(one) for one in handoff.follow_ups.select_related("by")[:MOST]),
        *_decision(handoff),
    ]
    return sorted(entries, key=lambda entry: entry.at)[-MOST:]


def _offer(handoff: Handoff) -> Iterator[Entry]:
    by = handoff.offered_by.name if handoff.offered_by else _("by its score")
    cycle = _("Offered to sales, cycle %(n)d") % {"n": handoff.cycle}
    yield Entry(handoff.offered_at, cycle, by, handoff.note)


def _clock(handoff: Handoff, moved: list[DeadlineChange]) -> Iterator[Entry]:
    """When its deadline moved and why; a clock that started anew before that was kept says only so."""
    for one in moved:
        days = {"old": _moment(one.old_due), "new": _moment(one.new_due), "why": one.why}
        yield Entry(one.at, _("Due %(new)s instead of %(old)s: %(why)s") % days, one.by.name if one.by else "")
    if handoff.clock_from != handoff.offered_at and handoff.clock_from not in {one.at for one in moved}:
        yield Entry(handoff.clock_from, _("The clock started anew, as its holder left"))


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "j M, H:i")


def _routing(handoff: Handoff) -> Iterator[Entry]:
    """Where rules sent it; that none fitted is no news."""
    for line in lines_of(handoff.routed.by_rules().for_lines().order_by("id")[:MOST]):
        rule = _("by the rule “%(rule)s”") % {"rule": line.routed.rule.name} if line.routed.rule else ""
        yield Entry(line.routed.at, " ".join(filter(None, (line.said, line.passed))), rule)


def _holding(holding: Holding, names: dict[int, str]) -> Iterator[Entry]:
    holder = holding.holder.name if holding.holder else _("Somebody")
    giver = _person(holding.given_by)
    if giver == holding.holder_id:
        yield Entry(holding.since, _("%(holder)s claimed it") % {"holder": holder})
    elif giver:
        yield Entry(holding.since, _("Given to %(holder)s") % {"holder": holder}, names.get(giver, ""))
    else:
        yield Entry(holding.since, _("%(holder)s got it") % {"holder": holder})
    if holding.until and holding.ended == Ended.RELEASED:
        ender = _person(holding.ended_by)
        by = names.get(ender, "") if ender and ender != holding.holder_id else ""
        said = _("%(holder)s put it back") if ender == holding.holder_id else _("It went back from %(holder)s")
        yield Entry(holding.until, said % {"holder": holder}, by)


def _reminder(reminder: Reminder) -> Entry:
    return Entry(reminder.sent_at, _("Reminded: %(what)s") % {"what": reminder.get_kind_display()})


def _follow_up(one: FollowUp) -> Entry:
    text = f"{one.get_kind_display()}: {one.get_result_display()}"
    if one.next_step or one.next_on:
        text += f" → {' · '.join(filter(None, (one.next_step, f'{one.next_on:%Y-%m-%d}' if one.next_on else '')))}"
    return Entry(one.at, text, one.by.name if one.by else "", one.notes)


def _decision(handoff: Handoff) -> Iterator[Entry]:
    if handoff.closed_at:
        reason = words.reason_line(handoff.reason, handoff.reason_text) if handoff.reason else ""
        yield Entry(
            handoff.closed_at,
            handoff.get_outcome_display(),
            handoff.closed_by.name if handoff.closed_by else "",
            reason,
        )


def _names(holdings: list[Holding]) -> dict[int, str]:
    ids = {number for one in holdings for actor in (one.given_by, one.ended_by) if (number := _person(actor))}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _person(actor: str) -> int | None:
    """The user that an actor of the audit names."""
    kind, _sep, number = actor.partition(":")
    return id_of(number) if kind == "user" else None
