"""What can be done with one lead; each verb is a set of one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actor import act_as

from ..stages import Cause, Stage
from .moves import MoveRefused, StageMove

if TYPE_CHECKING:
    from accounts.models import User

    from .activity import Activity
    from .lead import Lead
    from .merge import Merge


class LeadVerbs(models.Model):
    """The verbs of a lead (architecture.md §3). Refusals are exceptions whose text is a sentence for people."""

    if TYPE_CHECKING:
        stage: Any

        @property
        def name(self) -> str: ...

    class Meta:
        abstract = True

    def record(  # noqa: PLR0913 - a deed has that many sides; all but two have a default
        self,
        type_key: str,
        *,
        at: datetime,
        recorded_at: datetime | None = None,
        by: "User | None" = None,
        subject: str = "",
        url: str = "",
        asset: str = "",
        campaign: str = "",
        funnel_stage: str = "",
        properties: Mapping[str, Any] | None = None,
        source_system: str = "leadhub",
        external_id: str | None = None,
        verdict: int | None = None,
    ) -> "Activity":
        """Store one deed that happened `at`; the stored one when this external id is known already (R2, R5, R20).

        Without `external_id` it is always a new deed. `verdict` None: a person's, unless the user agent among the
        properties is a machine's. Raises `IntakeRefused`.
        """
        from ..intake_edits import record_one  # noqa: PLC0415 - it imports the models

        return record_one(
            cast("Lead", self), type_key, at=at, recorded_at=recorded_at or at, by=by, subject=subject, url=url, asset=asset,
            campaign=campaign, funnel_stage=funnel_stage, properties=dict(properties or {}), source_system=source_system,
            external_id=external_id, verdict=verdict,
        )  # fmt: skip

    def edit(self, facts: Mapping[str, Any], *, by: "User", at: datetime) -> bool:
        """Set the named facts as a person typed them, blanks included; whether anything changed. See `leads.intake_edits`."""
        from ..intake_edits import edit  # noqa: PLC0415 - it imports the models

        return edit(cast("Lead", self), facts, by=by, at=at)

    def merge(self, gone: "Lead", *, by: "User", at: datetime, take: "Collection[str]" = ()) -> "Merge":
        """Keep this lead for two that are one person; raises `MergeRefused`. See `leads.merging`."""
        from ..merging import merge  # noqa: PLC0415 - it imports the models

        return merge(cast("Lead", self), gone, by=by, at=at, take=take)

    def move(self, *, to: Stage, at: datetime, cause: Cause = Cause.PERSON, **details: Any) -> "StageMove":
        """Move this lead, or raise `MoveRefused` with a sentence. A lead is a set of one (`LeadQuerySet.move`)."""
        moves: list[StageMove] = type(self).objects.move([self.pk], to=to, at=at, cause=cause, **details)  # type: ignore[attr-defined]
        if not moves:
            self.refresh_from_db(fields=["stage"])
            raise MoveRefused(_refusal(self, to))
        self.refresh_from_db(fields=["stage", "stage_since", "cycle", "owner"])
        return moves[0]

    def promote(self, *, reason: str, by: "User", at: datetime) -> StageMove:
        """Make the lead an MQL by hand, for a reason (product.md §4)."""
        return self._step(Stage.LEAD, Stage.MARKETING_QUALIFIED, reason=reason, by=by, at=at)

    def demote(self, *, reason: str, by: "User", at: datetime) -> StageMove:
        """Take an MQL back to lead by hand, for a reason (R8)."""
        return self._step(Stage.MARKETING_QUALIFIED, Stage.LEAD, reason=reason, by=by, at=at)

    def hand_over(self, *, note: str, by: "User", at: datetime) -> StageMove:
        """Make the lead an SQL by hand with a note for sales; opens a handoff, ownership passes (R16)."""
        note = _said(note, _("Write a note for sales: why now?"))
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            return self.move(to=Stage.SALES_QUALIFIED, at=at, by=by, reason=note, note=note)

    def revive(self, *, reason: str, by: "User", at: datetime) -> StageMove:
        """Bring back a lost lead as MQL, or a disqualified one as lead; a new cycle begins."""
        start = Stage.DISQUALIFIED if self.stage == Stage.DISQUALIFIED else Stage.LOST
        to = Stage.LEAD if start == Stage.DISQUALIFIED else Stage.MARKETING_QUALIFIED
        return self._step(start, to, reason=reason, by=by, at=at)

    def _step(self, start: Stage, to: Stage, *, reason: str, by: "User", at: datetime) -> StageMove:
        """One move by a person that may begin at `start` only, though the table may allow others."""
        reason = _said(reason, _("Give a reason."))
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            lead = type(self)._base_manager.select_for_update(no_key=True).filter(pk=self.pk)
            if lead.values_list("stage", flat=True).get() != start:  # type: ignore[misc]
                self.refresh_from_db(fields=["stage"])
                raise MoveRefused(_refusal(self, to))
            return self.move(to=to, at=at, by=by, reason=reason)


def _said(text: str, otherwise: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text:
        raise MoveRefused(otherwise)
    return text


def _refusal(lead: Any, to: Stage) -> str:
    return _("%(lead)s is %(stage)s now and cannot become %(to)s from there.") % {
        "lead": lead.name,
        "stage": Stage(lead.stage).label,
        "to": to.label,
    }
