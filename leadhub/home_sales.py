"""The sales manager's home: late now, this week against last, who carries how much, what sales sent back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _t

from accounts.models import User
from handoff.models import Handoff
from reports.figures import change_in_points, change_of_span, percent_words, span_words
from reports.periods import Period
from reports.questions import SlaQuestion
from reports.sla import SlaFigures, sla_report

from .home_marketing import SENT_BACK_DAYS, SHOWN, reasons_of

ZONE = settings.WORKSPACE_ZONE
TREND_WEEKS = 12


@dataclass(frozen=True)
class Load:
    """What one rep holds: open handoffs, and how many of them are late and untouched."""

    name: str
    open: int
    late: int
    running: int


def context(user: User, now: datetime) -> dict[str, Any]:
    """What the manager's home shows, in a number of queries that does not depend on how much there is."""
    mine = Handoff.objects.visible_to(user)
    if not mine.exists():
        return {"is_empty": True}
    weeks = _weeks(now.astimezone(ZONE).date())
    trend = sla_report(SlaQuestion(user, weeks).handoffs(ZONE), now=now, zone=ZONE, by=("week",)).week
    refused, loads = _refused(user, now), _loads(user, now)
    return {
        "now": now,
        "cards": [*_cards(trend, weeks, sum(load.late for load in loads)), _accepted_card(user, now)],
        "late": list(mine.overdue(now).for_rows().oldest_first()[:SHOWN]),
        "loads": loads,
        "most_open": max((load.open for load in loads), default=0),
        "refused_count": len(refused),
        "reasons": reasons_of(refused),
        "sent_back_days": SENT_BACK_DAYS,
        "trend_url": f"{reverse('report_sla_chart', args=['week'])}?{SlaQuestion(user, weeks).query()}",
        "trend": [(monday, trend.get(monday, SlaFigures())) for monday in weeks.weeks()],
    }


def _weeks(today: date) -> Period:
    """Twelve weeks from a Monday to today."""
    return Period(today - timedelta(days=today.weekday() + 7 * (TREND_WEEKS - 1)), today)


def _figures(user: User, period: Period, now: datetime) -> SlaFigures:
    return sla_report(SlaQuestion(user, period).handoffs(ZONE), now=now, zone=ZONE, by=()).total


def _cards(trend: Mapping[date, SlaFigures], weeks: Period, late: int) -> list[dict[str, Any]]:
    last, monday = weeks.weeks()[-2:]
    this, before = trend.get(monday, SlaFigures()), trend.get(last, SlaFigures())
    rows, against = reverse("report_sla_handoffs"), {"against": _t("last week")}
    this_week = f"{rows}?period=custom&first={monday}&last={weeks.last}"
    return [
        {
            "label": _t("Late now"),
            "value": str(late),
            "n": None,
            "alarm": late > 0,
            "href": f"{rows}?period=364&only=overdue",
            "note": _t("past the deadline, nothing logged") if late else _t("nobody waits too long"),
            "definition": _t("Open handoffs past the deadline of the first follow-up without any logged contact."),
        },
        {
            "label": _t("SLA met this week"),
            "value": percent_words(this.met_share),
            **change_in_points(this.met_share, before.met_share),
            **against,
            "n": this.decided,
            "href": f"{this_week}&only=decided",
            "definition": _t(
                "Of the handoffs offered since Monday whose deadline was met or has passed: followed up in time."
            ),
        },
        {
            "label": _t("Median first follow-up"),
            "value": span_words(this.follow_up_median),
            **change_of_span(this.follow_up_median, before.follow_up_median),
            **against,
            "n": this.followed_up,
            "href": f"{this_week}&only=followed_up",
            "definition": _t("From offer to first logged contact, of those offered since Monday and followed up."),
        },
    ]


def _accepted_card(user: User, now: datetime) -> dict[str, Any]:
    """What sales made of the handoffs of four weeks: a week is too short for decisions."""
    period = Period.last_days(SENT_BACK_DAYS, now.astimezone(ZONE).date())
    this, before = _figures(user, period, now), _figures(user, period.previous, now)
    return {
        "label": _t("Accepted share"),
        "value": percent_words(this.accepted_share),
        **change_in_points(this.accepted_share, before.accepted_share),
        "against": _t("four weeks before"),
        "n": this.closed,
        "href": f"{reverse('report_sla_handoffs')}?period=28&only=accepted",
        "definition": _t("Of the handoffs offered in the last four weeks that sales has decided: accepted."),
    }


def _refused(user: User, now: datetime) -> Sequence[Handoff]:
    since = now - timedelta(days=SENT_BACK_DAYS)
    rows = Handoff.objects.visible_to(user).filter(closed_at__gte=since, outcome__in=["sent_back", "disqualified"])
    return list(rows.select_related("reason")[:500])


def _loads(user: User, now: datetime) -> list[Load]:
    """The open handoffs by who holds them; what nobody holds comes last."""
    rows = Handoff.objects.visible_to(user).open().order_by().values("claimed_by__name")
    untouched = Q(first_follow_up_at=None)
    counted = rows.annotate(
        open=Count("pk"), late=Count("pk", filter=untouched & Q(due_at__lt=now)), running=Count("pk", filter=untouched)
    ).order_by("claimed_by__name")
    return [
        Load(row["claimed_by__name"] or _t("Nobody yet"), row["open"], row["late"], row["running"]) for row in counted
    ]
