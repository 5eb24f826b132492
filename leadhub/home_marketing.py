"""The marketer's home: whom to look at today, what sales thought of the last ones, and how the scores lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _t

from accounts.models import User
from handoff.models import Handoff, Outcome
from leads.models import Lead, StageMove
from leads.permissions import sees_personal_data
from leads.stages import Stage
from reports.periods import midnight
from scoring.models import LeadScore, Pending

from .home_fading import DAYS, fading_soon
from .home_programs import programs_today

SHOWN = 8
SENT_BACK_DAYS = 28
#: Width of a bar of the score chart, in whole points.
BAR = 10
WAITING_AT_MOST = 1_000


@dataclass(frozen=True)
class SentBack:
    """One reason for a no, how often it was given lately."""

    label: str
    count: int


def context(user: User, now: datetime) -> dict[str, Any]:
    """What the marketer's home shows, in a number of queries that does not depend on how much there is."""
    today = now.astimezone(settings.WORKSPACE_ZONE).date()
    yesterday = midnight(today - timedelta(days=1), settings.WORKSPACE_ZONE)
    since = now - timedelta(days=SENT_BACK_DAYS)
    if not Lead.objects.exists():
        return {"is_empty": True}
    crossed, refused, fading = crossed_since(yesterday), sent_back_since(since), fading_soon(today)
    return {
        "today": today,
        "now": now,
        "masked": not sees_personal_data(user),
        "crossed": crossed[:SHOWN],
        "crossed_count": len(crossed),
        "fading": fading[:SHOWN],
        "fading_count": len(fading),
        "fading_days": DAYS,
        "refused": refused[:SHOWN],
        "refused_count": len(refused),
        "reasons": reasons_of(refused),
        "sent_back_days": SENT_BACK_DAYS,
        "waiting": Pending.objects.order_by()[: WAITING_AT_MOST + 1].count(),
        **programs_today(now),
    }


def crossed_since(moment: datetime) -> Sequence[StageMove]:
    """The moves of leads that became MQL since then and still are, newest first."""
    moves = StageMove.objects.filter(
        to_stage=Stage.MARKETING_QUALIFIED, at__gte=moment, lead__stage=Stage.MARKETING_QUALIFIED
    )
    return list(moves.select_related("lead__company", "lead__score").order_by("-at", "-id")[:200])


def sent_back_since(moment: datetime) -> Sequence[Handoff]:
    """The handoffs that sales did not want, latest first."""
    refused = Handoff.objects.filter(closed_at__gte=moment, outcome__in=[Outcome.SENT_BACK, Outcome.DISQUALIFIED])
    return list(refused.select_related("lead__company", "reason", "closed_by").order_by("-closed_at", "-id")[:500])


def reasons_of(refused: Sequence[Handoff]) -> list[SentBack]:
    """The reasons given, the most frequent first."""
    counts: dict[str, int] = {}
    for handoff in refused:
        label = _t(handoff.reason.label) if handoff.reason else _t("No reason")
        counts[label] = counts.get(label, 0) + 1
    return [SentBack(label, count) for label, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def score_chart() -> dict[str, Any]:
    """Leads and MQLs by score in bars of ten points, with the MQL mark in words; zero has no bar of its own."""
    held = LeadScore.objects.filter(stage__in=[Stage.LEAD, Stage.MARKETING_QUALIFIED], total__gt=0)
    bars = (
        held.annotate(bar=F("total") / (BAR * 100))
        .values("bar")
        .order_by("bar")
        .annotate(
            leads=Count("pk", filter=Q(stage=Stage.LEAD)), mqls=Count("pk", filter=Q(stage=Stage.MARKETING_QUALIFIED))
        )
    )
    found: dict[int, Any] = {row["bar"]: row for row in bars}
    numbers = range(max(found, default=0) + 1)
    return {
        "type": "stacked-bar",
        "categories": [f"{n * BAR}–{n * BAR + BAR - 1}" for n in numbers],
        "unit": "",
        "series": [
            {
                "name": str(stage.label),
                "tone": stage.value,
                "data": [found[n][key] if n in found else 0 for n in numbers],
            }
            for stage, key in ((Stage.LEAD, "leads"), (Stage.MARKETING_QUALIFIED, "mqls"))
        ],
    }
