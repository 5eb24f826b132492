"""What of the scores changed since a cursor, for other systems: nothing is lost, and a change may be told twice.

A time or a sequence number would lose changes: transactions commit in another order than they begin, so a row with a lower
number can appear after a higher one was read. Therefore each score row says in which transaction it changed (`changed_in`),
and only rows of transactions below the *horizon* are told: the oldest one of this database that still runs, for all below it
have ended. What a running one will commit has a number at or above the horizon and is told later. A long transaction thus
delays the feed; it never breaks it. It is read from the primary server: a standby does not know who runs there.

A reader first gets every lead once, in order of id, and then whatever changed since the horizon as it was at the start,
leads that were deleted among them (`GoneLead`), for 90 days.
The numbers mean something in one database server only: where the data were restored elsewhere or turned back in time, the
cursor is refused (`CursorLost`) and the reader begins anew.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from leads.models import Lead
from leads.paging import Order

from .models import LeadScore
from .models_gone import GoneLead

BY_LEAD, BY_CHANGE = Order({"lead_id": int}), Order({"changed_in": int, "lead_id": int})
_WRITTEN = re.compile(r"([0-9a-z]{1,20})-([ac])-([0-9]{1,18})-([0-9]{1,18})", re.ASCII)


class CursorFault(ValueError):
    """This is no cursor of ours; the text is a sentence for people."""


class CursorLost(ValueError):
    """The cursor is from another state of the data; begin anew without it. The text is a sentence for people."""


@dataclass(frozen=True)
class Cursor:
    """How far a reader has come. `everything`: still reading every lead once, up to `lead`; changes since `since` follow."""

    server: str
    since: int
    lead: int = 0
    everything: bool = False

    def __str__(self) -> str:
        return f"{self.server}-{'a' if self.everything else 'c'}-{self.since}-{self.lead}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The cursor that was written so; raises `CursorFault`."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise CursorFault(_("This is no cursor; send the one of the answer before, or none to begin."))
        server, kind, since, lead = found.groups()
        return cls(server, int(since), int(lead), kind == "a")


@dataclass(frozen=True)
class Changes:
    """Some score rows with their leads, and leads that are gone; the cursor for what follows; whether more is there already."""

    rows: Sequence[LeadScore | GoneLead]
    cursor: Cursor
    more: bool


def changes(after: Cursor | None, *, limit: int) -> Changes:
    """The next changes after the cursor, at most `limit`; raises `CursorLost`."""
    server, horizon, newest = _transactions()
    if after and (after.server != server or after.since > newest):
        raise CursorLost(_("The data were restored since; begin anew without a cursor."))
    if after and after.since <= GoneLead.objects.floor():
        raise CursorLost(_("Leads were deleted since that are not told any more; begin anew without a cursor."))
    after = after or Cursor(server, horizon, everything=True)
    rows = _rows(after, horizon, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    if not more:
        return Changes(rows, Cursor(server, after.since if after.everything else max(after.since, horizon)), more=False)
    last = rows[-1]
    since = after.since if after.everything else last.changed_in
    return Changes(rows, Cursor(server, since, last.lead_id, after.everything), more=True)


def _rows(after: Cursor, horizon: int, most: int) -> list[LeadScore | GoneLead]:
    # Not joined: the database might then walk all leads up to the place where a page begins.
    known = LeadScore.objects.prefetch_related(Prefetch("lead", Lead.objects.only("external_id")))
    if after.everything:
        return list(BY_LEAD.rows(known, past=[after.lead])[:most])
    found: list[LeadScore | GoneLead] = []
    for rows in (known, GoneLead.objects.told()):
        below: QuerySet[Any] = rows.filter(changed_in__lt=horizon)
        found += BY_CHANGE.rows(below, past=[after.since, after.lead])[:most]
    return sorted(found, key=lambda row: (row.changed_in, row.lead_id))[:most]


def _transactions() -> tuple[str, int, int]:
    """A mark of this server and its history, the horizon, and the number that no transaction had reached at first.

    Only transactions of this database can write here. Which of them run is asked after `newest`: whoever has a lower number
    shows it by then, until all see what it wrote (PostgreSQL's `GetNewTransactionId`, `ProcArrayEndTransaction`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, timeline_id, pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
            " pg_stat_clear_snapshot()::text FROM pg_control_system(), pg_control_checkpoint()"
        )
        system, timeline, newest, _nothing = cursor.fetchone()
        cursor.execute(_RUNNING)
        ages = [(newest - xid) % _ROUND for (xid,) in cursor.fetchall()]
    horizon = newest - max((age for age in ages if age < _ROUND // 2), default=0)  # others began since
    return hashlib.sha256(f"{system}/{timeline}".encode()).hexdigest()[:10], horizon, newest


#: The last 32 bits of the numbers of transactions that may still write into this database.
_RUNNING = """
    SELECT xid::text::bigint FROM (
        SELECT backend_xid FROM pg_stat_activity WHERE datname = current_database()
        UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
    ) AS running (xid) WHERE xid IS NOT NULL
"""
_ROUND = 1 << 32
