"""The rows of the nurture room: lists, e-mails, programs, and what was sent."""

from .emails import Email, EmailVersion
from .letters import Hit, Letter, Optout, Quota, Suppression
from .lists import LeadList, LeadListQuerySet, entered_since
from .programs import Enrolment, Program, ProgramVersion, StepEntry
from .stays import KeptOut, ListChange, ListRefused, Stay, Touched

__all__ = [
    "Email",
    "EmailVersion",
    "Enrolment",
    "Hit",
    "KeptOut",
    "LeadList",
    "LeadListQuerySet",
    "Letter",
    "ListChange",
    "ListRefused",
    "Optout",
    "Program",
    "ProgramVersion",
    "Quota",
    "Stay",
    "StepEntry",
    "Suppression",
    "Touched",
    "entered_since",
]
