"""By which framework a team qualifies, and what its gate asks before a lead is accepted (R15, R18, R21)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import act_as
from accounts.furnishing import furnishes
from accounts.models import Team, User

from ..gate import Gate, shipped_needs
from .setting_change import Facts, SettingChange

if TYPE_CHECKING:
    from .handoff import Handoff


class Framework(models.TextChoices):
    """What one qualifies by."""

    BANT = "bant", "BANT"
    MEDDIC = "meddic", "MEDDIC"


class RulesQuerySet(models.QuerySet["QualificationRules"]):
    """Rules, named by whose they are."""

    def for_team(self, team_id: int | None) -> "QualificationRules":
        """The team's own rules, or the workspace's."""
        return self._best(Q(team=team_id))

    def _best(self, team: Q) -> "QualificationRules":
        rows = self.filter(Q(team=None) | team).order_by(models.F("team").asc(nulls_last=True))
        return rows.first() or QualificationRules()

    def of(self, handoff: "Handoff") -> "QualificationRules":
        """The rules of whoever holds the handoff; the workspace's while nobody does."""
        holder = User.objects.filter(pk=handoff.claimed_by_id or 0)
        return self._best(Q(team__in=holder.values("team")))


class QualificationRules(models.Model):
    """One row for the workspace (no team) and one for each team with rules of its own.

    `needs` says of each item of either framework what the gate asks: "known" or "met"; items it leaves out are not asked.
    """

    team = models.OneToOneField(Team, null=True, on_delete=models.CASCADE, related_name="qualification_rules")
    framework = models.CharField(_("framework"), max_length=8, choices=Framework.choices, default=Framework.BANT)
    needs = models.JSONField(default=shipped_needs)
    needs_follow_up = models.BooleanField(_("a follow-up must be on record"), default=True)
    why = models.CharField(_("why we ask this"), max_length=300, blank=True, default="")
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = RulesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team"], name="qualification_rules_one", nulls_distinct=False),
            models.CheckConstraint(name="qualification_rules_framework", condition=Q(framework__in=["bant", "meddic"])),
        ]

    def __str__(self) -> str:
        return self.get_framework_display()

    @property
    def gate(self) -> Gate:
        return Gate(self.framework, self.needs, self.needs_follow_up)

    @property
    def items(self) -> tuple[str, ...]:
        return self.gate.items

    def write(self, facts: Mapping[str, Any], *, by: User, at: datetime) -> None:
        """Keep what a manager decided, and on record what was; open handoffs are held to it from now on."""
        with self._changing(by, at) as stored:
            for name, value in facts.items():
                setattr(self, name, value)
            self.changed_at, self.changed_by = at, by
            self.save()
            self._note(stored.document() if stored else None, self.document(), by, at)

    def drop(self, *, by: User, at: datetime) -> None:
        """The team follows the workspace's rules again; what it asked until now stays on record."""
        with self._changing(by, at) as stored:
            if stored:
                stored.delete()
                self._note(stored.document(), None, by, at)

    def document(self) -> dict[str, Any]:
        """All that a change of it may change, as plain values."""
        return {name: getattr(self, name) for name in ("framework", "needs", "needs_follow_up", "why")}

    @contextmanager
    def _changing(self, by: User, at: datetime) -> Iterator["QualificationRules | None"]:
        """A transaction in which `by` changes these rules, with what is stored of them."""
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            yield QualificationRules.objects.select_for_update().filter(pk=self.pk).first()

    def _note(self, before: Facts | None, after: Facts | None, by: User, at: datetime) -> None:
        name = self.team.name if self.team else ""
        SettingChange.note(SettingChange.What.RULES, name, before, after, by=by, at=at)


@furnishes
def ensure_rules_of_workspace(**_signal: Any) -> None:
    """The workspace has rules: BANT, and the gate that ships."""
    QualificationRules.objects.bulk_create([QualificationRules()], ignore_conflicts=True)
