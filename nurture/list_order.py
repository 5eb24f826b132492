"""Lists that name lists in their conditions: who names whom, in which order they fill, and no circle. Pure."""

from collections.abc import Iterable, Mapping

from leads.conditions import Condition

#: The field of the language that asks whether a lead is in a list.
IN_LIST = "list"
Names = Mapping[int, Iterable[int]]


def named_in(conditions: Iterable[Condition]) -> set[int]:
    """The ids of the lists that the conditions name."""
    found: set[int] = set()
    for one in conditions:
        if one.field == IN_LIST:
            found |= set(ids_of_value(one.value))
    return found


def ids_of_value(value: object) -> list[int]:
    """The list ids in a condition's value; what can be none is left out."""
    values = value if isinstance(value, tuple) else (value,)
    texts = [str(one).strip() for one in values if one is not None]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def in_order(names: Names) -> list[int]:
    """The lists, each after those it names; of a circle, which nothing lets happen, every list still comes once."""
    done: dict[int, None] = {}

    def visit(pk: int, above: frozenset[int]) -> None:
        for other in sorted(names[pk]):
            if other in names and other not in done and other not in above:
                visit(other, above | {pk})
        done.setdefault(pk)

    for pk in sorted(names):
        visit(pk, frozenset())
    return list(done)


def circle_through(pk: int, names: Names) -> list[int]:
    """A way from the list back to itself, as the lists on it; empty where there is none."""
    seen: set[int] = set()
    ways = [[pk]]
    while ways:
        way = ways.pop()
        for other in sorted(names.get(way[-1], ())):
            if other == pk:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []
