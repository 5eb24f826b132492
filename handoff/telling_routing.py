"""What people are told when routing gives them leads, or takes those of somebody who is away."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from leads.models import Lead
from outbox import notices

from .models import Absence, Handoff, Routed
from .telling import as_read_by, page_of

#: So many leads at once are told one by one; more are told as a number.
FEW = 3


def given(handoffs: Sequence[Handoff], lines: Iterable[Routed], *, at: datetime) -> None:
    """Whoever got leads by routing learns of it."""
    by_person: dict[int, list[Handoff]] = defaultdict(list)
    by_id = {handoff.pk: handoff for handoff in handoffs}
    for line in lines:
        if line.to_id:
            by_person[line.to_id].append(by_id[line.handoff_id])
    if by_person:
        people = User.objects.in_bulk(by_person)
        leads = Lead.objects.in_bulk([one.lead_id for got in by_person.values() for one in got[:FEW]])
        told = [one for pk, got in by_person.items() for one in _told(people[pk], got, leads, at)]
        notices.tell_all(told, at=at)


def _told(person: User, got: list[Handoff], leads: dict[int, Lead], at: datetime) -> list[notices.NewNotice]:
    key = f"routed:{at.timestamp():.6f}"
    with as_read_by(person):
        if len(got) > FEW:
            text = ngettext(
                "Routing gave you %(n)d lead. The clocks are running.",
                "Routing gave you %(n)d leads. The clocks are running.",
                len(got),
            ) % {"n": len(got)}
            return [notices.NewNotice(person, "routed", text, reverse("inbox"), f"{key}:{got[0].pk}")]
        said = _("Routing gave you %(lead)s. The clock is running.")
        return [
            notices.NewNotice(
                person, "routed", said % {"lead": leads[one.lead_id].name}, page_of(one), f"{key}:{one.pk}"
            )
            for one in got
        ]


def away(people: Iterable[User], absence: Absence, lines: Sequence[Routed]) -> None:
    """Managers, and whoever is away where another said so, learn where their leads went."""
    person, at = absence.person, absence.begun_at or absence.starts_at
    given_on = sum(line.to_id is not None for line in lines)
    told = []
    for one in people:
        with as_read_by(one):
            text = " ".join((_until(absence), _went(given_on, len(lines) - given_on)))
            url = reverse("seller", args=[person.pk])
            told.append(notices.NewNotice(one, "away", text, url, f"away:{absence.pk}"))
    notices.tell_all(told, at=at)


def _until(absence: Absence) -> str:
    name = absence.person.name
    if absence.ends_at is None:
        return _("%(name)s is away until further notice.") % {"name": name}
    moment = formats.date_format(timezone.localtime(absence.ends_at), "j M, H:i")
    return _("%(name)s is away until %(moment)s.") % {"name": name, "moment": moment}


def _went(given_on: int, waiting: int) -> str:
    """“3 leads were given to others, 1 waits in a queue.”"""
    if not given_on and not waiting:
        return _("No open leads had to move.")
    parts = []
    if given_on:
        parts.append(
            ngettext("%(n)d lead was given to others", "%(n)d leads were given to others", given_on) % {"n": given_on}
        )
    if waiting:
        parts.append(ngettext("%(n)d waits in a queue", "%(n)d wait in a queue", waiting) % {"n": waiting})
    return ", ".join(parts) + "."
