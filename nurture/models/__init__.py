"""The rows of the nurture room: lists, e-mails, programs, and what was sent."""

from .emails import Email, EmailQuerySet, EmailRefused, EmailVersion
from .enrolments import DOUBTFUL, EndReason, Enrolment, EnrolmentQuerySet, Held, StepEntry, StepEntryQuerySet
from .letters import Hit, Letter, LetterQuerySet, Optout, Quota, Suppression
from .lists import LeadList, LeadListQuerySet, ListCircle, entered_since
from .programs import Program, ProgramRefused, ProgramVersion
from .stays import KeptOut, ListChange, ListRefused, Stay, Touched

__all__ = [
    "DOUBTFUL",
    "Email",
    "EmailQuerySet",
    "EmailRefused",
    "EmailVersion",
    "EndReason",
    "Enrolment",
    "EnrolmentQuerySet",
    "Held",
    "Hit",
    "KeptOut",
    "LeadList",
    "LeadListQuerySet",
    "Letter",
    "LetterQuerySet",
    "ListChange",
    "ListCircle",
    "ListRefused",
    "Optout",
    "Program",
    "ProgramRefused",
    "ProgramVersion",
    "Quota",
    "Stay",
    "StepEntry",
    "StepEntryQuerySet",
    "Suppression",
    "Touched",
    "entered_since",
]
