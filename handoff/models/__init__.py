"""The models of the handoff room."""

from .follow_up import FollowUp
from .handoff import Handoff, Outcome
from .opportunity import Ending, Opportunity
from .qualification import Qualification
from .reason import Reason
from .reminder import Reminder

__all__ = ["Ending", "FollowUp", "Handoff", "Opportunity", "Outcome", "Qualification", "Reason", "Reminder"]
