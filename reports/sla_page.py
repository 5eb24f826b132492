"""The SLA report as its page, charts and files show it: the question, its answer, and the address behind each figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User

from .figures import change_in_points, change_of_span, percent_words, span_words
from .questions import NONE, SlaQuestion, week_of
from .sla import SlaFigures, SlaReport, sla_report

#: How the report may be cut, with the heading of each table.
GROUPS = {"week": _("By week"), "rep": _("By rep"), "source": _("By source"), "hour": _("By hour of arrival")}
FIRST_COLUMN = {"rep": _("Rep"), "week": _("Week of"), "source": _("Source"), "hour": _("Offered at")}


@dataclass(frozen=True)
class Group:
    """One line of a table: its name, its figures, and the parameters that ask for its handoffs."""

    key: Any
    label: str
    figures: SlaFigures
    query: str


class SlaPage:
    """The answer to one question as of `now`, asked of the database once."""

    def __init__(self, question: SlaQuestion, *, now: datetime, zone: ZoneInfo, reps: Iterable[User] = ()) -> None:
        self.question, self.now, self.zone = question, now, zone
        self.names = {rep.pk: rep.name for rep in reps}

    @cached_property
    def report(self) -> SlaReport:
        return sla_report(self.question.handoffs(self.zone), now=self.now, zone=self.zone)

    @cached_property
    def before(self) -> SlaFigures:
        """The same figures of the period before."""
        return sla_report(self.question.previous.handoffs(self.zone), now=self.now, zone=self.zone, by=()).total

    def rows_url(self, **more: object) -> str:
        """The address of the handoffs behind a figure."""
        return f"{reverse('report_sla_handoffs')}?{self.question.query(**more)}"

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The figures at the top, each with its definition, n, change and rows."""
        now, then = self.report.total, self.before
        return [
            {
                "label": _t("SLA met"),
                "value": percent_words(now.met_share),
                **change_in_points(now.met_share, then.met_share),
                "n": now.decided,
                "href": self.rows_url(only="decided"),
                "definition": _t(
                    "Of the handoffs whose deadline was met or has passed, the share whose first call, meeting or e-mail"
                    " was logged by the deadline. Those still running are not counted."
                ),
            },
            {
                "label": _t("Median time to first follow-up"),
                "value": span_words(now.follow_up_median),
                **change_of_span(now.follow_up_median, then.follow_up_median),
                "n": now.followed_up,
                "href": self.rows_url(only="followed_up"),
                "note": _t("90 %% within %(span)s") % {"span": span_words(now.follow_up_p90)}
                if now.follow_up_p90
                else "",
                "definition": _t(
                    "From the offer to the first logged contact, night and weekend included; of those followed up."
                ),
            },
            {
                "label": _t("Median time to claim"),
                "value": span_words(now.claim_median),
                **change_of_span(now.claim_median, then.claim_median),
                "n": now.claimed,
                "href": self.rows_url(only="claimed"),
                "note": self._claim_note(now),
                "definition": _t(
                    "From the offer to the claim that holds now; of those that their holder has claimed."
                    " What rules or a manager gave to somebody was not claimed and is left out."
                ),
            },
            {
                "label": _t("Overdue and untouched"),
                "value": str(now.overdue),
                "alarm": now.overdue > 0,
                "n": now.offered,
                "href": self.rows_url(only="overdue"),
                "note": _t("%(count)d more still running") % {"count": now.running} if now.running else "",
                "definition": _t("Open right now, past the deadline, without any logged contact."),
            },
        ]

    @staticmethod
    def _claim_note(now: SlaFigures) -> str:
        """“90 % within 3 h; 12 more were given, not claimed”"""
        within = _t("90 %% within %(span)s") % {"span": span_words(now.claim_p90)} if now.claim_p90 else ""
        given = ngettext("%(n)d was given, not claimed", "%(n)d were given, not claimed", now.given)
        return "; ".join(filter(None, (within, given % {"n": now.given} if now.given else "")))

    def table(self, name: str) -> list[Group]:
        """The lines of one table, in the order people look for them."""
        lines: dict[str, Any] = {"rep": self._reps, "week": self._weeks, "source": self._sources, "hour": self._hours}
        return list(lines[name]())

    @property
    def tables(self) -> list[dict[str, Any]]:
        shown = [name for name in GROUPS if name != "rep" or self.names]
        return [{"name": n, "title": GROUPS[n], "first": FIRST_COLUMN[n], "rows": self.table(n)} for n in shown]

    def _reps(self) -> Iterable[Group]:
        found = [
            Group(
                pk,
                self.names.get(pk, _t("Nobody yet")) if pk else _t("Nobody yet"),
                figures,
                self.question.query(rep=pk or NONE),
            )
            for pk, figures in self.report.rep.items()
        ]
        return sorted(found, key=lambda group: (group.key is None, group.label))

    def _weeks(self) -> Iterable[Group]:
        for monday in self.question.period.weeks():
            part = week_of(self.question.period, monday)
            query = self.question.query(period="custom", first=part.first.isoformat(), last=part.last.isoformat())
            yield Group(monday, week_words(monday), self.report.week.get(monday, SlaFigures()), query)

    def _sources(self) -> Iterable[Group]:
        for source, figures in sorted(self.report.source.items(), key=lambda item: -item[1].offered):
            yield Group(source, source or _t("No known source"), figures, self.question.query(source=source or NONE))

    def _hours(self) -> Iterable[Group]:
        for hour, figures in sorted(self.report.hour.items()):
            yield Group(hour, f"{int(hour):02d}:00", figures, self.question.query(hour=hour))


def week_words(monday: date) -> str:
    """ "16 Nov", as charts and tables name a week."""
    return date_format(monday, "j M")
