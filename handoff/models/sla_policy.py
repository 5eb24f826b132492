"""What sales promises for which leads: ordered policies, the first that fits wins, the last fits all (R17; product.md §5)."""

from datetime import timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.furnishing import furnishes
from accounts.models import User
from leads.conditions import Condition, parse_conditions
from scoring.lead_fields import LIST_FIELDS, sentence_of_list

from ..schedule import Reminders
from ..targets import SameTimeNextWorkingDay, Straight, Target, Working
from .work_calendar import WorkCalendar

DEFAULT_NAME = gettext_noop("Every SQL")


class SlaPolicyQuerySet(models.QuerySet["SlaPolicy"]):
    """Policies, named by what the rows are."""

    def in_force(self) -> Self:
        """Those that count, the default last, each with its calendar."""
        return self.filter(removed_at=None).select_related("calendar").order_by("is_default", "position", "id")

    def editable(self) -> Self:
        return self.filter(removed_at=None).select_related("calendar")


class SlaPolicy(models.Model):
    """One promise: which leads, what target, which reminders. All times in minutes; null is never.

    `release_after`: so late a handoff that somebody holds goes back to everybody.
    """

    class Kind(models.TextChoices):
        STRAIGHT = "straight", _("Straight time: nights, weekends and holidays count")
        WORKING = "working", _("Working time of a calendar")
        SAME_TIME = "same_time", _("Same time on the next working day")

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False, editable=False)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.STRAIGHT)
    minutes = models.PositiveIntegerField(_("target"), null=True)
    calendar = models.ForeignKey(WorkCalendar, null=True, on_delete=models.PROTECT, related_name="policies")
    unclaimed_after = models.PositiveIntegerField(null=True)
    before_due = models.PositiveIntegerField(null=True)
    late_every = models.PositiveIntegerField(null=True)
    late_times = models.PositiveSmallIntegerField(default=0)
    release_after = models.PositiveIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = SlaPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["is_default", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="slapolicy_one_default"),
            models.UniqueConstraint(Lower("name"), condition=Q(removed_at=None), name="slapolicy_name_once"),
            models.CheckConstraint(
                name="slapolicy_default_for_all", condition=Q(is_default=False) | Q(conditions=[], removed_at=None)
            ),
            models.CheckConstraint(
                name="slapolicy_kind_known", condition=Q(kind__in=["straight", "working", "same_time"])
            ),
            models.CheckConstraint(
                name="slapolicy_target_whole",
                condition=Q(kind="straight", minutes__isnull=False, minutes__gt=0, calendar=None)
                | Q(kind="working", minutes__isnull=False, minutes__gt=0, calendar__isnull=False)
                | Q(kind="same_time", minutes=None, calendar__isnull=False),
            ),
            models.CheckConstraint(
                name="slapolicy_times_go_on",
                condition=(Q(late_every=None) | Q(late_every__gt=0)) & (Q(release_after=None) | Q(release_after__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return _t(self.name) if self.is_default else self.name

    def wanted(self) -> tuple[Condition, ...]:
        """Which leads it is for; none for the default."""
        return parse_conditions(self.conditions, LIST_FIELDS)

    def sentence(self) -> str:
        """Which leads it is for, in plain words; blank for the default."""
        return sentence_of_list(self.wanted())

    def target(self) -> Target:
        if self.kind == self.Kind.STRAIGHT or self.calendar is None:
            return Straight(timedelta(minutes=self.minutes or 0))
        working = self.calendar.working_time()
        if self.kind == self.Kind.WORKING:
            return Working(timedelta(minutes=self.minutes or 0), working)
        return SameTimeNextWorkingDay(working)

    @property
    def reminders(self) -> Reminders:
        return Reminders(
            unclaimed_after=_span(self.unclaimed_after),
            before_due=_span(self.before_due),
            late_every=_span(self.late_every),
            late_times=self.late_times,
        )

    def document(self) -> dict[str, Any]:
        """All that a change of it may change, as plain values."""
        names = ("name", "conditions", "kind", "minutes", "unclaimed_after", "before_due", "late_every", "late_times")
        return {name: getattr(self, name) for name in (*names, "release_after")} | {
            "calendar": self.calendar.name if self.calendar else "",
            "position": self.position,
        }


def _span(minutes: int | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)


class SlaChange(models.Model):
    """Who changed a policy or a calendar, when, and from what to what; `moved` running deadlines moved with it."""

    class What(models.TextChoices):
        POLICY = "policy", _("Policy")
        CALENDAR = "calendar", _("Calendar")

    what = models.CharField(max_length=8, choices=What.choices)
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(null=True)  # null: it is new
    after = models.JSONField(null=True)  # null: it is gone
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        words = _t("added") if self.before is None else _t("removed") if self.after is None else _t("changed")
        return f"{self.get_what_display()} “{self.name}”: {words}"


class DeadlineChangeQuerySet(models.QuerySet["DeadlineChange"]):
    """Moved deadlines, named by what the rows are."""

    def of_change(self, change: SlaChange, *, seen_by: User) -> Self:
        """Those that one change moved, of the handoffs that the person may see."""
        seen = apps.get_model("handoff", "Handoff").objects.visible_to(seen_by)
        return self.filter(change=change, handoff__in=seen).select_related("handoff__lead", "handoff__claimed_by")


class DeadlineChange(models.Model):
    """One running deadline that moved, as a policy or calendar changed or a clock started anew (R17): when, by whom, why, from when to when.

    `change` is None where only this clock started anew.
    """

    change = models.ForeignKey(SlaChange, null=True, on_delete=models.PROTECT, related_name="deadlines", db_index=False)
    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="deadline_changes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=200)
    old_due = models.DateTimeField()
    new_due = models.DateTimeField()

    objects = DeadlineChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "handoff"], name="deadlinechange_once"),
            models.CheckConstraint(name="deadlinechange_moves", condition=~Q(old_due=F("new_due"))),
        ]


@furnishes
def ensure_default_policy(**_signal: Any) -> None:
    """Insert the default where there is none: the first follow-up within 24 hours (R17)."""
    facts = {
        "name": DEFAULT_NAME, "position": 9_999, "minutes": 24 * 60,
        "unclaimed_after": 120, "before_due": 240, "late_every": 240, "late_times": 6,
    }  # fmt: skip
    SlaPolicy.objects.get_or_create(is_default=True, defaults=facts)
