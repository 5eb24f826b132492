"""The SLA report's charts as data: what `docs/components.md` calls the answer of a chart's address."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t

from .figures import hours
from .sla_page import Group, SlaPage


def by_week(page: SlaPage) -> dict[str, Any]:
    """SLA met in per cent, a bar a week; weeks in which nothing was decided stay empty."""
    rows = page.table("week")
    return _chart(rows, "%", [_series(_t("SLA met"), [_percent(row) for row in rows], "accent", rows, "decided")])


def by_rep(page: SlaPage) -> dict[str, Any]:
    """Hours to the first follow-up, median and 90th percentile, two bars a rep."""
    rows = [row for row in page.table("rep") if row.key is not None]
    return _chart(
        rows,
        "h",
        [
            _series(_t("Median"), [hours(row.figures.follow_up_median) for row in rows], "accent", rows, "followed_up"),
            _series(
                _t("90 % within"), [hours(row.figures.follow_up_p90) for row in rows], "neutral", rows, "followed_up"
            ),
        ],
    )


def by_hour(page: SlaPage) -> dict[str, Any]:
    """Handoffs by the hour in which they were offered: met, and not met."""
    rows = page.table("hour")
    missed = [row.figures.decided - row.figures.met for row in rows]
    chart = _chart(
        rows,
        "",
        [
            _series(_t("Met"), [row.figures.met for row in rows], "good", rows, "met"),
            _series(_t("Not met"), missed, "late", rows, "not_met"),
            _series(_t("Still running"), [row.figures.running for row in rows], "neutral", rows, "running"),
        ],
    )
    return chart | {"type": "stacked-bar"}


CHARTS = {"week": by_week, "rep": by_rep, "hour": by_hour}


def _chart(rows: list[Group], unit: str, series: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "bar", "categories": [row.label for row in rows], "series": series, "unit": unit}


def _series(name: str, data: list[Any], tone: str, rows: list[Group], only: str) -> dict[str, Any]:
    """One series whose marks open the handoffs they count."""
    address = reverse("report_sla_handoffs")
    return {"name": name, "data": data, "tone": tone, "links": [f"{address}?{row.query}&only={only}" for row in rows]}


def _percent(row: Group) -> float | None:
    share = row.figures.met_share
    return None if share is None else round(100 * share, 1)
