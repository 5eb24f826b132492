"""Changing a policy, its place or a calendar: first what it would do to running deadlines, then all of it at once (R17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import act_as
from accounts.models import User

from .models import Handoff, SlaChange, SlaPolicy, WorkCalendar
from .sla import Rulebook, hold_deadlines
from .sla_clocks import Effect, carry_out


class SlaRefused(Exception):
    """A change of policies or calendars that cannot be made; the text is a sentence for people."""


class Edit(Protocol):
    """One change: what it is called, the policies as they would be, and how it is written."""

    @property
    def what(self) -> str: ...
    @property
    def name(self) -> str: ...
    def book(self) -> Rulebook: ...
    def before(self) -> dict[str, Any] | None: ...
    def after(self) -> dict[str, Any] | None: ...
    def write(self, at: datetime) -> None: ...


@dataclass(frozen=True)
class PolicyEdit:
    """A policy with its changed values, unsaved, at a place among those with conditions."""

    policy: SlaPolicy
    place: int = 0

    what = SlaChange.What.POLICY

    @property
    def name(self) -> str:
        return self.policy.name

    def book(self) -> Rulebook:
        others = [policy for policy in SlaPolicy.objects.in_force() if policy.pk != self.policy.pk]
        if self.policy.is_default:
            return Rulebook([*others, self.policy])
        others.insert(min(self.place, len(others) - 1), self.policy)
        return Rulebook(others)

    def before(self) -> dict[str, Any] | None:
        known = SlaPolicy.objects.editable().filter(pk=self.policy.pk).first()
        return known.document() if known else None

    def after(self) -> dict[str, Any] | None:
        return self.policy.document()

    def write(self, at: datetime) -> None:
        self.policy.save()
        for position, policy in enumerate(self.book().policies[:-1], start=1):
            SlaPolicy.objects.filter(pk=policy.pk).exclude(position=position).update(position=position)
            self.policy.position = position if policy.pk == self.policy.pk else self.policy.position


@dataclass(frozen=True)
class PolicyRemoval:
    """A policy that shall no longer count; what was promised by it stays on record."""

    policy: SlaPolicy

    what = SlaChange.What.POLICY

    @property
    def name(self) -> str:
        return self.policy.name

    def book(self) -> Rulebook:
        return Rulebook([policy for policy in SlaPolicy.objects.in_force() if policy.pk != self.policy.pk])

    def before(self) -> dict[str, Any] | None:
        return self.policy.document()

    def after(self) -> dict[str, Any] | None:
        return None

    def write(self, at: datetime) -> None:
        if self.policy.is_default:
            raise SlaRefused(_("The last policy is for all other leads and cannot be removed."))
        SlaPolicy.objects.filter(pk=self.policy.pk).update(removed_at=at)


@dataclass(frozen=True)
class CalendarEdit:
    """A calendar with its changed values, unsaved."""

    calendar: WorkCalendar

    what = SlaChange.What.CALENDAR

    @property
    def name(self) -> str:
        return self.calendar.name

    def book(self) -> Rulebook:
        policies = list(SlaPolicy.objects.in_force())
        for policy in policies:
            if policy.calendar_id is not None and policy.calendar_id == self.calendar.pk:
                policy.calendar = self.calendar
        return Rulebook(policies)

    def before(self) -> dict[str, Any] | None:
        known = WorkCalendar.objects.filter(pk=self.calendar.pk).first()
        return known.document() if known else None

    def after(self) -> dict[str, Any] | None:
        return self.calendar.document()

    def write(self, at: datetime) -> None:
        self.calendar.save()


@dataclass(frozen=True)
class CalendarRemoval:
    """A calendar that nobody counts by and that shall no longer be offered; no deadline moves by it."""

    calendar: WorkCalendar

    what = SlaChange.What.CALENDAR

    @property
    def name(self) -> str:
        return self.calendar.name

    def book(self) -> Rulebook:
        return Rulebook.now()

    def before(self) -> dict[str, Any] | None:
        return self.calendar.document()

    def after(self) -> dict[str, Any] | None:
        return None

    def refusal(self) -> str:
        """Which policies count by it, in a sentence; blank where none does."""
        names = [f"“{policy}”" for policy in SlaPolicy.objects.in_force().filter(calendar=self.calendar)]
        said = ngettext(
            "“%(calendar)s” cannot be removed: the policy %(policies)s counts by it.",
            "“%(calendar)s” cannot be removed: the policies %(policies)s count by it.",
            len(names),
        )
        return said % {"calendar": self.calendar, "policies": get_text_list(names, _("and"))} if names else ""

    def write(self, at: datetime) -> None:
        if refusal := self.refusal():
            raise SlaRefused(refusal)
        WorkCalendar.objects.filter(pk=self.calendar.pk).update(removed_at=at)


def latest_change() -> int:
    """The number of the newest change; who decides on an older one decides blindly."""
    return SlaChange.objects.order_by("-id").values_list("id", flat=True).first() or 0


def make(edit: Edit, *, seen: int, by: User, at: datetime) -> SlaChange:
    """Write it and move all running deadlines in one transaction. Raises `SlaRefused` when others changed something since."""
    with transaction.atomic():
        hold_deadlines(alone=True)
        act_as(f"user:{by.pk}", at)
        if seen != latest_change():
            raise SlaRefused(_("Somebody changed policies or calendars meanwhile. Look again at what this would move."))
        list(Handoff.objects.running().order_by("id").select_for_update().values_list("id"))
        before = edit.before()
        edit.write(at)
        effect = Effect.of(edit.book(), at)
        facts = {"what": edit.what, "name": edit.name, "before": before, "after": edit.after()}
        change = SlaChange.objects.create(at=at, by=by, moved=len(effect.moves), **facts)
        carry_out(effect, change)
    return change
