"""A lead as sales found it, by BANT or MEDDIC (R18, R19, R21): answers, evidence, and who changed what when."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from accounts.actor import act_as
from accounts.models import User

from ..gate import ITEMS
from ..refusals import already_closed
from .qualification_change import QualificationChange, written
from .qualification_parts import FIELDS, Answer, Bant, Meddic, Verified, fields_of


class Qualification(Bant, Meddic):
    """The items of one handoff; a draft until the handoff is decided, read only afterwards.

    The columns hold how it stands; `changes` hold how it came to stand so. Which items count is the team's framework.
    """

    Answer, Verified = Answer, Verified

    handoff = models.OneToOneField(
        "handoff.Handoff", primary_key=True, on_delete=models.CASCADE, related_name="qualification"
    )
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            *(
                models.CheckConstraint(
                    name=f"qualification_{item}_known", condition=Q(**{f"{item}__in": Answer.values})
                )
                for item in ITEMS
            ),
            models.CheckConstraint(
                name="qualification_budget_positive", condition=Q(budget_amount=None) | Q(budget_amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(f"{item}: {answer}" for item, answer in self.answers.items() if answer != Answer.UNKNOWN)

    @property
    def answers(self) -> dict[str, str]:
        return {item: getattr(self, item) for item in ITEMS}

    def known_of(self, items: Iterable[str]) -> int:
        """How many of these items are known."""
        return sum(getattr(self, item) != Answer.UNKNOWN for item in items)

    def buys_in_coming_quarter(self, today: date) -> bool | None:
        """Whether the lead plans to buy by the end of the next calendar quarter (R19); None where no date is known."""
        if self.timeline_on is None:
            return None
        return self.timeline_on < end_of_coming_quarter(today)

    def save_draft(
        self, answers: Mapping[str, Any], *, by: User, at: datetime, seen: Mapping[str, Any] | None = None
    ) -> tuple[str, ...]:
        """Keep what is known so far: any subset of `FIELDS`; returns those not written, for another changed them meanwhile.

        `seen` holds what the writer saw of a field before changing it; a field that stands otherwise now is left alone.
        Raises `AlreadyClosed` once the handoff is decided.
        """
        if unknown := set(answers) - set(FIELDS):
            raise ValueError(f"No such items: {sorted(unknown)}")
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            self._lock(at)
            contested = tuple(field for field, value in answers.items() if self._is_contested(field, value, seen or {}))
            self._write({field: value for field, value in answers.items() if field not in contested}, by=by, at=at)
        return contested

    def take_answers_of_lead(self, answers: Mapping[str, Any], *, at: datetime) -> None:
        """What the lead answered by form (R18): fills what is unknown; what sales found out stays, the lead's word beside it."""
        with transaction.atomic():
            self._lock(at)
            items = [item for item in ITEMS if item in answers]
            mine = {item for item in items if getattr(self, item) == Answer.UNKNOWN}
            told = {field: answers[field] for item in items for field in fields_of(item) if field in answers}
            taken = {f: v for f, v in told.items() if any(f in fields_of(item) for item in mine)}
            taken |= {f"{item}_verified": Verified.FORM for item in mine if answers[item] != Answer.UNKNOWN}
            self._write(taken, by=None, at=at)
            QualificationChange.objects.note(
                self, {f: v for f, v in told.items() if f not in taken}, by=None, at=at, applied=False
            )

    def _lock(self, at: datetime) -> None:
        """Hold the open handoff, and see the answers as they stand."""
        handoffs = type(self.handoff).objects
        if not handoffs.filter(pk=self.handoff_id).open().select_for_update().exists():
            raise already_closed(handoffs.with_people().get(pk=self.handoff_id), at)
        self.refresh_from_db()

    def _is_contested(self, field: str, value: Any, seen: Mapping[str, Any]) -> bool:
        """Whether somebody changed the field since it was seen, to something else than what is written now."""
        if field not in seen:
            return False
        stands, said = written(getattr(self, field)), written(value)
        goes_on = field.endswith("_evidence") and bool(stands) and said.startswith(stands)
        return stands not in (written(seen[field]), said) and not goes_on

    def _write(self, answers: Mapping[str, Any], *, by: User | None, at: datetime) -> None:
        changed = {field: value for field, value in answers.items() if written(getattr(self, field)) != written(value)}
        if not changed:
            return
        how = {item: changed.get(f"{item}_verified", getattr(self, f"{item}_verified")) for item in ITEMS}
        QualificationChange.objects.note(self, changed, by=by, at=at, how=how)
        for field, value in changed.items():
            setattr(self, field, value)
        self.updated_at, self.updated_by = at, by
        self.save(update_fields=[*changed, "updated_at", "updated_by"])


def end_of_coming_quarter(today: date) -> date:
    """The first day after the calendar quarter that follows today's."""
    quarters = today.year * 4 + (today.month - 1) // 3 + 2
    return date(quarters // 4, quarters % 4 * 3 + 1, 1)
