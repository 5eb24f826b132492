"""The rows of the nurture room: lists, e-mails, programs, and what was sent."""

from .emails import Email, EmailVersion
from .letters import Hit, Letter, Optout, Quota, Suppression
from .lists import LeadList, LeadListQuerySet, ListChange, ListRefused, Membership
from .programs import Enrolment, Program, ProgramVersion, StepEntry

__all__ = [
    "Email",
    "EmailVersion",
    "Enrolment",
    "Hit",
    "LeadList",
    "LeadListQuerySet",
    "Letter",
    "ListChange",
    "ListRefused",
    "Membership",
    "Optout",
    "Program",
    "ProgramVersion",
    "Quota",
    "StepEntry",
    "Suppression",
]
