"""Whose turn it is: smooth weighted round robin, pure and deterministic (product.md §5).

Each seller in the round has a counter. At every turn those who can take a lead gain their weight, the highest counter
gets it (of equals the lowest id), and pays the sum of the weights that stood at the turn. So shares follow the weights,
spread evenly, and who could not take part neither loses nor has anything to catch up on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

Counters = Mapping[int, int]


@dataclass(frozen=True)
class Turn:
    """Who gets it, and the counters before (newcomers among them) and after."""

    chosen: int
    before: dict[int, int]
    after: dict[int, int]


def seated(counters: Counters, members: Collection[int]) -> dict[int, int]:
    """The counters of exactly these members: who left is out; who is new, or back from leave, starts at the mean of the others."""
    known = {one: counters[one] for one in members if one in counters}
    mean = sum(known.values()) // len(known) if known else 0
    return {one: known.get(one, mean) for one in sorted(members)}


def take(counters: Counters, weights: Mapping[int, int], members: Collection[int]) -> Turn:
    """The next turn. `weights`: those who can take a lead now, each above zero and all of them members; at least one."""
    before = seated(counters, members)
    after = {one: count + weights.get(one, 0) for one, count in before.items()}
    chosen = max(weights, key=lambda one: (after[one], -one))
    after[chosen] -= sum(weights.values())
    return Turn(chosen, before, after)


def least_loaded(weights: Mapping[int, int], load: Mapping[int, int]) -> dict[int, int]:
    """Of those who can take a lead, the ones with the least open work for their weight; their turn decides between them."""
    least = min(weights, key=lambda one: load[one] / weights[one])
    return {
        one: weight for one, weight in weights.items() if load[one] * weights[least] == load[least] * weight
    }  # exactly, in whole numbers
