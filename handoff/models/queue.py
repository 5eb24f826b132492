"""Queues: where handoffs wait to be claimed, and by whom (product.md §5)."""

from typing import Any, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.furnishing import furnishes
from accounts.models import Role, Team, User, or_taken


class QueueQuerySet(models.QuerySet["Queue"]):
    """Queues, named by whom they are for."""

    def in_use(self) -> Self:
        return self.filter(archived_at=None)

    def claimable_by(self, user: User) -> Self:
        """Those a person may claim from: everybody's, and the own team's. Who has no team claims from everybody's only,
        unless they manage all teams."""
        if user.team_id is None and user.holds(Role.SALES_MANAGER):
            return self
        teams = Queue.teams.through.objects.filter(queue=OuterRef("pk"))
        own = Q(Exists(teams.filter(team=user.team_id))) if user.team_id is not None else Q(pk=None)
        return self.filter(Q(is_default=True) | Q(~Exists(teams)) | own)

    def teams_by_queue(self) -> dict[int, set[int]]:
        """The teams of each queue that is not everybody's."""
        found: dict[int, set[int]] = {}
        rows = Queue.teams.through.objects.filter(queue__in=self.filter(is_default=False))
        for queue, team in rows.values_list("queue_id", "team_id"):
            found.setdefault(queue, set()).add(team)
        return found

    def default(self) -> "Queue":
        return self.get(is_default=True)


class Queue(models.Model):
    """A place where handoffs wait. Teams that may claim from it; no team: everybody. One is the default and stays."""

    name = models.CharField(_("name"), max_length=80)
    teams = models.ManyToManyField(
        Team,
        verbose_name=_("teams that may claim from it"),
        blank=True,
        related_name="queues",
        help_text=_("No team: everybody in sales may."),
    )
    is_default = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    objects = QueueQuerySet.as_manager()

    class Meta:
        ordering = [models.F("is_default").desc(), Lower("name"), "id"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="queue_one_default"),
            models.UniqueConstraint(Lower("name"), condition=Q(archived_at=None), name="queue_name_once"),
            models.CheckConstraint(name="queue_name_known", condition=~Q(name="")),
            models.CheckConstraint(name="queue_default_stays", condition=Q(is_default=False) | Q(archived_at=None)),
        ]

    def __str__(self) -> str:
        return _t("Sales queue") if self.is_default and self.name == DEFAULT else self.name

    @transaction.atomic
    def write(self, *, name: str, teams: list[Team]) -> None:
        """Save it with its teams; the default one is everybody's. Raises `Taken`."""
        self.name = name
        with or_taken(_t("A queue has this name already.")):
            self.save()
        self.teams.set([] if self.is_default else teams)


#: The name the default queue begins with; until it is renamed it is shown in the reader's language.
DEFAULT = "Sales queue"


@furnishes
def ensure_default_queue(**_signal: Any) -> None:
    """The default queue exists, whatever happened to the tables."""
    Queue.objects.bulk_create([Queue(name=DEFAULT, is_default=True)], ignore_conflicts=True)
