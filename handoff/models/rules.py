"""Routing rules in versions: a draft beside the live ones, and those that were (product.md §5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from leads.conditions import Condition, parse_conditions

from ..dealing import LEAST, PULL, PUSH, TURNS, Way
from ..refusals import RoutingRefused
from ..routing_fields import ROUTING_FIELDS
from .queue import Queue

#: More rules than this nobody reads in order.
MOST_RULES = 60


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    """Versions of the rules."""

    def live(self) -> "RuleSet | None":
        """The rules in force; None before any were published: then everything goes to the default queue."""
        return self.filter(status=RuleSet.Status.LIVE).first()

    def draft(self) -> "RuleSet | None":
        return self.filter(status=RuleSet.Status.DRAFT).first()

    def published(self) -> Self:
        """All that ever counted, the newest first."""
        return self.exclude(status=RuleSet.Status.DRAFT).order_by("-published_at", "-id")

    @transaction.atomic
    def begin_draft(self, *, by: User, at: datetime) -> "RuleSet":
        """The draft there is, or a new one that copies the live rules."""
        live = self.select_for_update().filter(status=RuleSet.Status.LIVE).first()
        if draft := self.draft():
            return draft
        draft = self.create(status=RuleSet.Status.DRAFT, created_by=by, created_at=at)
        copies = [rule.copy_to(draft) for rule in live.rules.all()] if live else []
        RoutingRule.objects.bulk_create(copies)
        return draft


class RuleSet(models.Model):
    """One version of all rules. At most one is live, at most one a draft; what once counted never changes again."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LIVE = "live", _("Live")
        PAST = "past", _("Past")

    status = models.CharField(max_length=5, choices=Status.choices, default=Status.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["status"], condition=Q(status="live"), name="ruleset_one_live"),
            models.UniqueConstraint(fields=["status"], condition=Q(status="draft"), name="ruleset_one_draft"),
            models.CheckConstraint(
                name="ruleset_published_has_moment", condition=Q(status="draft") | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def ways(self) -> list[Way]:
        """The rules in order, as dealing needs them."""
        return [rule.way() for rule in self.rules.all()]

    @transaction.atomic
    def publish(self, *, by: User, at: datetime) -> None:
        """From now on these count, and the ones before stay on record. Raises `RoutingRefused` when it is no draft any more."""
        mine = RuleSet.objects.select_for_update().filter(pk=self.pk, status=self.Status.DRAFT)
        if not mine.exists():
            raise RoutingRefused(_t("This draft was published or thrown away a moment ago."))
        RuleSet.objects.filter(status=self.Status.LIVE).update(status=self.Status.PAST, retired_at=at)
        mine.update(status=self.Status.LIVE, published_by=by, published_at=at)
        self.refresh_from_db()

    def discard(self) -> None:
        """Throw the draft away; what counted before is not touched."""
        RuleSet.objects.filter(pk=self.pk, status=self.Status.DRAFT).delete()

    def next_position(self) -> int:
        return (self.rules.aggregate(last=models.Max("position"))["last"] or 0) + 1


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    """Rules, named by what they are for."""

    def of_draft(self) -> Self:
        """Those that can be edited."""
        return self.filter(rule_set__status=RuleSet.Status.DRAFT)

    def of_now(self) -> Self:
        """Those that count or may count soon."""
        return self.exclude(rule_set__status=RuleSet.Status.PAST)

    def giving(self) -> Self:
        """Those in force that give leads to somebody at once."""
        return self.filter(rule_set__status=RuleSet.Status.LIVE, mode=PUSH)


class RoutingRule(models.Model):
    """One rule: when all conditions hold, the lead goes to a queue (pull) or to one of a team (push)."""

    class Mode(models.TextChoices):
        PULL = PULL, _("waits in a queue until somebody claims it")
        PUSH = PUSH, _("is given to somebody of a team at once")

    class Method(models.TextChoices):
        TURNS = TURNS, _("by turns, in proportion to their weights")
        LEAST = LEAST, _("whoever carries least for their weight")

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules", db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=120)
    conditions = models.JSONField(default=list, blank=True)
    mode = models.CharField(_("the lead"), max_length=4, choices=Mode.choices, default=Mode.PULL)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    method = models.CharField(_("who gets it"), max_length=5, choices=Method.choices, default=Method.TURNS)
    queue = models.ForeignKey(
        Queue, verbose_name=_("queue"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    prefers_owner = models.BooleanField(_("who works with the company already gets it"), default=True)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "position"], name="routingrule_one_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="routingrule_mode_known", condition=Q(mode__in=[PULL, PUSH])),
            models.CheckConstraint(name="routingrule_method_known", condition=Q(method__in=[TURNS, LEAST])),
            models.CheckConstraint(name="routingrule_pull_has_no_team", condition=Q(mode=PUSH) | Q(team=None)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_push(self) -> bool:
        return self.mode == self.Mode.PUSH

    def wanted(self) -> tuple[Condition, ...]:
        return parse_conditions(self.conditions, ROUTING_FIELDS)

    def way(self) -> Way:
        return Way(
            self.pk, self.wanted(), self.mode, self.team_id, self.queue_id, self.method, self.prefers_owner
        )  # fmt: skip

    def copy_to(self, draft: RuleSet) -> "RoutingRule":
        """The same rule for another version; not saved."""
        facts = ("position", "name", "conditions", "mode", "team_id", "method", "queue_id", "prefers_owner")
        return RoutingRule(rule_set=draft, **{name: getattr(self, name) for name in facts})

    @transaction.atomic
    def write(self, facts: dict[str, Any]) -> None:
        """Save a rule of the draft. Raises `RoutingRefused` when the draft is gone or full."""
        self._on_draft()
        if self._state.adding:
            if self.rule_set.rules.count() >= MOST_RULES:
                raise RoutingRefused(_t("There are %(n)d rules; more nobody reads in order.") % {"n": MOST_RULES})
            self.position = self.rule_set.next_position()
        for name, value in facts.items():
            setattr(self, name, value)
        self.save()

    @transaction.atomic
    def shift(self, by: int) -> None:
        """Move it so many places down (negative: up) within its draft."""
        self._on_draft()
        rules = list(self.rule_set.rules.all())
        old = rules.index(self)
        rules.insert(min(max(old + by, 0), len(rules) - 1), rules.pop(old))
        _number(rules)

    @transaction.atomic
    def put_before(self, other: int | None) -> None:
        """Ahead of that rule of its draft; to the end where none is named, or it is gone."""
        self._on_draft()
        rules = [rule for rule in self.rule_set.rules.all() if rule.pk != self.pk]
        place = next((place for place, rule in enumerate(rules) if rule.pk == other), len(rules))
        _number([*rules[:place], self, *rules[place:]])

    @transaction.atomic
    def remove(self) -> None:
        """Take it out of the draft."""
        self._on_draft()
        draft = self.rule_set
        self.delete()
        _number(list(draft.rules.all()))

    def _on_draft(self) -> None:
        """Lock the draft; everybody who edits it waits for one another."""
        if not RuleSet.objects.select_for_update().filter(pk=self.rule_set_id, status=RuleSet.Status.DRAFT).exists():
            raise RoutingRefused(_t("This draft was published or thrown away a moment ago."))


def _number(rules: Sequence[RoutingRule]) -> None:
    """Places from 1 on, in this order; the constraint looks at the end of the transaction."""
    for position, rule in enumerate(rules, start=1):
        rule.position = position
    RoutingRule.objects.bulk_update(rules, ["position"])


class Pointer(models.Model):
    """Whose turn it is in a team: a counter per seller. Locked while handoffs are dealt, so that no turn is taken twice."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="+")
    counters = models.JSONField(default=dict)
    turns = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.turns}"

    @classmethod
    def locked(cls, teams: set[int]) -> dict[int, "Pointer"]:
        """The pointers of these teams, made where missing, locked in the order of their teams."""
        if not teams:
            return {}
        Pointer.objects.bulk_create([Pointer(team_id=team) for team in sorted(teams)], ignore_conflicts=True)
        rows = Pointer.objects.filter(team__in=teams).order_by("team_id").select_for_update()
        return {pointer.team_id: pointer for pointer in rows}

    def known(self) -> dict[int, int]:
        return {int(one): count for one, count in self.counters.items()}

    def point(self, counters: dict[int, int]) -> None:
        self.counters, self.turns = {str(one): count for one, count in counters.items()}, F("turns") + 1
