"""Sending letters at most once each: `handed` is committed before the words leave (quality.md E11, rules 7, 8, 10, R2).

One letter at a time: a transaction leases the most overdue free one; it is written and the server reached; a second one asks
again whether it may leave, and notes `handed`; the words leave with no lock held; a third one notes the answer. Whoever dies
before `handed` leaves a letter that another sends; whoever dies after it leaves a doubtful one, which nobody sends by itself.
"""

import logging
import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.addresses import email_domain
from outbox.clock import Clock
from outbox.delivery import RETRY_MINUTES, SPENT
from outbox.faults import faultpoint

from .envelope import envelope
from .leaving import Why, hold, leave_everything
from .models import Letter
from .pace import TooFast, count_one, next_minute, spread
from .post_office import Answer, Outcome, PostOffice, leaves
from .settling import settle
from .unwritable import Unwritable, unwritable

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
State = Letter.State
#: How many letters are shown at once where none leave.
SHOWN_AT_ONCE = 500


def deliver(now: datetime) -> int:
    """Send what is due, as long as a round lasts; how many were taken in hand. Safe to run in many places at once."""
    clock, handled = Clock(now), 0
    park(clock.at)
    if not leaves():
        return show_only(clock)
    give_up(clock.at)
    with PostOffice() as office:
        while not clock.is_over and (letter := take(clock.at)):
            faultpoint("letter.leased")
            handled += 1
            if not send(letter, office, clock):
                break
    return handled


def park(at: datetime) -> int:
    """Letters whose sender died between `handed` and the answer are doubtful: listed, and sent again only by a person."""
    words = _("Its sender ended while handing it over, so nobody can tell whether it left.")
    with transaction.atomic():
        return _settled(Letter.objects.abandoned(at), State.UNKNOWN, words, at)


def give_up(at: datetime) -> int:
    """Fail what every sender died of before it could hand it over: others must not wait for it (quality.md R10)."""
    with transaction.atomic():
        spent = Letter.objects.due(at).filter(SPENT)
        return _settled(spent, State.FAILED, _("Each attempt ended before it was done."), at)


def _settled(letters: "QuerySet[Letter]", state: str, why: str, at: datetime) -> int:
    held = letters.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    ids = list(held.values_list("pk", flat=True)[:SHOWN_AT_ONCE])
    return settle(ids, state, why=why, at=at) if ids else 0


def take(at: datetime) -> Letter | None:
    """Take the most overdue free letter: count the attempt, set the lease, commit."""
    with transaction.atomic():
        letter = (
            Letter.objects.due(at)
            .in_turn()
            .exclude(SPENT)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("lead", "version__email")
            .order_by("next_try_at", "id")
            .first()
        )
        if letter:
            letter.attempt, letter.state, letter.lease_until = letter.attempt + 1, State.LEASED, at + LEASE
            _follow_address(letter)
            letter.save(update_fields=["attempt", "state", "lease_until", "to", "domain"])
    return letter


def _follow_address(letter: Letter) -> None:
    """An address that changed meanwhile, or came with a merge, takes its letters along."""
    if letter.lead and not letter.is_test:
        letter.to, letter.domain = letter.lead.email, email_domain(letter.lead.email)


def send(letter: Letter, office: PostOffice, clock: Clock) -> bool:
    """Write it, hand it over, note the answer; whether the round goes on."""
    message = _written(letter, clock.at)
    if message is None:
        return True
    if problem := office.open():
        note(letter, Answer(Outcome.LATER, problem), clock.at)
        return False
    faultpoint("letter.written")
    try:
        handed = hand_over(letter, clock.at)
    except TooFast as limit:
        return _wait_a_minute(letter, limit, clock.at)
    if handed:
        faultpoint("letter.handed")
        answer = office.carry(message)
        faultpoint("letter.answered")
        note(letter, answer, clock.at)
        faultpoint("letter.settled")
    return True


def _written(letter: Letter, at: datetime) -> EmailMessage | None:
    """The e-mail, or none where it cannot be written: it has failed then, and the others go on."""
    try:
        return envelope(letter)
    except Exception:
        log.exception("Letter %s cannot be written.", letter.pk)
        note(letter, Answer(Outcome.REFUSED, _("It cannot be written.")), at)
        return None


def hand_over(letter: Letter, at: datetime) -> bool:
    """Ask again whether it may leave, and commit that it does; False where it must not, or is another's by now.

    Raises `TooFast` where this minute has no place for it. The lead is held first, as whoever moves or merges it does, so
    that no letter leaves for one who became SQL.
    """
    with transaction.atomic():
        _hold_lead(letter)
        mine = _mine(letter, State.LEASED)
        if mine is None:
            return False
        if why := refusals([mine]).get(mine.pk):
            settle([mine.pk], State.SUPPRESSED, why=str(Unwritable(why).label), at=at)
            return False
        if mine.lead and not mine.is_test and mine.lead.email != letter.to:
            _put_off(mine, _("The address changed."), at)
            return False
        count_one(mine.domain, at=at)
        Letter.objects.filter(pk=mine.pk).update(state=State.HANDED, handed_at=at, lease_until=at + LEASE)
        faultpoint("letter.before_handed")
    return True


def _hold_lead(letter: Letter) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM leads_lead WHERE id = %s FOR SHARE", [letter.lead_id])


def _mine(letter: Letter, *states: str) -> Letter | None:
    """The row, held, where this attempt is still the latest (quality.md rule 8)."""
    rows = Letter.objects.filter(pk=letter.pk, attempt=letter.attempt, state__in=states)
    return rows.select_for_update(of=("self",)).select_related("lead", "version__email").first()


def refusals(letters: list[Letter]) -> dict[int, str]:
    """Letter id → an `Unwritable`, for those that must not leave now. Tests go to people of the house, who asked for them."""
    by_topic: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        if not letter.is_test:
            by_topic[letter.version.email.topic].append(letter)
    found: dict[int, str] = {}
    for topic, some in by_topic.items():
        reasons = unwritable((letter.lead for letter in some if letter.lead), topic)
        found |= {one.pk: reasons[one.lead_id] for one in some if one.lead_id in reasons}
    return found


def _wait_a_minute(letter: Letter, limit: TooFast, at: datetime) -> bool:
    """Back in line without having tried; others go on where only its domain is full."""
    Letter.objects.filter(pk=letter.pk, attempt=letter.attempt, state=State.LEASED).update(
        state=State.QUEUED, lease_until=None, first_attempt=F("first_attempt") + 1, next_try_at=next_minute(at)
    )
    if limit.domain:
        spread(limit.domain, at=at)
    return bool(limit.domain)


def note(letter: Letter, answer: Answer, at: datetime) -> None:
    """Note the answer to this attempt, unless another has begun since. A doubt that was parked is cleared by a late answer."""
    with transaction.atomic():
        if answer.outcome is Outcome.NO_SUCH_ADDRESS:
            hold(letter.lead_id)
        mine = _mine(letter, State.LEASED, State.HANDED, State.UNKNOWN)
        if mine is None:
            return
        _note(mine, answer, at)
        faultpoint("letter.before_settled")


def _note(mine: Letter, answer: Answer, at: datetime) -> None:
    if answer.outcome is Outcome.TAKEN:
        settle([mine.pk], State.SENT, at=at)
    elif answer.outcome is Outcome.DOUBTFUL:
        settle([mine.pk], State.UNKNOWN, why=answer.words, at=at)
    elif answer.outcome is Outcome.LATER and _may_wait(mine):
        _put_off(mine, answer.words, at)
    else:
        settle([mine.pk], State.FAILED, why=answer.words, at=at)
    if answer.outcome is Outcome.NO_SUCH_ADDRESS:
        leave_everything(mine, Why.BOUNCED, at=at, words=answer.words)


def _may_wait(mine: Letter) -> bool:
    """Not one that was parked: what follows it in its program may have left by now, and would come before it (I13)."""
    return mine.state != State.UNKNOWN and mine.attempt - mine.first_attempt <= len(RETRY_MINUTES)


def _put_off(mine: Letter, words: str, at: datetime) -> None:
    step = RETRY_MINUTES[mine.attempt - mine.first_attempt - 1]
    wait = timedelta(minutes=step) * random.uniform(0.8, 1.2)  # noqa: S311 (spreads load)
    Letter.objects.filter(pk=mine.pk).update(
        state=State.DEFERRED, lease_until=None, handed_at=None, next_try_at=at + wait, reason=words[:300]
    )


def show_only(clock: Clock) -> int:
    """Without a mail server nothing leaves: pages show what would have been sent."""
    shown = 0
    while not clock.is_over and (handled := _show_some(clock.at)):
        shown += handled
    return shown


def _show_some(at: datetime) -> int:
    with transaction.atomic():
        due = Letter.objects.due(at).in_turn().select_related("lead", "version__email").order_by("next_try_at", "id")
        some = list(due.select_for_update(skip_locked=True, of=("self",))[:SHOWN_AT_ONCE])
        refused = refusals(some)
        by_reason: dict[str, list[int]] = defaultdict(list)
        for letter in some:
            by_reason[refused.get(letter.pk, "")].append(letter.pk)
        for why, ids in by_reason.items():
            more: dict[str, Any] = {} if why else {"handed_at": at}
            settle(
                ids,
                State.SUPPRESSED if why else State.SHOWN,
                why=str(Unwritable(why).label) if why else "",
                at=at,
                **more,
            )
    return len(some)
