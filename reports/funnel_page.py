"""The funnel report as its page, charts and files show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.stages import Stage

from .figures import days
from .funnel import Cohort, Funnel, StepFigures, funnel
from .periods import Period
from .questions import NONE, FunnelQuestion

GROUPS = {"source": _("By source"), "month": _("By month of coming in")}
FIRST_COLUMN = {"source": _("Source"), "month": _("Came in"), "step": _("Step")}


@dataclass(frozen=True)
class Part:
    """One line of a table: a part of the cohort. `immature`: its youngest leads may still go further."""

    key: Any
    label: str
    cohort: Cohort
    query: str
    immature: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the funnel with the addresses of those who reached it and of those who got no further."""

    figures: StepFigures
    url: str
    stopped: int
    stopped_url: str


class FunnelPage:
    """The answer to one question as of `today`, asked of the database once."""

    def __init__(self, question: FunnelQuestion, *, today: date, zone: ZoneInfo) -> None:
        self.question, self.today, self.zone = question, today, zone

    @cached_property
    def funnel(self) -> Funnel:
        return funnel(self.question.leads(self.zone), zone=self.zone)

    @property
    def ripens_in_days(self) -> int:
        return -(-self.funnel.ripens_in // timedelta(days=1))

    @property
    def immature_from(self) -> date:
        """Leads that came on this day or later may still go further."""
        return self.today - timedelta(days=self.ripens_in_days)

    @property
    def is_immature(self) -> bool:
        return self.question.period.last > self.immature_from

    def rows_url(self, **more: object) -> str:
        return f"{reverse('report_funnel_leads')}?{self.question.query(**more)}"

    @property
    def steps(self) -> list[Step]:
        figures = self.funnel.total.steps
        after = [*figures[1:], None]
        return [
            Step(
                figures=step,
                url=self.rows_url(step=step.stage.value),
                stopped=step.count - following.count if following else 0,
                stopped_url=self.rows_url(step=step.stage.value, stopped="on"),
            )
            for step, following in zip(figures, after, strict=True)
        ]

    def table(self, name: str) -> list[Part]:
        return list(self._sources() if name == "source" else self._months())

    @property
    def tables(self) -> list[dict[str, Any]]:
        return [{"name": n, "title": GROUPS[n], "first": FIRST_COLUMN[n], "rows": self.table(n)} for n in GROUPS]

    def _sources(self) -> Iterable[Part]:
        for source, cohort in sorted(self.funnel.source.items(), key=lambda item: (-item[1].size, item[0])):
            yield Part(source, source or _t("No known source"), cohort, self.question.query(source=source or NONE))

    def _months(self) -> Iterable[Part]:
        period = self.question.period
        for first in period.months():
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            part = Period(max(first, period.first), min(last, period.last))
            query = self.question.query(period="custom", first=part.first.isoformat(), last=part.last.isoformat())
            immature = part.last > self.immature_from
            yield Part(first, date_format(first, "M Y"), self.funnel.month.get(first, Cohort()), query, immature)

    # --- Charts ---------------------------------------------------------------------------------------------------
    def chart(self) -> dict[str, Any]:
        """The funnel: a bar a step, each opening the leads that reached it."""
        return {
            "type": "funnel",
            "categories": [str(step.figures.stage.label) for step in self.steps],
            "series": [
                {
                    "name": _t("Leads"),
                    "data": [step.figures.count for step in self.steps],
                    "tones": [step.figures.stage.value for step in self.steps],
                }
            ],
            "unit": "",
            "links": [step.url for step in self.steps],
        }

    def month_chart(self) -> dict[str, Any]:
        """Share of each month's leads that became MQL and SQL; immature months are marked in the table."""
        rows = self.table("month")
        address = reverse("report_funnel_leads")
        series = [
            {
                "name": str(stage.label),
                "tone": stage.value,
                "data": [_percent(row.cohort.steps[n].of_all) for row in rows],
                "links": [f"{address}?{row.query}&step={stage.value}" for row in rows],
            }
            for n, stage in ((1, Stage.MARKETING_QUALIFIED), (2, Stage.SALES_QUALIFIED), (3, Stage.OPPORTUNITY))
        ]
        labels = [f"{row.label} *" if row.immature else row.label for row in rows]
        return {"type": "line", "categories": labels, "series": series, "unit": "%"}

    # --- Files ----------------------------------------------------------------------------------------------------
    def csv_steps(self) -> Iterable[list[Any]]:
        for step in self.funnel.total.steps:
            yield [step.stage.label, step.count, _percent(step.of_before), _percent(step.of_all), days(step.took)]

    def csv_rows(self, name: str) -> Iterable[list[Any]]:
        for row in self.table(name):
            steps = row.cohort.steps
            yield [
                row.key if name == "month" else row.label,
                *(step.count for step in steps),
                *(_percent(step.of_before) for step in steps[1:]),
                *(days(step.took) for step in steps[1:]),
                *([_t("yes") if row.immature else _t("no")] if name == "month" else []),
            ]


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
