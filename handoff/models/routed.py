"""The routing log: each offer and re-offer, where it went and why, and what the house looked like then."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import dealing
from .handoff import Handoff
from .queue import Queue
from .rules import RoutingRule, RuleSet

if TYPE_CHECKING:
    from accounts.models import User


class Round(models.Model):
    """Handoffs dealt together at one moment, and what was known: the sellers as they stood, the counters before."""

    at = models.DateTimeField()
    rule_set = models.ForeignKey(RuleSet, null=True, on_delete=models.PROTECT, related_name="+")
    #: Seller id → [team, weight, capacity, open, state].
    house = models.JSONField(default=dict)
    #: Team id → {seller id: counter} of the teams that rules push to.
    pointers = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at", "id"], name="round_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    def sellers(self) -> list[dealing.Seller]:
        return [dealing.Seller(int(one), *facts) for one, facts in self.house.items()]

    def counters(self) -> dict[int, dict[int, int]]:
        return {int(team): {int(one): n for one, n in counts.items()} for team, counts in self.pointers.items()}


class RoutedQuerySet(models.QuerySet["Routed"]):
    """Lines of the log, named by what they are."""

    def visible_to(self, user: "User") -> Self:
        """Those of the handoffs a person may know of."""
        return self.filter(handoff__in=Handoff.objects.visible_to(user).order_by().values("pk"))

    def for_lines(self) -> Self:
        return self.select_related("handoff__lead__company", "rule", "queue", "to", "held_by")

    def by_rules(self) -> Self:
        """Those that a rule sent somewhere."""
        return self.exclude(rule=None)

    def given(self) -> Self:
        """Those given to somebody."""
        return self.filter(to__isnull=False)


class Routed(models.Model):
    """One line: this handoff went there for this reason. `held_by`: who had it before, when it is no first offer."""

    class Cause(models.TextChoices):
        OFFER = "offer", _("Offered to sales")
        LEAVE = "leave", _("Its holder is away")
        LEFT = "left", _("Its holder left")
        ABLE = "able", _("Somebody can take it now")

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="routed", db_index=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="lines")
    at = models.DateTimeField()
    cause = models.CharField(max_length=5, choices=Cause.choices)
    rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, null=True, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    how = models.CharField(max_length=8)
    #: The rep who worked with the company already, whether the rule asked or not.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    passed = models.JSONField(default=list)  # [seller id, why] in order
    turn = models.JSONField(default=list)  # [seller id, counter before, after]

    objects = RoutedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="routed_cause_known", condition=Q(cause__in=["offer", "leave", "left", "able"])
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="routed_newest"),
            models.Index(fields=["handoff", "-id"], name="routed_of_handoff"),
            models.Index(fields=["to", "at"], condition=Q(to__isnull=False), name="routed_to"),
        ]

    def __str__(self) -> str:
        return f"{self.how}"
