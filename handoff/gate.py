"""The gate: what sales must know before a lead is accepted, as plain values (product.md §5, R15, R18, R21)."""

from collections.abc import Mapping
from dataclasses import dataclass

#: The frameworks a team may qualify by, with their items in the order in which they are asked (R18).
BANT = ("budget", "authority", "need", "timeline")
MEDDIC = ("metrics", "economic_buyer", "decision_criteria", "decision_process", "identify_pain", "champion")
FRAMEWORKS: dict[str, tuple[str, ...]] = {"bant": BANT, "meddic": MEDDIC}
ITEMS = (*BANT, *MEDDIC)
UNKNOWN, NO, PARTLY, YES = "unknown", "no", "partly", "yes"
#: What a gate may ask of an item.
KNOWN, MET = "known", "met"
_SHIPPED: dict[str, str] = {
    **dict.fromkeys(("budget", "need", "timeline", "identify_pain"), MET),
    **dict.fromkeys(("authority", "metrics", "economic_buyer", "decision_process", "champion"), KNOWN),
}
#: Currencies offered for a budget or an amount, the usual one first.
CURRENCIES = ("EUR", "USD", "GBP", "PLN", "IDR", "CHF", "SEK", "CZK", "SGD", "AUD", "JPY", "INR")


def shipped_needs() -> dict[str, str]:
    """The gates that ship. R21: ability to pay, need and time must be met; who decides must at least be known."""
    return dict(_SHIPPED)


@dataclass(frozen=True)
class Missing:
    """One thing that still stands between a lead and acceptance: `known` or `met` is what the item lacks."""

    item: str
    lacks: str


@dataclass(frozen=True)
class Gate:
    """What must be known, what must be met (partly or fully), and whether sales must have spoken to the lead.

    `needs` says of each item asked for whether it must be `KNOWN` or `MET`; `framework` which items count at all.
    """

    framework: str
    needs: Mapping[str, str]
    needs_follow_up: bool = True

    @property
    def items(self) -> tuple[str, ...]:
        return FRAMEWORKS[self.framework]

    def asked(self, what: str) -> list[str]:
        """The items that must be known, or met."""
        return [item for item in self.items if self.needs.get(item) == what]

    def missing(self, answers: Mapping[str, str], *, followed_up: bool) -> list[Missing]:
        """What is missing, in the framework's order; empty means that the lead may be accepted."""
        lacks = [Missing("follow_up", KNOWN)] if self.needs_follow_up and not followed_up else []
        for item in self.items:
            asked, answer = self.needs.get(item), answers.get(item, UNKNOWN)
            if asked and answer == UNKNOWN:
                lacks.append(Missing(item, KNOWN))
            elif asked == MET and answer == NO:
                lacks.append(Missing(item, MET))
        return lacks
