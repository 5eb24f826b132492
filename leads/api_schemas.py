"""What the intake API takes and answers; plain pydantic models, since ingestion is measured."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Scalar = str | int | float | bool | None


class LeadIn(BaseModel):
    """A lead as the sender knows it. Blank or absent values change nothing; `email` or `external_id` must be there."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    email: str = Field("", description="The identity; compared without case.", examples=["dewi@nusantara.example"])
    external_id: str = Field("", description="The sender's own id of the lead.")
    first_name: str = ""
    last_name: str = ""
    job_title: str = Field("", examples=["Head of operations"])
    seniority: str = ""
    department: str = ""
    phone: str = ""
    company: str = Field("", examples=["Nusantara Logistics"])
    domain: str = Field("", description="The company's domain; else the e-mail address tells it.")
    industry: str = ""
    business_type: str = ""
    employees: int | None = Field(None, ge=0, le=50_000_000)
    revenue: str = ""
    country: str = ""
    city: str = ""
    source: str = Field("", description="Where the lead came from; the first one stays, the latest is kept too.")
    campaign: str = ""
    created_at: datetime | None = Field(
        None, description="When the sender first knew the lead; without an offset in the workspace's zone."
    )
    consent: str = ""
    custom: dict[str, Scalar] = Field(
        default_factory=dict, description="Custom fields by key; unknown keys are refused."
    )


class ActivityIn(BaseModel):
    """One thing a lead did. The lead is told by `email` or `lead_external_id`."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    type: str = Field(description="The name of an activity type.", examples=["page_visit"])
    occurred_at: datetime = Field(description="When it happened; without an offset in the workspace's zone.")
    email: str = ""
    lead_external_id: str = ""
    subject: str = ""
    url: str = Field("", examples=["https://example.com/pricing"])
    asset: str = Field("", description="The piece of content; created when it is new.")
    campaign: str = ""
    funnel_stage: Literal["", "top", "middle", "bottom"] = ""
    properties: dict[str, Any] = Field(default_factory=dict)
    source_system: str = Field("", description="Where the id is unique; blank: the name of the API key.")
    external_id: str = Field("", description="Sending it twice stores it once.")
    verdict: Literal["", "person", "machine"] = Field("", description="Blank: found out from properties.user_agent.")


class LeadResult(BaseModel):
    """What became of one lead."""

    index: int
    outcome: Literal["created", "updated", "unchanged", "refused"]
    id: int | None = None
    reason: str | None = None


class LeadsOut(BaseModel):
    """What became of the leads, and of each in the order they were sent."""

    created: int
    updated: int
    unchanged: int
    refused: int
    results: list[LeadResult]


class ActivityResult(BaseModel):
    """What became of one activity."""

    index: int
    outcome: Literal["stored", "duplicate", "refused"]
    id: int | None = None
    reason: str | None = None


class ActivitiesOut(BaseModel):
    """What became of the activities, and of each in the order they were sent."""

    stored: int
    duplicates: int
    refused: int
    results: list[ActivityResult]


class Problem(BaseModel):
    """Why the whole request was refused, as a sentence."""

    detail: Annotated[str, Field(examples=["This key may not send activities."])]
