"""The models of the handoff room."""

from .feedback import CameBack, Reply
from .follow_up import FollowUp
from .handoff import Handoff, Outcome
from .holding import Ended, Holding
from .opportunity import Ending, Opportunity
from .qualification import Qualification
from .qualification_change import QualificationChange
from .qualification_rules import QualificationRules
from .question_form import QuestionForm
from .queue import Queue
from .reason import Reason
from .reminder import Reminder
from .routed import Round, Routed
from .rules import Pointer, RoutingRule, RuleSet
from .seats import Absence, Seat
from .setting_change import SettingChange
from .sla_policy import DeadlineChange, SlaChange, SlaPolicy
from .work_calendar import WorkCalendar

__all__ = [
    "Absence",
    "CameBack",
    "DeadlineChange",
    "Ended",
    "Ending",
    "FollowUp",
    "Handoff",
    "Holding",
    "Opportunity",
    "Outcome",
    "Pointer",
    "Qualification",
    "QualificationChange",
    "QualificationRules",
    "QuestionForm",
    "Queue",
    "Reason",
    "Reminder",
    "Reply",
    "Round",
    "Routed",
    "RoutingRule",
    "RuleSet",
    "Seat",
    "SettingChange",
    "SlaChange",
    "SlaPolicy",
    "WorkCalendar",
]
