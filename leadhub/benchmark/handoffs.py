"""Invented handoffs for the benchmark: one a lead, all open, or two years of them worked as sales work (fixed seed)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
from django.db import connection

from accounts.models import Role, User
from handoff.models import Handoff, SlaPolicy
from leads.models import Lead
from leads.stages import Stage
from scoring.benchmark.data import NOW, SEED, filled, stored

#: How many of the open ones are due to be looked at, and how far back the worked ones go.
DUE, HISTORY = 500, timedelta(days=728)
SOURCES = 12
BRIEF = (
    '{"why": ['
    + ", ".join(f'{{"text": "Visited the pricing page {n} times", "points": {n}.00}}' for n in range(9))
    + "]}"
)
OPEN = (
    "id",
    "lead_id",
    "move_id",
    "cycle",
    "brief",
    "sla_policy_id",
    "source",
    "offered_at",
    "clock_from",
    "due_at",
    "remind_at",
)
WORKED = (*OPEN[:-1], "claimed_by_id", "claimed_at", "first_follow_up_at", "closed_at", "outcome")


def reps(number: int) -> list[int]:
    """Ids of so many people who sell, made for the benchmark."""
    return [
        User.objects.create_user(f"rep{n}@benchmark.example", name=f"Rep {n}", roles=[Role.SALES_REP]).pk
        for n in range(number)
    ]


def all_open(handoffs: int, *, claimed: int) -> None:
    """Every handoff waits, its next reminder still ahead, but for 500 whose moment has come; the first can be claimed."""
    policy = SlaPolicy.objects.order_by("-pk").values_list("pk", flat=True)[0]
    rng = np.random.default_rng(SEED)
    offered = rng.integers(60, 23 * 3600, handoffs)
    due = set(rng.choice(handoffs, min(DUE, handoffs), replace=False).tolist())

    def lines() -> Iterator[str]:
        for n, seconds in enumerate(offered.tolist()):
            at = NOW - timedelta(seconds=seconds)
            remind = NOW - timedelta(seconds=30) if n in due else at + timedelta(days=1)
            yield "\t".join((*_start(n, policy, at), remind.isoformat()))

    _fill(OPEN, lines())
    with filled(Lead):  # whoever is claimed is an SQL: without this the database refuses an owner
        Lead.objects.filter(pk__lte=claimed).update(stage=Stage.SALES_QUALIFIED)


def worked(handoffs: int, sellers: list[int]) -> None:
    """Two years of them: nine of ten claimed within hours, most followed up in time, the older ones closed."""
    policy = SlaPolicy.objects.order_by("-pk").values_list("pk", flat=True)[0]
    rng = np.random.default_rng(SEED)
    ages = np.sort(rng.integers(60, int(HISTORY.total_seconds()), handoffs))[::-1].tolist()
    waits = rng.exponential(5 * 3600, (2, handoffs)).astype(np.int64) + 60
    rep, luck = rng.integers(0, len(sellers), handoffs).tolist(), rng.random(handoffs).tolist()

    def lines() -> Iterator[str]:
        for n, age in enumerate(ages):
            at = NOW - timedelta(seconds=age)
            yield "\t".join((*_start(n, policy, at), *_work(at, waits[:, n].tolist(), luck[n], sellers[rep[n]])))

    _fill(WORKED, lines())


def _start(n: int, policy: int, at: datetime) -> tuple[str, ...]:
    moment = at.isoformat()
    return (
        str(n + 1),
        str(n + 1),
        str(n + 1),
        "1",
        BRIEF,
        str(policy),
        f"source {n % SOURCES}",
        moment,
        moment,
        (at + timedelta(days=1)).isoformat(),
    )


def _work(at: datetime, waits: list[int], luck: float, seller: int) -> tuple[str, ...]:
    """Who claimed it when, first follow-up, when it was closed and how; `\\N` for what has not happened yet."""
    claimed = at + timedelta(seconds=waits[0])
    followed, closed = claimed + timedelta(seconds=waits[1]), claimed + timedelta(days=9)
    if luck > 0.9 or claimed > NOW:
        return (r"\N", r"\N", r"\N", r"\N", "")
    said = (str(seller), claimed.isoformat(), followed.isoformat() if followed <= NOW else r"\N")
    return (
        (*said, closed.isoformat(), "accepted" if luck < 0.4 else "sent_back") if closed <= NOW else (*said, r"\N", "")
    )


def _fill(columns: tuple[str, ...], lines: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE handoff_handoff CASCADE")
    with filled(Handoff) as cursor:
        stored(cursor, Handoff, columns, lines)
