"""The score in slow plain Python, straight from product.md §3: knows nothing of the kernel, of classes or of packing.

Works on the JSON document itself. A deed is (day number, facts of the activity); points are exact fractions of a point.
A cut is (day number, per cent left): from that day on, deeds up to and with it count so much less.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

Document = dict[str, Any]
Deed = tuple[int, dict[str, Any]]
Cuts = Sequence[tuple[int, int]]


def number(value: Any) -> Fraction:
    return Fraction(str(value))


def round_half_away(value: Fraction) -> int:
    return int(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1)


def holds(condition: Document, facts: dict[str, Any]) -> bool:
    """The operators that the generated models use."""
    value, op = facts.get(condition["field"]), condition["op"]
    wanted: Any = condition.get("value")
    if value is None or str(value).strip() == "":
        return op == "unknown"
    if op in ("at_least", "at_most"):
        return number(value) >= number(wanted) if op == "at_least" else number(value) <= number(wanted)
    said = str(value).lower()
    return {
        "known": lambda: True,
        "unknown": lambda: False,
        "is": lambda: said == str(wanted).lower(),
        "is_not": lambda: said != str(wanted).lower(),
        "in": lambda: said in [str(one).lower() for one in wanted],
        "not_in": lambda: said not in [str(one).lower() for one in wanted],
        "contains": lambda: wanted.lower() in said,
        "starts_with": lambda: said.startswith(wanted.lower()),
    }[op]()


def fade(rule: Document, age: int) -> Fraction:
    said = rule.get("fade", {"kind": "never"})
    kind, days = said["kind"], said.get("days", 1)
    if kind == "window":
        return Fraction(1 if age < days else 0)
    if kind == "linear":
        return max(Fraction(0), 1 - Fraction(age, days))
    if kind == "half_life":
        if age >= 10 * days:
            return Fraction(0)
        if age % days == 0:
            return Fraction(1, 2 ** (age // days))
        with localcontext() as context:
            context.prec = 60
            return Fraction(Decimal(2) ** (Decimal(-age) / Decimal(days)))
    return Fraction(1)


def left_of(age: int, day: int, cuts: Cuts) -> Fraction:
    """What all cuts that were made leave of a deed."""
    left = Fraction(1)
    for on, share in cuts:
        if day - age <= on <= day:
            left *= Fraction(share, 100)
    return left


def worth(rule: Document, age: int, day: int, cuts: Cuts) -> int:
    """Hundredths of one event: faded and rounded, then cut and rounded."""
    faded = round_half_away(100 * number(rule["points"]) * fade(rule, age))
    return round_half_away(faded * left_of(age, day, cuts))


def matching(rule: Document, deeds: list[Deed], day: int) -> list[int]:
    """The ages of the deeds that the rule is about, most recent first; one entry for each deed."""
    said = rule["activity"]
    ages = [
        day - when
        for when, facts in deeds
        if (not said.get("types") or facts["type"] in said["types"])
        and all(holds(c, facts) for c in said.get("when", []))
    ]
    return sorted(age for age in ages if age >= 0)


def earned(rule: Document, deeds: list[Deed], day: int, cuts: Cuts = ()) -> int:
    """Hundredths of an engagement rule before its cap. "At least n" has what is left of the deed that makes it n."""
    ages, count = matching(rule, deeds, day), rule.get("count", {"kind": "every"})
    if count["kind"] == "at_least":
        within = [age for age in ages if age < count["days"]]
        if len(within) < count["n"]:
            return 0
        return round_half_away(100 * number(rule["points"]) * left_of(within[count["n"] - 1], day, cuts))
    taken = {"every": len(ages), "once": 1, "at_most": count.get("n", 0)}[count["kind"]]
    return sum(worth(rule, age, day, cuts) for age in ages[:taken])


def capped(rule: Document, hundredths: int) -> int:
    """The rule cap, in the direction of the rule's points."""
    if rule.get("cap") is None:
        return hundredths
    cap = int(100 * abs(number(rule["cap"])))
    return min(hundredths, cap) if number(rule["points"]) >= 0 else max(hundredths, -cap)


def clipped(place: Document, hundredths: int) -> int:
    if place.get("floor") is not None:
        hundredths = max(hundredths, int(100 * number(place["floor"])))
    if place.get("cap") is not None:
        hundredths = min(hundredths, int(100 * number(place["cap"])))
    return hundredths


def rule_points(rule: Document, facts: dict[str, Any], deeds: list[Deed], day: int, cuts: Cuts) -> int:
    if "activity" in rule:
        return capped(rule, earned(rule, deeds, day, cuts))
    met = all(holds(condition, facts) for condition in rule["when"])
    return capped(rule, int(100 * number(rule["points"])) if met else 0)


def scoring_rules(document: Document) -> list[Document]:
    """The rules but for those that are switched off."""
    return [rule for rule in document.get("rules", []) if not rule.get("off")]


def axis_score(
    document: Document, axis: str, facts: dict[str, Any], deeds: list[Deed], day: int, cuts: Cuts = ()
) -> int:
    total = 0
    for group in document.get("groups", []):
        if group["axis"] == axis:
            rules = [rule for rule in scoring_rules(document) if rule["group"] == group["key"]]
            total += clipped(group, sum(rule_points(rule, facts, deeds, day, cuts) for rule in rules))
    return clipped(document.get("axes", {}).get(axis) or {}, total)


def score(document: Document, facts: dict[str, Any], deeds: list[Deed], day: int, cuts: Cuts = ()) -> tuple[int, int]:
    """Fit and engagement in hundredths of a point."""
    return tuple(axis_score(document, axis, facts, deeds, day, cuts) for axis in ("fit", "engagement"))  # type: ignore[return-value]


def last_active(document: Document, deeds: list[Deed], day: int) -> int:
    """The day of the last deed that any engagement rule matches, else −1."""
    rules = [rule for rule in scoring_rules(document) if "activity" in rule]
    return max((day - min(ages) for rule in rules if (ages := matching(rule, deeds, day))), default=-1)
