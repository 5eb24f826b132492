"""What carried the leads that sales did not want: rejects by reason, source, content and rule (R22, R27)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from handoff.models import Handoff, Outcome
from leads.stages import Cause
from scoring.models import ScoringModel, Snapshot
from scoring.without import carried_by, needed

#: The most handoffs of a period that are read; the page says when there were more.
MOST = 3_000
#: Lines of one table; all of them are shown when asked for.
LINES = 12
KINDS = ("reason", "source", "content", "rule")


@dataclass(frozen=True)
class Case:
    """One decided handoff, and what is counted of it: keys per kind, with their titles; the rules it needed."""

    pk: int
    was_rejected: bool
    keys: Mapping[str, Mapping[str, str]]
    needed: frozenset[str]

    def has(self, chosen: Mapping[str, str]) -> bool:
        """Whether it belongs to every chosen line; “needed:rule” asks for those that would not have come without it."""
        return all(
            value.removeprefix("needed:") in (self.needed if value.startswith("needed:") else self.keys[kind])
            for kind, value in chosen.items()
        )


@dataclass(frozen=True)
class Line:
    """One line of a table: how many of the decided leads with it sales rejected, and how many of those needed it."""

    key: str
    title: str
    rejected: int
    decided: int
    needed: int


@dataclass(frozen=True)
class Feedback:
    """The decided handoffs of a period. Every number is the size of a set of cases, and so of the list it opens."""

    since: datetime
    chosen: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> list[Handoff]:
        decided = Handoff.objects.filter(closed_at__gte=self.since).exclude(outcome=Outcome.WITHDRAWN)
        return list(decided.select_related("lead", "reason", "move").order_by("-closed_at", "-id")[: MOST + 1])

    @property
    def is_cut(self) -> bool:
        return len(self._rows) > MOST

    @cached_property
    def cases(self) -> list[Case]:
        """All of the period, in three queries."""
        rows = self._rows[:MOST]
        snapshots = {one.move_id: one for one in Snapshot.objects.filter(move__in=[row.move_id for row in rows])}
        models = {
            one.pk: one for one in ScoringModel.objects.filter(pk__in={one.model_id for one in snapshots.values()})
        }
        return [_case(row, snapshots.get(row.move_id), models) for row in rows]

    @cached_property
    def rejected(self) -> list[int]:
        """The rejected handoffs that belong to every chosen line."""
        return [case.pk for case in self.cases if case.was_rejected and case.has(self.chosen)]

    def table(self, kind: str, most: int | None = LINES) -> list[Line]:
        """The lines of one kind within what is chosen otherwise, the most rejected first."""
        others = {name: value for name, value in self.chosen.items() if name != kind}
        cases = [case for case in self.cases if case.has(others)]
        rejected = [case for case in cases if case.was_rejected]
        decided, refused = _counted(cases, kind), _counted(rejected, kind)
        needed_by = Counter(key for case in rejected for key in case.needed)
        titles = {key: title for case in cases for key, title in case.keys[kind].items()}
        lines = [Line(key, titles[key], n, decided[key], needed_by[key]) for key, n in refused.items()]
        return sorted(lines, key=lambda line: (-line.rejected, line.title))[:most]


def _counted(cases: Iterable[Case], kind: str) -> Counter[str]:
    return Counter(key for case in cases for key in case.keys[kind])


def _case(handoff: Handoff, snapshot: Snapshot | None, models: Mapping[int, ScoringModel]) -> Case:
    ledger: dict[str, Any] = snapshot.ledger if snapshot else {}
    by_rules = snapshot is not None and handoff.move.cause in (Cause.SCORE, Cause.INTENT)
    return Case(
        pk=handoff.pk,
        was_rejected=handoff.outcome in (Outcome.SENT_BACK, Outcome.DISQUALIFIED),
        keys={
            "reason": {handoff.reason.key: str(handoff.reason)} if handoff.reason else {},
            "source": {handoff.lead.source or "-": handoff.lead.source or _("unknown")},
            "content": {subject: subject for subject in _subjects(handoff.brief)},
            "rule": carried_by(ledger),
        },
        needed=frozenset(needed(ledger, models[snapshot.model_id].model) if by_rules and snapshot else ()),
    )


def _subjects(brief: Mapping[str, Any]) -> Iterator[str]:
    """What the lead had read or visited, as its brief froze it; sales' own calls are no content."""
    for deed in brief.get("deeds", []):
        if deed.get("subject") and deed.get("category") != "sales":
            yield deed["subject"]
