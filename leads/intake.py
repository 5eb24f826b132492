"""What comes in, as values: a told lead, a told activity, and what became of a batch of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Outcome = Literal["created", "updated", "unchanged", "stored", "duplicate", "refused"]


class IntakeRefused(Exception):
    """A lead or activity that cannot be taken in as told; the text is a sentence for people."""


class LeadExists(IntakeRefused):
    """Another lead has this e-mail address or external id; `lead_id` says which."""

    def __init__(self, sentence: str, lead_id: int) -> None:
        super().__init__(sentence)
        self.lead_id = lead_id


@dataclass(slots=True)
class NewLead:
    """One lead as a source tells it. Blank text and None mean "not told": they never erase what is known."""

    email: str = ""
    external_id: str = ""
    first_name: str = ""
    last_name: str = ""
    job_title: str = ""
    seniority: str = ""
    department: str = ""
    phone: str = ""
    company: str = ""
    domain: str = ""
    industry: str = ""
    business_type: str = ""
    employees: int | None = None
    revenue: str = ""
    country: str = ""
    city: str = ""
    source: str = ""
    campaign: str = ""
    created_at: datetime | None = None
    consent: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class NewActivity:
    """One deed as a source tells it. The lead is told by `lead` (its id), `email` or `lead_external_id`.

    Without `external_id` it is known by a digest of its content and `nth`, its running number among equal ones
    (0: counted within the batch). `verdict` None: found out from the user agent. `by` is the id of a user.
    """

    type: str
    occurred_at: datetime
    lead: int | None = None
    email: str = ""
    lead_external_id: str = ""
    subject: str = ""
    url: str = ""
    asset: str = ""
    campaign: str = ""
    funnel_stage: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    source_system: str = ""
    external_id: str = ""
    verdict: int | None = None
    recorded_at: datetime | None = None
    by: int | None = None
    nth: int = 0


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why one row of a batch was refused: its position in the batch and a sentence."""

    index: int
    reason: str


@dataclass
class TakenIn:
    """What became of a batch of leads. `ids` and `outcomes` follow the rows; a refused row has the id None."""

    ids: list[int | None]
    outcomes: list[Outcome]
    faults: list[RowFault] = field(default_factory=list)

    @property
    def created(self) -> int:
        return self.outcomes.count("created")

    @property
    def updated(self) -> int:
        return self.outcomes.count("updated")

    @property
    def unchanged(self) -> int:
        return self.outcomes.count("unchanged")


@dataclass
class Recorded:
    """What became of a batch of activities. `ids` and `outcomes` follow the rows; only stored ones have an id."""

    ids: list[int | None]
    outcomes: list[Outcome]
    faults: list[RowFault] = field(default_factory=list)

    @property
    def stored(self) -> int:
        return self.outcomes.count("stored")

    @property
    def duplicates(self) -> int:
        return self.outcomes.count("duplicate")
