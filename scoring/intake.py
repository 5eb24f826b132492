"""Receivers of the domain signals: note in the same transaction what has to be counted, and ring the doorbell after it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from leads.models import StageMove
from outbox.doorbell import ring_after_commit

from . import board
from .days import workspace_day
from .snapshots import freeze
from .tasks import drain


def note_activities(
    *, activity_ids: Sequence[int], lead_ids: Sequence[int], verdicts_changed: bool, **_signal: Any
) -> None:
    """New activities wait to be appended to their leads' vectors; where a verdict changed the vector is made anew."""
    with connection.cursor() as cursor:
        if verdicts_changed:
            cursor.execute(
                "INSERT INTO scoring_pending (lead_id, rebuild) SELECT DISTINCT unnest(%s::bigint[]), true",
                [list(lead_ids)],
            )
        else:
            cursor.execute(
                "INSERT INTO scoring_pending (lead_id, activity_id, rebuild)"
                " SELECT lead_id, id, false FROM leads_activity WHERE id = ANY(%s)",
                [list(activity_ids)],
            )
    ring_after_commit(drain)


def note_facts(*, lead_ids: Sequence[int], **_signal: Any) -> None:
    """The facts of these leads, or of their company, are new: their fit waits to be matched."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_pending (lead_id, rebuild) SELECT DISTINCT unnest(%s::bigint[]), false",
            [list(lead_ids)],
        )
    ring_after_commit(drain)


def follow_stages(*, moves: Sequence[StageMove], at: datetime, **_signal: Any) -> None:
    """Copy the stages to the score rows and freeze the ledger of each move."""
    leads = [move.lead_id for move in moves]
    if board.follow_stage(leads) < len(leads):
        board.ensure_rows(leads, workspace_day(at))
    freeze(moves)
