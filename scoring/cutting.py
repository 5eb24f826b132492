"""The verb that cuts what a lead did until sales sent it back (product.md §4)."""

from datetime import datetime

from leads.models import StageMove
from leads.moving import tell_now

from .days import workspace_day
from .intake import note_facts
from .models_cut import Cut

#: What is left of what the lead did, in per cent.
HALF, NOTHING = 50, 0


def cut(move: StageMove, *, share: int, at: datetime) -> None:
    """Of what its lead did until now `share` per cent count from now on; once for each move.

    Call in the transaction of the move, after it: its own snapshot says what carried the lead until then.
    """
    tell_now(move)
    row = Cut(move=move, lead_id=move.lead_id, at=at, day=workspace_day(at), share=share)
    Cut.objects.bulk_create([row], ignore_conflicts=True)
    note_facts(lead_ids=[move.lead_id])
