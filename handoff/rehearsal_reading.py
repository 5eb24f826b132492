"""Real offers as scenes of a rehearsal: the log with what was known then, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTransform

from leads.facts_at import facts_at

from .dealing import Lot, Seller, Way
from .house import sellers_at
from .models import Handoff, Queue, Round, Routed
from .rehearsal import Real, Rehearsal, Scene
from .routing_fields import facts_for_routing

#: More lines than this are not played: the latest ones are.
MOST = 20_000
_HANDOFF = ("lead_id", "lead__company_id", "move__cause", "closed_at", "due_at", "claimed_by_id", "claimed_at")


def rehearse(ways: Sequence[Way], *, since: datetime, until: datetime) -> Rehearsal:
    """What these rules would have done with every offer from `since` to `until`."""
    logged, unlogged = _logged(since, until), _unlogged(since, until)
    facts = _facts([*logged, *unlogged], ways)
    scenes = [*_rounds(logged, facts), *_before_the_log(unlogged, facts, until)]
    default = Queue.objects.default().pk
    return Rehearsal(ways, default).play(sorted(scenes, key=lambda scene: scene.at))


def _logged(since: datetime, until: datetime) -> list[dict[str, Any]]:
    rows = (
        Routed.objects.filter(at__gte=since, at__lt=until)
        .annotate(score=KeyTransform("score", "handoff__brief"))
        .values(
            "pk", "round_id", "handoff_id", "at", "cause", "queue_id", "to_id", "owner_id", "score",
            *(f"handoff__{name}" for name in _HANDOFF),
        )
    )  # fmt: skip
    return [_plain(row) for row in rows.order_by("-at", "-pk")[:MOST]][::-1]


def _unlogged(since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Offers of the time before there was a log."""
    rows = (
        Handoff.objects.filter(~Exists(Routed.objects.filter(handoff=OuterRef("pk")).order_by()))
        .filter(offered_at__gte=since, offered_at__lt=until)
        .annotate(score=KeyTransform("score", "brief"))
        .values("pk", "offered_at", "score", *_HANDOFF)
    )
    return [
        row | {"handoff_id": row["pk"], "at": row["offered_at"], "cause": "offer", "to_id": None, "owner_id": None, "queue_id": None}
        for row in rows.order_by("-offered_at", "-pk")[:MOST]
    ][::-1]  # fmt: skip


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("handoff__"): value for name, value in row.items()}


def _facts(rows: Sequence[dict[str, Any]], ways: Sequence[Way]) -> dict[tuple[int, datetime], Any]:
    if not any(way.conditions for way in ways):
        return {}
    moments = [(row["lead_id"], row["at"]) for row in rows]
    return dict(zip(moments, facts_at(moments), strict=True))


def _real(row: dict[str, Any], facts: dict[tuple[int, datetime], Any]) -> Real:
    known = facts_for_routing(
        facts.get((row["lead_id"], row["at"]), {}), {"score": row["score"]}, cause=row["move__cause"]
    )
    return Real(
        Lot(row["handoff_id"], known, row["lead__company_id"], row["owner_id"]),
        at=row["at"], again=row["cause"] != Routed.Cause.OFFER, to=row["to_id"], queue=row["queue_id"],
        until=row["closed_at"], due_at=row["due_at"], claimed_by=row["claimed_by_id"], claimed_at=row["claimed_at"],
    )  # fmt: skip


def _rounds(rows: Sequence[dict[str, Any]], facts: dict[tuple[int, datetime], Any]) -> list[Scene]:
    lines: dict[int, list[Real]] = defaultdict(list)
    for row in rows:
        lines[row["round_id"]].append(_real(row, facts))
    rounds = Round.objects.in_bulk(lines)
    return [
        Scene(round_.at, round_.sellers(), round_.counters(), lines[pk])
        for pk, round_ in sorted(rounds.items())
    ]  # fmt: skip


def _before_the_log(
    rows: Sequence[dict[str, Any]], facts: dict[tuple[int, datetime], Any], now: datetime
) -> list[Scene]:
    """Nobody wrote down who was there: everybody of today's house was, and carried nothing yet."""
    if not rows:
        return []
    today = sellers_at(now)
    return [
        Scene(row["at"], [Seller(one.id, one.team, one.weight, one.capacity) for one in today], {}, [_real(row, facts)])
        for row in rows
    ]
