"""What would make a lead reach its next stage: the smallest sets of typical deeds, each tried by the kernel (product.md §3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from .definition import Model
from .definitions import Standing, is_mql, is_sql
from .kernel import engagement
from .plan import Plan
from .vectors import Entries, Vectors

#: At most so many deeds make a set; more are no advice.
MOST_DEEDS = 3
#: So many kinds of deeds are combined: 455 sets. For a lead with very many deeds fewer, since each set holds them all.
KINDS, FEWER_KINDS, MANY_ENTRIES = 12, 6, 1_000


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


def reach(plan: Plan, entries: Entries, fit: int, day: int, stage: str, typical: Sequence[Typical]) -> Reach:
    """What reaches "mql" or "sql" if it is done on the day number; `typical` has the most frequent kind first.

    Every set is scored through the whole order (fades, counts, caps) in one call, so what is said here is what would happen.
    """
    kinds = typical[: FEWER_KINDS if len(entries) > MANY_ENTRIES else KINDS]
    sets = _sets(len(kinds))
    after = _after(plan, entries, fit, day, [[kinds[n].cls for n in one] for one in sets])
    reached = [sets[n] for n in np.flatnonzero(_qualifies(plan.model, stage, after)).tolist()]
    if reached and not reached[0]:
        return Reach((), already=True, best=int(after.total.max()))
    ways = [tuple((kinds[n], times) for n, times in Counter(one).items()) for one in _smallest(reached)]
    return Reach(tuple(ways), already=False, best=int(after.total.max()))


def _sets(kinds: int) -> list[tuple[int, ...]]:
    """All sets of at most three deeds, the empty one first, then by size and by how frequent their kinds are."""
    found = [one for size in range(MOST_DEEDS + 1) for one in combinations_with_replacement(range(kinds), size)]
    return sorted(found, key=lambda one: (len(one), sum(one), one))


def _after(plan: Plan, entries: Entries, fit: int, day: int, classes: Sequence[Sequence[int]]) -> Standing:
    """Where the lead would stand on the day after each of the alternatives."""
    owners = np.repeat(np.arange(len(classes)), [len(one) for one in classes])
    flat = np.array([cls for one in classes for cls in one], np.int64)
    added = Vectors.pack(owners, np.full(len(flat), day), flat, leads=len(classes))
    found = engagement(plan, Vectors.of([entries]).repeated(len(classes)).joined(added), day)
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
