"""Receivers of the domain signals: leads of which something changed are noted, so that dynamic lists look at them again."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from leads.models import StageMove

_NOTE = """INSERT INTO nurture_touched (lead_id) SELECT DISTINCT unnest(%s::bigint[])
    WHERE EXISTS (SELECT FROM nurture_leadlist WHERE kind = 'dynamic' AND archived_at IS NULL)"""


def touch_active(*, lead_ids: Sequence[int], **_signal: Any) -> None:
    """These leads did something, or a machine's deed was found to be a person's."""
    _touch(lead_ids)


def touch_known(*, lead_ids: Sequence[int], **_signal: Any) -> None:
    """Facts of these leads, or of their companies, are new."""
    _touch(lead_ids)


def touch_moved(*, moves: Sequence[StageMove], **_signal: Any) -> None:
    """These leads are at another stage; who scores them moves them, so their points may be new as well."""
    _touch(move.lead_id for move in moves)


def touch_owned(*, lead_ids: Sequence[int], **_signal: Any) -> None:
    """These leads have another owner."""
    _touch(lead_ids)


def _touch(lead_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [list(lead_ids)])
