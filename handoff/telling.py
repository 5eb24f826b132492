"""What people are told about a handoff, each in their own language and zone, in the transaction of the cause."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from outbox import mails, notices

from . import schedule, words

if TYPE_CHECKING:
    from .models import Handoff, Opportunity, QuestionForm, Reply


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@contextmanager
def as_read_by(person: User) -> Iterator[None]:
    """Words in the person's language, times in the person's zone."""
    with timezone.override(person.zone), translation.override(person.language):
        yield


def page_of(handoff: "Handoff") -> str:
    return reverse("handoff_page", args=[handoff.pk])


def reassigned(handoff: "Handoff", held: User | None, to: User, *, by: User, at: datetime) -> None:
    """The new holder learns of it, and the former one that it is gone."""
    who = {"by": by.name, "lead": handoff.lead.name, "to": to.name}
    if to != by:
        with as_read_by(to):
            _tell(to, handoff, "reassigned", _("%(by)s gave you %(lead)s. The clock is running.") % who, at)
    if held and held not in (by, to):
        with as_read_by(held):
            _tell(held, handoff, "taken_away", _("%(by)s gave %(lead)s to %(to)s.") % who, at)


def opportunity_given(opportunity: "Opportunity", to: User, *, by: User, at: datetime) -> None:
    """The new owner of an open opportunity learns of it."""
    if to != by:
        with as_read_by(to):
            text = _("%(by)s gave you the opportunity with %(lead)s.") % {"by": by.name, "lead": opportunity.lead.name}
            _tell(to, opportunity.handoff, "opportunity", text, at)


def left_behind(managers: Iterable[User], person: User, count: int, at: datetime) -> None:
    """Sales managers learn how many open opportunities a seller who left still owns."""
    for manager in managers:
        with as_read_by(manager):
            text = ngettext(
                "%(name)s left: %(n)d open opportunity needs another owner.",
                "%(name)s left: %(n)d open opportunities need another owner.",
                count,
            ) % {"name": person.name, "n": count}
            url = f"{reverse('lead_list')}?owner={person.pk}"
            notices.tell([manager], "left_behind", text, url, f"left:{person.pk}:{at:%Y%m%d%H%M%S}", at)


def released(handoff: "Handoff", held: User | None, *, by: User, at: datetime) -> None:
    """Whoever held it learns that another put it back."""
    if held and held != by:
        with as_read_by(held):
            text = _("%(by)s put %(lead)s back into the queue.") % {"by": by.name, "lead": handoff.lead.name}
            _tell(held, handoff, "released", text, at)


def passed_on(handoffs: "Sequence[Handoff]", to: User | None, *, by: User, at: datetime) -> None:
    """Many at once went to one seller, or back to everybody: each person concerned learns it in one sentence."""
    page, key = reverse("inbox"), f"passed_on:{at.timestamp():.6f}"
    if to and to != by and handoffs:
        with as_read_by(to):
            said = ngettext("%(by)s gave you %(n)d lead.", "%(by)s gave you %(n)d leads.", len(handoffs))
            notices.tell([to], "reassigned", said % {"by": by.name, "n": len(handoffs)}, page, f"{key}:gained", at)
    held = Counter(handoff.claimed_by for handoff in handoffs if handoff.claimed_by)
    for person, count in held.items():
        if person == by:
            continue
        with as_read_by(person):
            said = (
                ngettext(
                    "%(by)s gave %(n)d of your leads to %(to)s.", "%(by)s gave %(n)d of your leads to %(to)s.", count
                )
                if to
                else ngettext("%(by)s put %(n)d of your leads back.", "%(by)s put %(n)d of your leads back.", count)
            )
            who = {"by": by.name, "n": count, "to": to.name if to else ""}
            notices.tell([person], "taken_away", said % who, page, f"{key}:lost", at)


def released_late(handoff: "Handoff", held: User, *, key: str, now: datetime) -> notices.NewNotice:
    """Whoever held it too long learns that it went back to everybody."""
    with as_read_by(held):
        who = {"lead": handoff.lead.name, "time": length(now - handoff.due_at)}
        text = _("%(lead)s went back to everybody: no follow-up is on record, late by %(time)s.") % who
        return notices.NewNotice(held, "released_late", text, page_of(handoff), key)


def decided(handoff: "Handoff", *, by: User, at: datetime) -> None:
    """The marketer who handed the lead over learns what sales found, with the reason (R22)."""
    marketer = handoff.offered_by
    if marketer is None or marketer == by:
        return
    with as_read_by(marketer):
        who = {"by": by.name, "lead": handoff.lead.name}
        if handoff.reason:
            who["reason"] = words.reason_line(handoff.reason, handoff.reason_text)
        said = {
            "accepted": _("%(by)s accepted %(lead)s."),
            "sent_back": _("%(by)s sent %(lead)s back. %(reason)s"),
            "disqualified": _("%(by)s disqualified %(lead)s. %(reason)s"),
        }[handoff.outcome]
        _tell(marketer, handoff, "decided", said % who, at)


def ask_lead(form: "QuestionForm", *, by: User, at: datetime) -> None:
    """The lead gets the link to the questions by mail, in the language chosen."""
    lead = form.handoff.lead
    with translation.override(form.language):
        said = {
            "name": lead.first_name,
            "by": by.name,
            "link": settings.BASE_URL + reverse("questions", args=[form.token]),
        }
        hello = _("Dear %(name)s,") % said if lead.first_name else _("Hello,")
        body = [
            hello,
            _("before we talk, a few questions would help us to prepare. It takes about three minutes."),
            said["link"],
            _("The link is meant for you alone, and works for three weeks."),
            said["by"],
        ]
        subject = _("A few questions before we talk")
        mails.decide_outside(lead.email, subject=subject, body="\n\n".join(body), key=f"questions:{form.pk}", at=at)


def lead_answered(form: "QuestionForm", *, at: datetime) -> None:
    """Whoever holds the handoff learns that the lead answered."""
    holder = form.handoff.claimed_by
    if holder:
        with as_read_by(holder):
            text = _("%(lead)s answered your questions.") % {"lead": form.handoff.lead.name}
            _tell(holder, form.handoff, "answered", text, at)


def replied(reply: "Reply", *, by: User, at: datetime) -> None:
    """Whoever said no learns what marketing says to it."""
    seller = reply.handoff.closed_by
    if seller and seller != by:
        with as_read_by(seller):
            said = {"by": by.name, "lead": reply.handoff.lead.name, "text": reply.text}
            _tell(seller, reply.handoff, "replied", _("%(by)s on %(lead)s: %(text)s") % said, at)


def came_back(handoff: "Handoff", people: Iterable[User], *, at: datetime) -> None:
    """Marketing learns that the day has come until which a lead was sent back; under one key, so once."""
    url = reverse("lead_page", args=[handoff.lead_id])
    for person in people:
        with as_read_by(person):
            text = _("%(lead)s may be looked at again: sales sent it back until today.") % {"lead": handoff.lead.name}
            notices.tell([person], "came_back", text, url, f"came_back:{handoff.pk}", at)


def reminder_text(handoff: "Handoff", kind: str, now: datetime) -> str:
    """The one sentence of a reminder, for the notice and the subject of its mail."""
    who = {"lead": handoff.lead.name, "holder": handoff.claimed_by.name if handoff.claimed_by else ""}
    if kind == schedule.UNCLAIMED:
        who["time"] = length(now - handoff.clock_from)
        return _("%(lead)s waits for %(time)s and nobody has claimed it.") % who
    who["time"] = length(abs(handoff.due_at - now))
    who["moment"] = formats.date_format(timezone.localtime(handoff.due_at), "H:i")
    if kind == schedule.SOON:
        return _("Follow up %(lead)s by %(moment)s: %(time)s left.") % who
    if kind == schedule.DUE:
        return _("%(lead)s is due now: no follow-up is on record.") % who
    if handoff.claimed_by:
        return _("%(lead)s is late by %(time)s, held by %(holder)s: no follow-up is on record.") % who
    return _("%(lead)s is late by %(time)s and nobody has claimed it.") % who


def reminder_mail(handoff: "Handoff", text: str, address: str) -> str:
    """The text of the mail: the sentence, the moment, where to act, and what alone stops the clock."""
    moment = formats.date_format(timezone.localtime(handoff.due_at), "j M Y, H:i")
    return "\n\n".join(
        (
            text,
            _("The first follow-up is due %(moment)s (%(zone)s).")
            % {"moment": moment, "zone": timezone.get_current_timezone_name()},
            _("Open it: %(address)s") % {"address": address},
            _("Only a logged call, meeting or e-mail stops the clock."),
        )
    )


def length(time: timedelta) -> str:
    """“2 hours, 10 minutes”"""
    return timesince(_EPOCH, _EPOCH + time).replace("\xa0", " ")


def _tell(person: User, handoff: "Handoff", kind: str, text: str, at: datetime) -> None:
    notices.tell([person], kind, text, page_of(handoff), f"{kind}:{handoff.pk}:{at.timestamp():.6f}", at)
