"""The models of the handoff room."""

from .follow_up import FollowUp
from .handoff import Handoff, Outcome
from .holding import Ended, Holding
from .opportunity import Ending, Opportunity
from .qualification import Qualification
from .reason import Reason
from .reminder import Reminder

__all__ = [
    "Ended",
    "Ending",
    "FollowUp",
    "Handoff",
    "Holding",
    "Opportunity",
    "Outcome",
    "Qualification",
    "Reason",
    "Reminder",
]
