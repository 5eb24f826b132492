"""What the API answers about scores. Points are numbers, exact to the hundredth; days are calendar days of the workspace."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

Points = int | float


class LineOut(BaseModel):
    """One line of the ledger: a rule, or a floor or cap that changed a sum. The `points` of all lines sum to the score."""

    kind: Literal["rule", "group", "axis"]
    axis: Literal["fit", "engagement"]
    group: str
    key: str
    title: str
    events: int = Field(description="How many deeds the rule counted.")
    before: Points = Field(description="Before its own cap; for group and axis their sum before floor and cap.")
    after: Points
    points: Points = Field(description="What the line adds to the score.")
    uncut: Points | None = Field(
        None,
        description="Where it differs: what the rule had before its cap if nothing were cut (see `cuts` of the score).",
    )


class CutOut(BaseModel):
    """Sales sent the lead back: what it did up to and with that day counts less since then."""

    day: date
    share: int = Field(description="Per cent that are left of the points of each such deed; several cuts multiply.")


class MeetsOut(BaseModel):
    """Which definitions the score fulfils on the day, whatever the stage is."""

    mql: bool
    sql: bool


class ScoreOut(BaseModel):
    """The score of a lead on a day by a version of the rules, with every line that makes it."""

    id: int
    external_id: str | None
    day: date
    version: int
    stage: str = Field(description="At the end of the day; for a day to come, if nothing happens.")
    fit: Points
    engagement: Points
    total: Points
    label: str = Field(examples=["B1"])
    last_active: date | None
    last_intent: date | None
    meets: MeetsOut
    lines: list[LineOut]
    cuts: list[CutOut] = Field(
        [], description="The times that sales sent the lead back so that earlier deeds count less."
    )


class ChangeOut(BaseModel):
    """A lead's score as it is now."""

    id: int
    external_id: str | None
    fit: Points
    engagement: Points
    total: Points
    label: str
    stage: str
    changed: date = Field(description="The day on which the points last changed.")
    stage_since: datetime


class GoneOut(BaseModel):
    """A lead that was deleted: let go of it. The number is never given to another one."""

    id: int
    deleted_at: datetime


class ChangesOut(BaseModel):
    """Score changes and deleted leads, oldest first, and where to go on."""

    changes: list[ChangeOut | GoneOut]
    cursor: str = Field(description="Send it as `after` for what follows; keep it once these changes are stored.")
    more: bool = Field(description="Whether more is there already; else ask again later.")
