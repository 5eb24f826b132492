"""What scoring does when two leads become one, or two again: derived rows go, and are derived anew from the deeds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from leads.models import Lead
from outbox.doorbell import ring_after_commit

from . import blocks, board
from .days import workspace_day
from .lock import SCORING
from .models import EventVector, LeadScore
from .tasks import drain


def share_blocks(*, lead_ids: Sequence[int], **_signal: Any) -> None:
    """Receiver of `leads_merging`: nobody goes over these leads' blocks meanwhile; taken before leads, as by everybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SCORING])
    blocks.share(lead_ids)


def let_go(*, kept: Lead, gone: Lead, **_signal: Any) -> None:
    """Receiver of `leads_merged`: no score and no vector of who is gone; the kept lead's are made anew.

    What waits to be counted for the lead that is gone stays where it is: whoever takes it looks whose the deed is now
    (`sweep.drain_batch`). Touching it here would wait for those who hold it, and they for these leads.
    """
    for model in (EventVector, LeadScore):
        model._base_manager.filter(lead=gone.pk)._raw_delete(using="default")
    board.follow_stage([kept.pk])
    _count_anew([kept.pk])


def take_up(*, lead_ids: Sequence[int], at: datetime, **_signal: Any) -> None:
    """Receiver of `leads_parted`: both have a score again, to be counted from the start."""
    board.ensure_rows(lead_ids, workspace_day(at))
    board.follow_stage(lead_ids)
    _count_anew(lead_ids)


def _count_anew(lead_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_pending (lead_id, rebuild) SELECT unnest(%s::bigint[]), true", [list(lead_ids)]
        )
    ring_after_commit(drain)
