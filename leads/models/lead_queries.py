"""Sets of leads: named by what the rows are, and the verbs that act on sets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Cast

from ..moving import tell
from ..stages import MOVES, SALES_STAGES, Cause, Stage, entered_from
from .moves import StageMove

if TYPE_CHECKING:
    from accounts.models import User

    from ..intake import NewLead, TakenIn
    from .lead import Lead

#: The facts on which fit is judged (R1); the last six may be the lead's own or its company's.
FIT_FACTS = (
    "job_title",
    "seniority",
    "department",
    "industry",
    "business_type",
    "employees",
    "revenue",
    "country",
    "city",
)


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads, named by what the rows are."""

    def visible_to(self, user: "User") -> Self:
        """The leads a person may know of (quality.md §4): a rep's own and the unassigned SQLs, everybody else all."""
        from ..permissions import sees_every_lead, sees_own_leads  # noqa: PLC0415 - it imports the models

        if sees_every_lead(user):
            return self
        if sees_own_leads(user):
            return self.filter(Q(owner=user) | Q(stage=Stage.SALES_QUALIFIED, owner=None))
        return self.none()

    def at(self, *stages: str) -> Self:
        return self.filter(stage__in=stages)

    def with_completeness(self) -> Self:
        """With `completeness`: how much of the nine facts of fit is known, 0 to 100 (R6)."""
        return self.annotate(completeness=completeness())

    def search(self, text: str) -> Self:
        """Leads whose name, e-mail, id or company holds every word; words of one or two characters must begin one."""
        return self.filter(searched(text))

    def take_in(self, rows: "Sequence[NewLead]", *, at: datetime, actor: str) -> "TakenIn":
        """Create or update leads by e-mail, else by external id, as one set (`leads.intake_leads`)."""
        from ..intake_leads import take_in  # noqa: PLC0415 - it imports the models

        return take_in(rows, at=at, actor=actor)

    def create_one(self, facts: "Mapping[str, Any]", *, by: "User", at: datetime) -> "Lead":
        """A new lead from a form's facts; raises `LeadExists` when its e-mail or id is known, `IntakeRefused` otherwise."""
        from ..intake_edits import create_one  # noqa: PLC0415 - it imports the models

        return create_one(facts, by=by, at=at)

    def only_this(self, lead: "Lead") -> Self:
        """A set of one."""
        return self.filter(pk=lead.pk)

    def but(self, lead: "Lead") -> Self:
        return self.exclude(pk=lead.pk)

    def with_people(self) -> Self:
        """With the company and the owner, for rows that show both."""
        return self.select_related("company", "owner")

    def move(  # noqa: PLR0913 - a move has that many sides; most have a default
        self,
        ids: Iterable[int],
        *,
        to: Stage,
        at: datetime,
        cause: Cause,
        reason: str = "",
        by: "User | None" = None,
        owner: "User | None" = None,
        marks: "dict[int, dict[str, Any]] | None" = None,
        note: str = "",
    ) -> "list[StageMove]":
        """Move the leads whose stage allows it; the only writer of `stage`. Returns the history rows written.

        Leads whose stage does not allow the move are left alone, so a repeated call does nothing (R16, product.md §4).
        `marks` gives each lead's score at the moment (fit, engagement, total in hundredths, model version), or its reason.
        `owner` owns the lead in a stage of sales; other stages have no owner. Sends `stages_changed` in the transaction.
        """
        with transaction.atomic(savepoint=False):
            rows = list(
                self.model._base_manager.select_for_update()
                .filter(id__in=list(ids), stage__in=entered_from(to))
                .order_by("id")
                .values_list("id", "stage", "cycle")
            )
            if cause in (Cause.SCORE, Cause.INTENT):
                rows = [row for row in rows if MOVES[Stage(row[1]), to].automatic]
            moves = [
                StageMove(
                    lead_id=pk, from_stage=stage, to_stage=to, at=at, cause=cause, by=by,
                    cycle=cycle + MOVES[Stage(stage), to].cycle, **{"reason": reason[:500]} | (marks or {}).get(pk, {}),
                )
                for pk, stage, cycle in rows
            ]  # fmt: skip
            keep_owner = to in SALES_STAGES and to != Stage.SALES_QUALIFIED and owner is None
            for fresh in (False, True):
                group = [m.lead_id for m in moves if MOVES[Stage(m.from_stage), to].cycle is fresh]
                if group:
                    self.model._base_manager.filter(id__in=group).update(
                        stage=to, stage_since=at, cycle=F("cycle") + int(fresh), updated_at=at,
                        owner=F("owner") if keep_owner else owner,
                    )  # fmt: skip
            StageMove.objects.bulk_create(moves, batch_size=5_000)
            tell(moves, note=note)
        return moves


def searched(text: str) -> Q:
    """The test of `LeadQuerySet.search`."""
    found = Q()
    for word in text.replace("\x00", " ").lower().split()[:8]:
        short = Q(search__startswith=word) | Q(search__contains=f" {word}")
        found &= short if len(word) <= 2 else Q(search__contains=word)
    return found


def completeness() -> Cast:
    """How much of the nine facts of fit is known, 0 to 100, as an expression on leads (R6)."""
    known = sum((_known(name) for name in FIT_FACTS), Value(0))
    return Cast(known * 100.0 / len(FIT_FACTS), models.IntegerField())


def _known(name: str) -> Case:
    """1 where the lead or its company knows the fact, else 0."""
    if name == "employees":
        known = Q(employees__isnull=False) | Q(company__employees__isnull=False)
    elif name in FIT_FACTS[:3]:
        known = ~Q(**{name: ""})
    else:
        known = ~Q(**{name: ""}) | (Q(company__isnull=False) & ~Q(**{f"company__{name}": ""}))
    return Case(When(known, then=Value(1)), default=Value(0))
