"""Telling people by notice and by mail as each chose: several things for one person at one moment are one mail (R17).

A notice knows the mail that carries it. A mail that still waits takes in what is decided later for the same moment; once
a sender took it, another is begun. All of it is in the transaction of the cause, in a fixed number of statements; what
many people read alike is worded once.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

from . import mails, notices
from .models import Mail, MailChoice, Notice

#: A mail names so many things; the others are counted.
MOST_NAMED = 100
#: Whom a mail is for, and when it leaves.
Place = tuple[int, datetime]


def post(new: Iterable[notices.NewNotice], *, at: datetime) -> None:
    """Tell each in LeadHub, and by mail at the moment that the person's choice allows."""
    told = notices.untold(new)
    people = {one.recipient.pk: one.recipient for one in told}
    places = _places(people, at)
    carriers = _carriers({place: people[place[0]] for place in places.values()}, at)
    notices.tell_all(told, at=at, mails={person: carriers[place] for person, place in places.items()})
    _word(sorted(carriers.values()))


def _places(people: Mapping[int, User], at: datetime) -> dict[int, Place]:
    """The mail of each; who wants none, or has left the house, has none."""
    choices = MailChoice.objects.of([pk for pk, person in people.items() if person.is_active])
    moments = {pk: choice.leaves_at(people[pk].zone, at) for pk, choice in choices.items()}
    return {pk: (pk, moment) for pk, moment in moments.items() if moment}


def _carriers(readers: Mapping[Place, User], at: datetime) -> dict[Place, int]:
    """The mails that wait for them; begun where there is none, and beside one that a sender has in its hands already.

    Begun in one order before any is held, so that two who post at once never wait for each other in a circle.
    """
    keys = {_key(*place): place for place in sorted(readers)}
    begun = Mail.objects.known(list(keys))
    _begin({key: place for key, place in keys.items() if key not in begun}, readers, at)
    found = _waiting(keys)
    beside = {f"{key}:{uuid.uuid4().hex[:8]}": place for key, place in keys.items() if place not in found}
    if beside:
        _begin(beside, readers, at)
        found |= _waiting(beside)
    return found


def _begin(keys: Mapping[str, Place], readers: Mapping[Place, User], at: datetime) -> None:
    mails.begin([(key, readers[place], place[1]) for key, place in keys.items()], at=at)


def _waiting(keys: Mapping[str, Place]) -> dict[Place, int]:
    return {keys[key]: pk for key, pk in Mail.objects.untouched(list(keys)).values_list("dedupe_key", "pk")}


def _word(waiting: Sequence[int]) -> None:
    """Word each mail by all it carries, in its reader's language."""
    groups = _alike(waiting)
    carried: dict[int, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.carried_by([same[0] for same, _language in groups]):
        carried[notice.mail_id or 0].append(notice)
    worded = []
    for same, language in groups:
        with translation.override(language):
            worded.append(_words(carried[same[0]]))
    numbered = [(mail, number) for number, (same, _language) in enumerate(groups, 1) for mail in same]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*_columns(numbered), *_columns(worded)])
    _drop_empty(set(waiting) - {mail for mail, _number in numbered})


def _alike(waiting: Sequence[int]) -> list[tuple[list[int], str | None]]:
    """The mails whose readers are to read the same words, together, with their language."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, [list(waiting)])
        return cursor.fetchall()


def _columns(rows: Sequence[tuple[object, object]]) -> tuple[list[object], list[object]]:
    return [first for first, _second in rows], [second for _first, second in rows]


def _drop_empty(mails_left: Collection[int]) -> None:
    """Where another told all of it meanwhile, a mail begun for it has nothing to carry."""
    if mails_left:
        Mail.objects.filter(pk__in=mails_left, body="").delete()


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


_ALIKE = """
WITH carried AS (
    SELECT mail_id, sha256(convert_to(string_agg(text || chr(10) || url, chr(10) ORDER BY id), 'UTF8')) AS named,
           CASE WHEN count(*) = 1 THEN max(detail COLLATE "C") END AS alone
    FROM outbox_notice WHERE mail_id = ANY(%s) GROUP BY mail_id
)
SELECT array_agg(mail.id ORDER BY mail.id), reader.language
FROM carried JOIN outbox_mail AS mail ON mail.id = carried.mail_id LEFT JOIN accounts_user AS reader ON reader.id = mail.recipient_id
GROUP BY carried.named, carried.alone, reader.language ORDER BY min(mail.id)
"""
_WRITE = """
UPDATE outbox_mail AS mail SET subject = worded.subject, body = worded.body
FROM unnest(%s::bigint[], %s::int[]) AS alike (mail, number)
JOIN unnest(%s::text[], %s::text[]) WITH ORDINALITY AS worded (subject, body, number) USING (number)
WHERE mail.id = alike.mail
"""
