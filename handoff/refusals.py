"""What a handoff refuses, by name; the text of each is a sentence for people."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

    from .models import Handoff


class HandoffRefused(Exception):
    """A verb of the handoff that cannot be done now."""


class AlreadyClaimed(HandoffRefused):
    """Somebody else took it first, or holds it."""


class NothingToClaim(HandoffRefused):
    """No handoff waits that this person may take."""


class AlreadyClosed(HandoffRefused):
    """It was decided or withdrawn before."""


class NotClaimed(HandoffRefused):
    """Nobody holds it, so nobody can work on it."""


class NotInTheHouse(HandoffRefused):
    """The person it should go to does not sell here (any more)."""


class GateNotMet(HandoffRefused):
    """What must be known before a lead is accepted is not known yet."""


class ReasonRefused(HandoffRefused):
    """The reason does not fit the decision, or lacks its text, date or attempts."""


class MomentRefused(HandoffRefused):
    """A follow-up outside the time of the handoff."""


class FormRefused(HandoffRefused):
    """Questions that cannot be sent, or answers that come too late."""


class ReplyRefused(HandoffRefused):
    """A reply to nothing, or without words."""


class AmountRefused(HandoffRefused):
    """A sum that cannot be one."""


class RoutingRefused(HandoffRefused):
    """A change of rules, queues or absences that cannot be made now."""


def ago(moment: datetime, now: datetime) -> str:
    """“2 minutes ago”, or “just now” within a minute."""
    if (now - moment).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, now, depth=1).replace("\xa0", " ")}


def already_claimed(handoff: "Handoff", now: datetime) -> AlreadyClaimed:
    """“Dana took this 2 minutes ago.”"""
    if handoff.claimed_by is None or handoff.claimed_at is None:
        return AlreadyClaimed(_("Somebody else took this."))
    words = {"name": handoff.claimed_by.name, "ago": ago(handoff.claimed_at, now)}
    return AlreadyClaimed(_("%(name)s took this %(ago)s.") % words)


def refuse_if_taken(handoff: "Handoff", by: "User", now: datetime) -> None:
    """Raise `AlreadyClaimed` for what another is seen to hold: whoever loses a claim costs no transaction and locks no lead."""
    if handoff.closed_at is None and handoff.claimed_by_id not in (None, by.pk):
        raise already_claimed(handoff, now)


def already_closed(handoff: "Handoff", now: datetime) -> AlreadyClosed:
    """“Rita accepted this 5 minutes ago.”"""
    if handoff.closed_at is None:
        return AlreadyClosed(_("This handoff is not open any more."))
    words = {"name": handoff.closed_by.name if handoff.closed_by else _("Somebody"), "ago": ago(handoff.closed_at, now)}
    said = {
        "accepted": _("%(name)s accepted this %(ago)s."),
        "sent_back": _("%(name)s sent this back %(ago)s."),
        "disqualified": _("%(name)s disqualified this lead %(ago)s."),
    }.get(handoff.outcome, _("This handoff was withdrawn %(ago)s: the lead left SQL."))
    return AlreadyClosed(said % words)


def not_in_the_house(person: "User") -> NotInTheHouse:
    return NotInTheHouse(_("%(name)s does not sell here, so the lead cannot go there.") % {"name": person.name})


def moment_refused(offered_at: datetime) -> MomentRefused:
    since = timezone.localtime(offered_at).strftime("%Y-%m-%d %H:%M")
    return MomentRefused(_("A follow-up lies between the offer (%(since)s) and now.") % {"since": since})
