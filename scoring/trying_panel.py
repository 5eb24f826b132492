"""The live panel's figures as people read them: sentences, histogram, rules at work, leads by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.face.wording import number, percent
from accounts.models import User
from leads.models import Lead
from leads.permissions import sees_personal_data

from .models import ScoringModel
from .points import whole_points
from .trying import EDGES, KINDS, Mover, Tried
from .trying_sides import Work

#: Rules whose work is told of a draft in which many differ.
MOST_WORKS = 8


@dataclass(frozen=True)
class NamedMover:
    """A lead of a list as the person may see it, its place on the ladder, and its total (hundredths) before and after."""

    lead: Lead
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class MoverList:
    """Leads that enter or leave MQL or SQL: how many, and the first of those that the person may see."""

    kind: str
    title: str
    count: int
    rows: list[NamedMover]


class Panel:
    """What `tried` says of a version, to a person. `is_typed`: with what is not saved yet."""

    def __init__(self, tried: Tried, version: ScoringModel, user: User, *, is_typed: bool = False) -> None:
        self.tried, self.version, self.user, self.is_typed = tried, version, user, is_typed

    @property
    def says(self) -> str:
        """The whole in a sentence or two."""
        if not self.tried.of:
            return _("There are no leads yet.")
        told = {"other": number(self.tried.other), "n": number(self.tried.leads)}
        if not self.tried.other and not any(self.tried.movers[kind].count for kind in KINDS):
            return _("No score changes today, of %(n)s.") % told
        changed = ngettext(
            "%(other)s lead of %(n)s gets another score today.", "%(other)s leads of %(n)s get another score today.",
            self.tried.other,
        ) % told  # fmt: skip
        return f"{changed} {self._crossing('mql', 'MQL')} {self._crossing('sql', 'SQL')}"

    def _crossing(self, stage: str, name: str) -> str:
        enter, leave = (self.tried.movers[f"{stage}_{way}"].count for way in ("in", "out"))
        said = {"stage": name, "enter": number(enter), "leave": number(leave)}
        if not enter and not leave:
            return _("Nobody enters or leaves %(stage)s.") % said
        return _("%(stage)s: %(enter)s enter, %(leave)s leave.") % said

    @property
    def moves(self) -> str:
        """What publishing would move at once, leave marks and cooling heeded."""
        to = {stage: number(count) for stage, count in self.tried.moves.items()}
        if not any(self.tried.moves.values()):
            return _("Publishing it now would move no lead.")
        return _("Publishing it now would move %(mql)s to MQL, %(sql)s to SQL and %(lead)s back to lead.") % to

    @property
    def chart(self) -> dict[str, Any]:
        """Both distributions; empty bars at the ends are left out."""
        shown = self._shown
        names = [self._bar_name(n) for n in shown]
        series = [(_("Published"), self.tried.before, "compare"), (_("This draft"), self.tried.after, "accent")]
        return {
            "type": "histogram", "unit": "", "categories": names,
            "series": [{"name": name, "data": [bars[n] for n in shown], "tone": tone} for name, bars, tone in series],
        }  # fmt: skip

    @property
    def bars(self) -> list[tuple[str, int, int]]:
        """The same as rows of a table: totals, published, this draft."""
        return [(self._span(n), self.tried.before[n], self.tried.after[n]) for n in self._shown]

    @property
    def _shown(self) -> range:
        filled = [n for n in range(len(EDGES)) if self.tried.before[n] or self.tried.after[n]]
        return range(filled[0], filled[-1] + 1) if filled else range(0)

    @staticmethod
    def _bar_name(n: int) -> str:
        return f"{EDGES[n]}+" if n == len(EDGES) - 1 else str(EDGES[n])

    @staticmethod
    def _span(n: int) -> str:
        low, high = int(EDGES[n]), int(EDGES[n]) + 10
        if n == 0:
            return _("under %(high)s") % {"high": number(high)}
        if n == len(EDGES) - 1:
            return _("from %(low)s") % {"low": number(low)}
        return _("%(low)s to under %(high)s") % {"low": number(low), "high": number(high)}

    @property
    def works(self) -> list[tuple[str, str]]:
        """Each rule looked at, and what it does in words."""
        return [(work.title, _in_words(work)) for work in self.tried.works[:MOST_WORKS]]

    @property
    def works_left_out(self) -> int:
        return max(0, len(self.tried.works) - MOST_WORKS)

    @cached_property
    def lists(self) -> list[MoverList]:
        """Who enters and leaves, those first who have the highest score; one query for all."""
        titles = {
            "mql_in": _("Enter MQL"), "mql_out": _("Leave MQL"), "sql_in": _("Enter SQL"), "sql_out": _("Leave SQL"),
        }  # fmt: skip
        movers = {kind: self.tried.movers[kind] for kind in KINDS}
        ids = {mover.lead for one in movers.values() for mover in one.first}
        known = Lead.objects.visible_to(self.user).select_related("company").in_bulk(ids) if ids else {}
        return [
            MoverList(kind, titles[kind], one.count, list(self._named(one.first, known)))
            for kind, one in movers.items()
        ]

    def _named(self, movers: tuple[Mover, ...], known: dict[int, Lead]) -> Iterator[NamedMover]:
        masked = not sees_personal_data(self.user)
        for mover in movers:
            if lead := known.get(mover.lead):
                name = _("Lead #%(id)s") % {"id": lead.pk} if masked else lead.name
                yield NamedMover(lead, name, mover.before, mover.after)


def _in_words(work: Work) -> str:
    leads = ngettext("Fires for %(n)s lead", "Fires for %(n)s leads", work.leads) % {"n": number(work.leads)}
    if not work.leads:
        return _("Fires for no lead.")
    times = ngettext("%(n)s time", "%(n)s times", work.events) % {"n": number(work.events)}
    said = {"leads": leads, "times": times, "points": number(abs(whole_points(work.earned)))}
    if work.earned < 0:
        text = _("%(leads)s, %(times)s, and takes %(points)s points in all.") % said
    else:
        text = _("%(leads)s, %(times)s, and gives %(points)s points in all.") % said
    if not work.kept_away:
        return text + " " + _("No cap or floor takes any of them away.")
    away = {"points": number(abs(whole_points(work.kept_away))), "share": percent(work.share_kept_away)}
    return text + " " + _("Caps and floors take %(points)s of them away (%(share)s).") % away
