"""How much of each proof belongs to which tier (quality.md §3.1)."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tier:
    """`kills` failures among `leads` handoffs at least, within `seconds`; every point passed `hits` times at least."""

    name: str
    leads: int
    kills: int
    seconds: float
    hits: int
    big: tuple[str, ...]  # what else breaks, in turn
    big_every: float  # seconds
    claims: int
    web_kills: int
    moods: dict[str, float] = field(default_factory=lambda: {"ok": 1.0})
    away: float = 30.0  # seconds without any beat


_MOODS = {
    "ok": 0.85,
    "drop": 0.04,
    "451": 0.03,
    "421": 0.02,
    "hang": 0.02,
    "silent": 0.01,
    "before": 0.015,
    "slow": 0.015,
}
_LETTER_MOODS = _MOODS | {"ok": 0.83, "550": 0.02}
_ALL = ("flush", "valkey", "workers", "terminate", "postgres", "beat", "sweepers", "stop",
        "valkey away", "postgres away", "valkey full", "brpop", "no beat")  # fmt: skip
_SOME = ("flush", "workers", "terminate", "sweepers", "postgres", "valkey away", "stop")
#: The same of letters to leads: their people, and failures among them.
LETTERS = {
    "smoke": Tier("smoke", 6, 8, 60, 0, (), 1_000, 0, 0, {"ok": 0.9, "drop": 0.1}),
    "fast": Tier("fast", 60, 40, 240, 3, _SOME, 8, 0, 0, _LETTER_MOODS),
    "full": Tier("full", 300, 300, 1_800, 10, _SOME, 12, 0, 0, _LETTER_MOODS),
}
TIERS = {
    "smoke": Tier("smoke", 24, 12, 120, 1, ("flush", "terminate"), 4, 60, 1, {"ok": 0.95, "drop": 0.05}),
    "fast": Tier("fast", 300, 70, 330, 5, _ALL, 6, 1_000, 6, _MOODS),
    "full": Tier("full", 1_500, 1_000, 3_300, 20, _ALL, 15, 1_000, 50, _MOODS, 600),
}


@dataclass(frozen=True)
class Scale:
    """How much of the proofs that have no fire: leads due in one minute, mails of each way to answer, rows that kill, stopped
    senders, power cuts of PostgreSQL under load, seconds without Valkey, leads that twenty want each."""

    minute: int
    per_mode: int
    poison: int
    stops: int
    cuts: int
    away: float
    torn: int


SCALES = {
    "smoke": Scale(20, 1, 1, 2, 1, 3, 2),
    "fast": Scale(1_000, 8, 2, 6, 3, 20, 10),
    "full": Scale(1_000, 200, 10, 50, 20, 600, 1_000),
}
