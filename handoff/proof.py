"""The proof of reminding: for each moment that fell due, whether it was recorded, shown and mailed, and what is missing (I1 to I3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from accounts.models import User
from outbox.models import Mail, Notice
from outbox.pages import NewestFirst

from .models import Handoff, Reminder

DAYS = (1, 7, 30, 90)
#: A sweep goes round every half minute; what waits longer than this was missed.
GRACE = timedelta(minutes=2)


@dataclass(frozen=True)
class Line:
    """One reminder and what became of it."""

    reminder: Reminder
    notices: Sequence[Notice]

    @property
    def delay(self) -> timedelta:
        return self.reminder.sent_at - self.reminder.due_at

    @property
    def read(self) -> int:
        return sum(notice.read_at is not None for notice in self.notices)

    @property
    def mails(self) -> list[Mail]:
        """The mails that carry it, each once; people who want no mail have none."""
        return list({notice.mail.pk: notice.mail for notice in self.notices if notice.mail}.values())

    @property
    def mail_groups(self) -> list[list[Mail]]:
        """The mails of one state and number of attempts together."""
        groups: dict[tuple[str, int], list[Mail]] = defaultdict(list)
        for mail in self.mails:
            groups[mail.state, mail.attempt].append(mail)
        return list(groups.values())

    @property
    def without_mail(self) -> int:
        return sum(notice.mail is None for notice in self.notices)


@dataclass(frozen=True)
class Totals:
    """How many moments fell due in the period and what became of them; due = recorded + unrecorded."""

    recorded: int
    unrecorded: int
    swallowed: int
    unshown: int
    waiting: int
    failed: int
    done: int

    @property
    def due(self) -> int:
        return self.recorded + self.unrecorded

    @property
    def adds_up(self) -> bool:
        """Whether every moment that fell due is through: told to its end, or passed over for a later one."""
        return self.due == self.done + self.swallowed


@dataclass(frozen=True)
class Proof:
    """One page of the proof: what was asked for, the totals of the period, and the rows."""

    days: int
    missing: str
    totals: Totals
    page: NewestFirst
    lines: Sequence[Line]
    unrecorded: Sequence[Handoff]

    @property
    def address(self) -> str:
        """The address of the period, to which the wanted kind is added."""
        return f"?days={self.days}&missing="

    @classmethod
    def of(cls, user: User, asked: Mapping[str, str], *, now: datetime) -> "Proof":
        """Junk in the address means the last week and everything."""
        days = int(asked.get("days", "")) if asked.get("days", "") in map(str, DAYS) else 7
        missing = asked.get("missing", "") if asked.get("missing", "") in FILTERS else ""
        seen = Handoff.objects.visible_to(user)
        rows = Reminder.objects.of(seen).due_between(now - timedelta(days=days), now)
        late = seen.to_remind(now - GRACE)
        page = NewestFirst.of(FILTERS[missing](rows), asked)
        shown = list(late[:100]) if missing == "unrecorded" else []
        return cls(days, missing, _totals(rows, late.count()), page, _lines(page.rows), shown)


def _totals(rows: Any, unrecorded: int) -> Totals:
    conditions = rows.conditions()
    counted = rows.order_by().aggregate(
        recorded=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    return Totals(unrecorded=unrecorded, **counted)


def _lines(reminders: Sequence[Reminder]) -> list[Line]:
    told: dict[str, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.about([reminder.key for reminder in reminders]):
        told[notice.about].append(notice)
    return [Line(reminder, told[reminder.key]) for reminder in reminders]


def _only(name: str) -> Any:
    return lambda rows: rows.filter(rows.conditions()[name])


FILTERS: dict[str, Any] = {
    "": lambda rows: rows,
    "unrecorded": lambda rows: rows.none(),
    **{name: _only(name) for name in ("swallowed", "unshown", "waiting", "failed", "done")},
}
