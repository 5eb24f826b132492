"""Telling people by notice and by mail as each chose: several things for one person at one moment are one mail (R17).

A notice knows the mail that carries it. A mail that still waits takes in what is decided later for the same moment; once
a sender took it, another is begun. All of it is in the transaction of the cause, in a fixed number of statements.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import mails, notices
from .models import Mail, MailChoice, Notice

#: A mail names so many things; the others are counted.
MOST_NAMED = 100
Moments = dict[tuple[int, datetime], list[Notice]]


def post(new: Iterable[notices.NewNotice], *, at: datetime) -> None:
    """Tell each in LeadHub, and by mail at the moment that the person's choice allows."""
    told = list(new)
    notices.tell_all(told, at=at)
    keys = [f"{one.key}:{one.recipient.pk}" for one in told]
    decided = list(Notice.objects.decided(keys, at=at))
    if leaving := _by_moment(decided, at):
        _carry(leaving, at)


def _by_moment(decided: Iterable[Notice], at: datetime) -> Moments:
    choices = MailChoice.objects.of({notice.recipient_id for notice in decided})
    leaving: Moments = defaultdict(list)
    for notice in decided:
        person = notice.recipient
        moment = choices[person.pk].leaves_at(person.zone, at) if person.is_active else None
        if moment:
            leaving[person.pk, moment].append(notice)
    return leaving


def _carry(leaving: Moments, at: datetime) -> None:
    """Put the notices into the waiting mails of their moments, beginning those that are not there."""
    keys = {_key(person, moment): (person, moment) for person, moment in sorted(leaving)}
    mails.begin([(key, leaving[place][0].recipient, place[1]) for key, place in keys.items()], at=at)
    waiting = {mail.dedupe_key: mail for mail in Mail.objects.untouched(list(keys))}
    late = [(f"{key}:{uuid.uuid4().hex[:8]}", place) for key, place in keys.items() if key not in waiting]
    if late:  # a sender has the mail of this moment in its hands already
        mails.begin([(key, leaving[place][0].recipient, place[1]) for key, place in late], at=at)
        keys |= dict(late)
        waiting |= {mail.dedupe_key: mail for mail in Mail.objects.untouched([key for key, _place in late])}
    pairs = [(notice.pk, mail.pk) for key, mail in waiting.items() for notice in leaving[keys[key]]]
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [[notice for notice, _mail in pairs], [mail for _notice, mail in pairs]])
    _write(list(waiting.values()))


def _write(waiting: Sequence[Mail]) -> None:
    """Word each mail by all it carries, in its reader's language."""
    carried: dict[int, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.carried_by(waiting):
        carried[notice.mail_id or 0].append(notice)
    for mail in waiting:
        with translation.override(mail.recipient.language if mail.recipient else None):
            mail.subject, mail.body = _words(carried[mail.pk])
    Mail.objects.bulk_update(waiting, ["subject", "body"], batch_size=500)


def _words(carried: Sequence[Notice]) -> tuple[str, str]:
    first = carried[0]
    if len(carried) == 1:
        return notices.shortened(first.text, mails.SUBJECT_LENGTH), first.detail or _line(first)
    count = ngettext("%(n)d thing for you in LeadHub", "%(n)d things for you in LeadHub", len(carried))
    named, more = [_line(notice) for notice in carried[:MOST_NAMED]], len(carried) - MOST_NAMED
    if more > 0:
        named.append(ngettext("… and %(n)d more in LeadHub", "… and %(n)d more in LeadHub", more) % {"n": more})
    subject = f"{count % {'n': len(carried)}}: {first.text}"
    return notices.shortened(subject, mails.SUBJECT_LENGTH), "\n\n".join(named) + "\n\n" + _choice_line()


def _line(notice: Notice) -> str:
    return f"{notice.text}\n{settings.BASE_URL}{notice.url}"


def _choice_line() -> str:
    return _("How and when LeadHub writes to you is your choice: %(address)s") % {
        "address": f"{settings.BASE_URL}/profile/"
    }


def _key(person: int, moment: datetime) -> str:
    return f"notices:{person}:{moment.timestamp():.6f}"


_LINK = """
UPDATE outbox_notice AS n SET mail_id = v.mail
FROM unnest(%s::bigint[], %s::bigint[]) AS v (notice, mail) WHERE n.id = v.notice
"""
