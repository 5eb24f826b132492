"""The live panel's figures as people read them: sentences, histogram, rules at work, leads by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.face.wording import number, percent
from accounts.models import User
from leads.models import Lead
from leads.permissions import sees_personal_data

from .definition import Model
from .models import ScoringModel
from .points import whole_points
from .trying import EDGES, Mover, Tried
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
    """What `tried` says of a model to a person; it is that of the version, or with what `is_typed` and not saved yet."""

    def __init__(self, tried: Tried, model: Model, version: ScoringModel, user: User) -> None:
        self.tried, self.model, self.user = tried, model, user
        self.is_typed = model != version.model

    def is_off(self, key: str) -> bool:
        """Whether the rule is switched off, so that nothing that is typed into it counts."""
        return any(rule.off for rule in self.model.rules if rule.key == key)

    @property
    def says(self) -> str:
        """How many scores change."""
        if not self.tried.of:
            return _("There are no leads yet.")
        told = {"other": number(self.tried.other), "n": number(self.tried.leads)}
        if not self.tried.other:
            return _("None of %(n)s scores changes today.") % told
        return ngettext(
            "%(other)s lead of %(n)s gets another score today.", "%(other)s leads of %(n)s get another score today.",
            self.tried.other,
        ) % told  # fmt: skip

    @property
    def crossing(self) -> str:
        """Who enters and leaves, for those who do not see the figures."""
        return f"{self._crossing('mql', 'MQL')} {self._crossing('sql', 'SQL')}"

    def _crossing(self, stage: str, name: str) -> str:
        enter, leave = (self.tried.movers[f"{stage}_{way}"].count for way in ("in", "out"))
        said = {"stage": name, "enter": number(enter), "leave": number(leave)}
        if not enter and not leave:
            return _("Nobody enters or leaves %(stage)s.") % said
        return _("%(stage)s: %(enter)s enter, %(leave)s leave.") % said

    @property
    def moves(self) -> str:
        """What publishing would move at once, leave marks and cooling heeded."""
        words = {"mql": _("%(n)s to MQL"), "sql": _("%(n)s to SQL"), "lead": _("%(n)s back to lead")}
        parts = [words[to] % {"n": number(count)} for to, count in self.tried.moves.items() if count]
        if not parts:
            return _("Publishing it now would move no lead.")
        return _("Publishing it now would move %(moves)s.") % {"moves": ", ".join(parts)}

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
        rows = named((mover for one in self.tried.movers.values() for mover in one.first), self.user)
        return [
            MoverList(kind, titles()[kind], one.count, [rows[mover] for mover in one.first if mover in rows])
            for kind, one in self.tried.movers.items()
        ]


def titles() -> dict[str, str]:
    """What the lists are called."""
    return {"mql_in": _("Enter MQL"), "mql_out": _("Leave MQL"), "sql_in": _("Enter SQL"), "sql_out": _("Leave SQL")}


def named(movers: Iterable[Mover], user: User) -> dict[Mover, NamedMover]:
    """Those of the leads that a person may see, by the name that the person may read; one query."""
    wanted, masked = list(movers), not sees_personal_data(user)
    known = Lead.objects.visible_to(user).in_bulk([one.lead for one in wanted]) if wanted else {}
    return {
        one: NamedMover(lead, _("Lead #%(id)s") % {"id": lead.pk} if masked else lead.name, one.before, one.after)
        for one in wanted
        if (lead := known.get(one.lead))
    }


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
    if work.earned < 0:
        return text + " " + _("Caps and floors give %(points)s of them back (%(share)s).") % away
    return text + " " + _("Caps and floors take %(points)s of them away (%(share)s).") % away
