"""The brief: what sales sees of a lead at the moment of the offer, frozen (product.md §5). Built for whole sets at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from leads.models import Lead, StageMove
from scoring.models import LeadScore, Snapshot

#: How many of the latest deeds a brief holds.
DEEDS = 8


def briefs_of(moves: Sequence[StageMove], *, at: datetime) -> dict[int, dict[str, Any]]:
    """A brief for each move, by lead: score and ledger as frozen with the move, latest deeds, consent.

    Four queries whatever the set. Scoring freezes its ledgers first: its receiver stands before ours.
    """
    ids = [move.lead_id for move in moves]
    deeds, consents = latest_deeds(ids, at), dict(Lead.objects.filter(id__in=ids).values_list("id", "consent"))
    scores = {score.lead_id: score for score in LeadScore.objects.filter(lead__in=ids)}
    ledgers = dict(Snapshot.objects.filter(move__in=[move.pk for move in moves]).values_list("move__lead_id", "ledger"))
    return {
        move.lead_id: {
            "score": _score(move, scores.get(move.lead_id)),
            "ledger": _lines(ledgers.get(move.lead_id)),
            "deeds": deeds.get(move.lead_id, []),
            "consent": consents.get(move.lead_id, ""),
        }
        for move in moves
    }


def _lines(ledger: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The lines that gave or took something: title, deeds counted, points; caps say whose they are."""
    wanted = ("kind", "axis", "title", "events", "points")
    return [{name: line.get(name) for name in wanted} for line in (ledger or {}).get("lines", []) if line.get("points")]


def latest_deeds(ids: list[int], at: datetime) -> dict[int, list[dict[str, Any]]]:
    """The latest deeds of people (not machines) per lead, newest first, as plain values."""
    with connection.cursor() as cursor:
        cursor.execute(DEEDS_OF, [ids, at, DEEDS])
        rows = cursor.fetchall()
    deeds: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for lead_id, key, label, category, intent, subject, path, occurred_at in rows:
        deeds[lead_id].append(
            {
                "type": key,
                "label": label,
                "category": category,
                "intent": intent,
                "subject": subject[:120],
                "path": path[:120],
                "at": occurred_at.isoformat(),
            }
        )
    return deeds


def _score(move: StageMove, score: LeadScore | None) -> dict[str, Any]:
    values = score or move
    return {
        "fit": values.fit,
        "engagement": values.engagement,
        "total": values.total,
        "label": score.label if score else "",
    }


DEEDS_OF = """
SELECT ids.lead_id, t.key, t.label, t.category, t.shows_intent, a.subject, a.path, a.occurred_at
FROM unnest(%s::bigint[]) AS ids(lead_id)
CROSS JOIN LATERAL (
    SELECT type_id, subject, path, occurred_at, id FROM leads_activity
    WHERE lead_id = ids.lead_id AND occurred_at <= %s AND verdict = 1
    ORDER BY occurred_at DESC, id DESC LIMIT %s
) a
JOIN leads_activitytype t ON t.id = a.type_id
ORDER BY ids.lead_id, a.occurred_at DESC, a.id DESC
"""
