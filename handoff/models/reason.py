"""Why sales said no, or why a customer came or went: editable reasons (product.md §5, R22, R31)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.furnishing import furnishes
from accounts.models import User
from leads.models import StageMove
from scoring import cutting

from ..reasons import BUILTIN
from .setting_change import SettingChange

#: What people may change of a reason, in the order in which it is asked for.
EDITABLE = (
    *("label", "sends_back", "disqualifies", "wins", "loses"),
    *("asks_for_date", "asks_for_text", "attempts", "rest_days", "engagement", "position", "is_active"),
)


class Engagement(models.TextChoices):
    """What becomes of the points for what a lead did, when it is sent back (product.md §4)."""

    KEEP = "keep", _("Stays as it is")
    HALVE = "halve", _("Counts half")
    RESET = "reset", _("Counts no more")

    @property
    def share(self) -> int | None:
        """The per cent that are left; None where nothing is cut."""
        return {Engagement.HALVE: cutting.HALF, Engagement.RESET: cutting.NOTHING}.get(self)


class ReasonQuerySet(models.QuerySet["Reason"]):
    """Reasons, named by what they are for."""

    def next_position(self) -> int:
        """Where a new reason goes: to the end."""
        return min(999, (self.aggregate(last=Max("position"))["last"] or 0) + 1)

    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def for_sending_back(self) -> Self:
        return self.in_use().filter(sends_back=True)

    def for_disqualifying(self) -> Self:
        return self.in_use().filter(disqualifies=True)

    def for_winning(self) -> Self:
        return self.in_use().filter(wins=True)

    def for_losing(self) -> Self:
        return self.in_use().filter(loses=True)


class Reason(models.Model):
    """One reason people choose. `attempts`: how many follow-ups must be on record before it may be given."""

    key = models.SlugField(max_length=40, unique=True, editable=False)
    label = models.CharField(_("reason"), max_length=120)
    sends_back = models.BooleanField(_("sends a lead back to marketing"), default=False)
    disqualifies = models.BooleanField(_("disqualifies a lead"), default=False)
    wins = models.BooleanField(_("why customers came"), default=False)
    loses = models.BooleanField(_("why opportunities went"), default=False)
    asks_for_date = models.BooleanField(_("asks for a date to come back"), default=False)
    asks_for_text = models.BooleanField(_("asks for words"), default=False)
    attempts = models.PositiveSmallIntegerField(_("follow-ups needed first"), default=0)
    rest_days = models.PositiveSmallIntegerField(_("days of rest where no date is given"), default=30)
    engagement = models.CharField(
        _("what the lead did until then"), max_length=5, choices=Engagement.choices, default=Engagement.KEEP
    )
    is_builtin = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="reason_label_known", condition=~Q(label="")),
            models.CheckConstraint(
                name="reason_has_use",
                condition=Q(sends_back=True) | Q(disqualifies=True) | Q(wins=True) | Q(loses=True),
            ),
        ]

    def __str__(self) -> str:
        return _t(self.label) if self.is_builtin else self.label

    @property
    def cuts(self) -> bool:
        """Whether what a lead did counts less once it is sent back for this reason."""
        return self.engagement != Engagement.KEEP

    def cut(self, move: StageMove, *, at: datetime) -> None:
        """Let less of what the lead did count from its sending back on, where this reason says so; call after the move."""
        share = Engagement(self.engagement).share
        if share is not None:
            cutting.cut(move, share=share, at=at)

    @transaction.atomic
    def write(self, facts: Mapping[str, Any], *, by: User | None, at: datetime) -> None:
        """Keep what a person decided about this reason, and on record what was; a reworded one no longer follows the translation."""
        stored = Reason.objects.select_for_update().filter(pk=self.pk).first()
        if stored is None:
            self.key = f"own_{uuid.uuid4().hex[:12]}"
        elif facts.get("label", stored.label) != stored.label:
            self.is_builtin = False
        for name, value in facts.items():
            setattr(self, name, value)
        self.save()
        before = stored.document() if stored else None
        SettingChange.note(SettingChange.What.REASON, self.label, before, self.document(), by=by, at=at)

    def document(self) -> dict[str, Any]:
        """All that people may change of it, as plain values."""
        return {name: getattr(self, name) for name in EDITABLE}


@furnishes
def ensure_builtin_reasons(**_signal: Any) -> None:
    """Insert the reasons that are missing; what people changed of the others stays."""
    Reason.objects.bulk_create(
        [
            Reason(
                key=key,
                label=label,
                sends_back="b" in use,
                disqualifies="d" in use,
                wins="w" in use,
                loses="l" in use,
                asks_for_date="D" in use,
                asks_for_text="T" in use,
                attempts=attempts,
                is_builtin=True,
                position=position,
            )
            for position, (key, label, use, attempts) in enumerate(BUILTIN, start=1)
        ],
        ignore_conflicts=True,
    )
