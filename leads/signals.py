"""The domain signals: the only way a lower room reaches a higher one.

Each is sent inside the transaction with plain `send`, so a failing receiver rolls the change back, and carries sets.
Receivers (a test compares this list with what is connected):

- `activities_recorded`: scoring.intake.note_activities
- `facts_changed`: scoring.intake.note_facts
- `stages_changed`: scoring.intake.follow_stages, handoff.offers.follow_stages
- `leads_merged`: none yet
"""

from django.dispatch import Signal

#: `activity_ids: list[int]` newly stored or with a changed verdict; `lead_ids: list[int]`; `verdicts_changed: bool`.
activities_recorded = Signal()
#: `lead_ids: list[int]`: created leads, or leads whose own or company facts changed.
facts_changed = Signal()
#: `moves: list[StageMove]` just written; `note: str` what goes with a hand-over; `at`, `by`.
stages_changed = Signal()
#: `kept: int`, `gone: list[int]` lead ids.
leads_merged = Signal()
