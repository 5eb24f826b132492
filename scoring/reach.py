"""What would make a lead reach its next stage: the smallest sets of typical deeds, each tried by the kernel (product.md §3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from .cuts import Cuts
from .definition import Model
from .definitions import Standing, is_mql, is_sql
from .kernel import engagement
from .plan import Plan
from .vectors import Entries, Vectors

#: Sets of one deed are made of so many kinds, of two of the most frequent so many, of three; more deeds are no advice.
KINDS = (40, 20, 10)
#: For a lead with very many deeds fewer, since each set holds them all.
FEWER_KINDS, MANY_ENTRIES = (40, 8, 4), 1_000


@dataclass(frozen=True)
class Typical:
    """A kind of deed that leads do: its match class, and what people call it."""

    cls: int
    title: str


#: Kinds of deeds and how often each is done.
Way = tuple[tuple[Typical, int], ...]


@dataclass(frozen=True)
class Reach:
    """The smallest sets that reach the stage: fewest deeds first, then the most frequent kinds.

    `already`: it needs no deed. `best` is the highest total, in hundredths, that any set gives.
    """

    ways: tuple[Way, ...]
    already: bool
    best: int


def reach(
    plan: Plan, entries: Entries, fit: int, day: int, stage: str, typical: Sequence[Typical], cuts: Cuts | None = None
) -> Reach:
    """What reaches "mql" or "sql" if it is done on the day number; `typical` has the most frequent kind first.

    Every set is scored through the whole order (fades, counts, caps) in one call, so what is said here is what would happen.
    """
    sets = _sets(len(typical), FEWER_KINDS if len(entries) > MANY_ENTRIES else KINDS)
    after = _after(plan, Vectors.of([entries], cuts), fit, day, [[typical[n].cls for n in one] for one in sets])
    reached = [sets[n] for n in np.flatnonzero(_qualifies(plan.model, stage, after)).tolist()]
    if reached and not reached[0]:
        return Reach((), already=True, best=int(after.total.max()))
    ways = [tuple((typical[n], times) for n, times in Counter(one).items()) for one in _smallest(reached)]
    return Reach(tuple(ways), already=False, best=int(after.total.max()))


def _sets(kinds: int, most: Sequence[int]) -> list[tuple[int, ...]]:
    """The empty set, then those of one, two and three deeds, by how frequent their kinds are."""
    found: list[tuple[int, ...]] = [()]
    for size, among in enumerate(most, start=1):
        found += sorted(combinations_with_replacement(range(min(kinds, among)), size), key=lambda one: (sum(one), one))
    return found


def _after(plan: Plan, done: Vectors, fit: int, day: int, classes: Sequence[Sequence[int]]) -> Standing:
    """Where the lead would stand on the day after each of the alternatives."""
    owners = np.repeat(np.arange(len(classes)), [len(one) for one in classes])
    flat = np.array([cls for one in classes for cls in one], np.int64)
    added = Vectors.pack(owners, np.full(len(flat), day), flat, leads=len(classes))
    found = engagement(plan, done.repeated(len(classes)).joined(added), day)
    return Standing(np.full_like(found.total, fit), found.total + fit, found.last_active, found.last_intent, day)


def _qualifies(model: Model, stage: str, after: Standing) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    says = model.definitions
    met = is_mql(says.mql, after) if stage == "mql" else is_sql(says.sql, after)
    return np.broadcast_to(met, after.total.shape)


def _smallest(sets: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Those that hold no other one: what two deeds reach is not told again with a third beside them."""
    kept: list[Counter[int]] = []
    for one in map(Counter, sets):
        if not any(other <= one for other in kept):
            kept.append(one)
    return [tuple(one.elements()) for one in kept]
