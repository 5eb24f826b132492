"""The gate: what sales must know before a lead is accepted, as plain values (product.md §5, R15, R18, R21)."""

from collections.abc import Mapping
from dataclasses import dataclass

#: The four letters of BANT, in order (R18).
ITEMS = ("budget", "authority", "need", "timeline")
UNKNOWN, NO, PARTLY, YES = "unknown", "no", "partly", "yes"
#: Currencies offered for a budget or an amount, the usual one first.
CURRENCIES = ("EUR", "USD", "GBP", "PLN", "IDR", "CHF", "SEK", "CZK", "SGD", "AUD", "JPY", "INR")


@dataclass(frozen=True)
class Missing:
    """One thing that still stands between a lead and acceptance: `known` or `met` is what the item lacks."""

    item: str
    lacks: str


@dataclass(frozen=True)
class Gate:
    """What must be known, what must be met (partly or fully), and that sales spoke to the lead, before it is accepted.

    R21: ability to pay, need and time must be met; who decides must at least be known. Verified by talk (R18), so a
    follow-up must be on record.
    """

    known: tuple[str, ...] = ("authority",)
    met: tuple[str, ...] = ("budget", "need", "timeline")
    needs_follow_up: bool = True

    def missing(self, answers: Mapping[str, str], *, followed_up: bool) -> list[Missing]:
        """What is missing, in the order of BANT; empty means that the lead may be accepted."""
        lacks = [Missing("follow_up", "known")] if self.needs_follow_up and not followed_up else []
        for item in ITEMS:
            answer = answers.get(item, UNKNOWN)
            if item in (*self.known, *self.met) and answer == UNKNOWN:
                lacks.append(Missing(item, "known"))
            elif item in self.met and answer == NO:
                lacks.append(Missing(item, "met"))
        return lacks
