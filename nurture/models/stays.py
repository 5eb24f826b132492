"""Who was in which list, from when to when, and why: every change of a list is one row, every stay in it another."""

import builtins
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.models import Lead

if TYPE_CHECKING:
    from accounts.models import User


class ListRefused(Exception):
    """A change that this list does not allow; the text is a sentence for people."""


class ListChange(models.Model):
    """One change of who is in a list: by hand, or because leads or the conditions changed.

    `lead_ids` says whom a change by hand was about, so that it can be undone; others count only. `why` is the sentence of
    the conditions as they were, or what a program said.
    """

    class Cause(models.TextChoices):
        HAND = "hand", _("By hand")
        LEADS = "leads", _("Leads changed")
        EDITED = "edited", _("The list was edited")
        PROGRAM = "program", _("By a program")

    list = models.ForeignKey("nurture.LeadList", on_delete=models.CASCADE, related_name="changes")
    cause = models.CharField(max_length=8, choices=Cause.choices, default=Cause.HAND)
    added = models.BooleanField(default=True)
    why = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    lead_ids = ArrayField(models.BigIntegerField(), default=builtins.list)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    @property
    def who(self) -> str:
        return self.by.name if self.by else _t("somebody who is gone")

    def why_entered(self) -> str:
        """Why leads came in by it, in plain words."""
        if self.cause == self.Cause.HAND:
            return _t("put in by %(who)s") % {"who": self.who}
        if self.cause == self.Cause.PROGRAM:
            return self.why
        if self.cause == self.Cause.EDITED:
            return _t("the list was set to: %(why)s") % {"why": self.why}
        return _t("fulfilled: %(why)s") % {"why": self.why}

    def why_left(self) -> str:
        """Why leads left by it, in plain words."""
        if self.cause == self.Cause.HAND:
            return _t("taken out by %(who)s") % {"who": self.who}
        if self.cause == self.Cause.LEADS:
            return _t("no longer fulfilled: %(why)s") % {"why": self.why}
        return self.why_entered()

    def undo(self, *, by: "User", at: datetime) -> "ListChange":
        """Do the opposite for exactly these leads, once. Raises `ListRefused` when it was undone before."""
        with transaction.atomic():
            if not ListChange.objects.filter(pk=self.pk, undone_at=None).update(undone_at=at):
                raise ListRefused(_t("This was undone already."))
            leads = _these(self.lead_ids)
            return (self.list.take_out if self.added else self.list.put_in)(leads, by=by, at=at)


def _these(ids: Iterable[int]) -> "models.QuerySet[Lead]":
    return Lead.objects.filter(pk__in=list(ids))


class StayQuerySet(models.QuerySet["Stay"]):
    """Stays, named by what the rows are."""

    def open(self) -> Self:
        """Of those who are in the list now."""
        return self.filter(left_at=None)

    def ended(self) -> Self:
        return self.exclude(left_at=None)

    def visible_to(self, user: "User") -> Self:
        """Stays of leads that the person may know of."""
        return self.filter(lead__in=Lead.objects.visible_to(user))

    def told(self) -> Self:
        """With what it takes to say who and why."""
        return self.select_related("lead__company", "came__by", "went__by")


class Stay(models.Model):
    """A lead's stay in a list: from when to when, and by which changes it came and went. Open while it is in the list.

    The truth about membership of static lists, and what conditions last chose for dynamic ones. A list holds a lead
    once at a time; who comes back has another stay. The database does not check `came` and `went` row by row: changes are
    never deleted but with their list, and a million checks would double the time of a refresh.
    """

    list = models.ForeignKey("nurture.LeadList", on_delete=models.CASCADE, related_name="stays", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="stays")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    came = models.ForeignKey(
        ListChange, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    went = models.ForeignKey(
        ListChange, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    objects = StayQuerySet.as_manager()

    class Meta:
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "lead"], condition=Q(left_at=None), name="stay_once_at_a_time"),
            models.CheckConstraint(
                name="stay_left_by_a_change", condition=Q(left_at=None, went=None) | Q(left_at__isnull=False, went__isnull=False)
            ),
            models.CheckConstraint(name="stay_left_after_entering", condition=Q(left_at=None) | Q(left_at__gte=F("entered_at"))),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["list", "-entered_at", "-id"], name="stay_by_entry"),
            models.Index(fields=["list", "-left_at", "-id"], condition=Q(left_at__isnull=False), name="stay_by_leaving"),
        ]  # fmt: skip

    @property
    def why_entered(self) -> str:
        return self.came.why_entered()

    @property
    def why_left(self) -> str:
        """In plain words; blank while it lasts."""
        return self.went.why_left() if self.went else ""


class KeptOutQuerySet(models.QuerySet["KeptOut"]):
    """Kept-out leads, named by what the rows are."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(lead__in=Lead.objects.visible_to(user))

    def told(self) -> Self:
        """With what it takes to say who and by whom."""
        return self.select_related("lead__company", "by")


class KeptOut(models.Model):
    """A lead that somebody took out of a dynamic list by hand: it stays out whatever it fulfils, until it is let in again."""

    list = models.ForeignKey("nurture.LeadList", on_delete=models.CASCADE, related_name="kept_out", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="kept_out_of")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    objects = KeptOutQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["list", "lead"], name="keptout_once")]


class Touched(models.Model):
    """A lead of which something changed, so that dynamic lists look at it again; taken like work from a queue.

    No foreign key: a lead that is gone needs no looking at.
    """

    lead_id = models.BigIntegerField()
