"""The domain signals: the only way a lower room reaches a higher one.

Each is sent inside the transaction with plain `send`, so a failing receiver rolls the change back, and carries sets.
Receivers (a test compares this list with what is connected):

- `activities_recorded`: scoring.intake.note_activities, nurture.touching.touch_active, nurture.entering.follow_activities
- `facts_changed`: scoring.intake.note_facts, nurture.touching.touch_known
- `stages_changed`: scoring.intake.follow_stages, handoff.offers.follow_stages, nurture.touching.touch_moved, nurture.stopping.follow_stages
- `owners_changed`: nurture.touching.touch_owned
- `leads_merging`: scoring.merged.share_blocks
- `leads_merged`: scoring.merged.let_go, handoff.merged.follow_merge, nurture.merged.follow_merge
- `leads_parted`: scoring.merged.take_up
"""

from django.dispatch import Signal

#: `activity_ids: list[int]` newly stored or with a changed verdict; `lead_ids: list[int]`; `verdicts_changed: bool`.
activities_recorded = Signal()
#: `lead_ids: list[int]`: created leads, or leads whose own or company facts changed.
facts_changed = Signal()
#: `moves: list[StageMove]` just written, of one moment or several; `note: str` what goes with a hand-over; `at` of the latest.
stages_changed = Signal()
#: `lead_ids: Sequence[int]`: leads that have another owner now, or none.
owners_changed = Signal()
#: `lead_ids: list[int]` that are about to be merged or parted; none of them is locked yet.
leads_merging = Signal()
#: `kept: Lead`, `gone: Lead` as they were, both locked; the row of `gone` is deleted already. `record: Record`, by which a room
#: moves its rows; those that no room has moved go to the kept lead afterwards. `at`, `by`.
leads_merged = Signal()
#: `lead_ids: list[int]`: the lead that was kept and the one that is there again, after all rows went back; `at`.
leads_parted = Signal()
