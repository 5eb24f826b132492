"""The language of conditions that rules, lists and routing share: one field, one operator, one value (product.md §3).

*Unknown never matches except by "unknown"*: a missing fact neither fulfils nor violates anything. Text compares without case.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import condition_values as values
from .documents import DocumentFault, Place, finite, shown

OPERATORS = (
    "is", "is_not", "in", "not_in", "contains", "starts_with", "between", "at_least", "at_most", "known", "unknown",
)  # fmt: skip
MOST_CONDITIONS = 50
MOST_VALUES = 500
NARROWING = ("times", "days", "when")
MOST_TIMES, MOST_DAYS, MOST_WHEN = 1_000, 3_650, 1
Facts = Mapping[str, Any]
Label = str | Promise


class ConditionFault(DocumentFault):
    """Conditions that cannot be used; `problems` says where and why."""


@dataclass(frozen=True)
class Field:
    """A fact or property that conditions may name. `paths` are ORM paths; the first known one is the value.

    `kind` is text, number, date, choice, flag or search, and steers forms; comparing goes by the values themselves.
    A field `narrowed_by` others is about deeds: how often, since when, and what they were about can be said of it.
    """

    name: str
    label: Label
    kind: str = "text"
    choices: tuple[tuple[str, Label], ...] = ()
    paths: tuple[str, ...] = ()
    narrowed_by: "FieldSet | None" = None


class FieldSet:
    """The fields of one kind of thing (leads, activities). Apps register theirs; `custom.NAME` and the like are open-ended."""

    def __init__(self, *fields: Field, open_ended: Mapping[str, str] | None = None) -> None:
        """`open_ended` maps a prefix ("custom") to the ORM path of the JSON column that holds such values."""
        self._fields = {f.name: f for f in fields}
        self.open_ended = dict(open_ended or {})

    def register(self, *fields: Field) -> None:
        self._fields.update({f.name: f for f in fields})

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def get(self, name: str) -> Field | None:
        """The field, or None when there is no such one."""
        if name in self._fields:
            return self._fields[name]
        prefix, dot, rest = name.partition(".")
        if dot and rest.strip() and len(rest) <= 100 and prefix in self.open_ended:
            return Field(name, rest)
        return None

    def label(self, name: str) -> str:
        known = self.get(name)
        return str(known.label) if known else name


@dataclass(frozen=True)
class Narrow:
    """At least so many times, within so many days up to today, and what each of the deeds was about."""

    times: int = 1
    days: int | None = None
    when: "tuple[Condition, ...]" = ()

    def sentence(self, fields: FieldSet | None = None) -> str:
        """What follows the deed: " at least 3 times within 14 days where Path starts with /pricing"; with its blank."""
        said = []
        if self.times > 1:
            said.append(ngettext("at least %(n)d time", "at least %(n)d times", self.times) % {"n": self.times})
        if self.days is not None:
            said.append(ngettext("within %(n)d day", "within %(n)d days", self.days) % {"n": self.days})
        if self.when:
            said.append(_("where %(condition)s") % {"condition": sentence_of(self.when, fields)})
        return " ".join(["", *said])

    def to_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"times": self.times} if self.times > 1 else {}
        said |= {"days": self.days} if self.days is not None else {}
        return said | ({"when": [one.to_json() for one in self.when]} if self.when else {})


@dataclass(frozen=True)
class Condition:
    """`field op value`. The value of `in` and `not_in` is a tuple, of `between` a pair, of `known` and `unknown` None."""

    field: str
    op: str
    value: Any = None
    narrow: Narrow | None = None

    def matches(self, facts: Facts) -> bool:
        """Whether the facts fulfil this condition. A fact that is missing, null or blank is unknown."""
        value = facts.get(self.field)
        if values.text_of(value) is None:
            return self.op == "unknown"
        return self.op == "known" or (self.op != "unknown" and _MEETS[self.op](value, self.value))

    def sentence(self, fields: FieldSet | None = None) -> str:
        """The condition in plain words: "Seniority is one of C-level, VP"."""
        label = fields.label(self.field) if fields else self.field
        if self.op == "between":
            return _words()["between"] % {"field": label, "low": _shown(self.value[0]), "high": _shown(self.value[1])}
        named = fields.get(self.field) if fields else None
        labels: dict[Any, Any] = dict(named.choices) if named else {}
        listed = self.value if isinstance(self.value, tuple) else (self.value,)
        shown_as = [str(labels.get(one) or _shown(one)) for one in listed]
        told = _words()[self.op] % {"field": label, "value": ", ".join(shown_as)}
        return told + (self.narrow.sentence(named.narrowed_by if named else None) if self.narrow else "")

    def to_json(self) -> dict[str, Any]:
        """The condition as it stands in a document."""
        said: dict[str, Any] = {"field": self.field, "op": self.op}
        if self.op not in ("known", "unknown"):
            said["value"] = list(self.value) if isinstance(self.value, tuple) else self.value
        return said | (self.narrow.to_json() if self.narrow else {})


_MEETS: dict[str, Callable[[Any, Any], bool]] = {
    "is": values.same,
    "is_not": lambda value, wanted: not values.same(value, wanted),
    "in": lambda value, wanted: any(values.same(value, one) for one in wanted),
    "not_in": lambda value, wanted: not any(values.same(value, one) for one in wanted),
    "contains": lambda value, part: values.folded(part) in values.folded(value),
    "starts_with": lambda value, part: values.folded(value).startswith(values.folded(part)),
    "between": lambda value, pair: values.at_least(value, pair[0]) and values.at_most(value, pair[1]),
    "at_least": values.at_least,
    "at_most": values.at_most,
}


def _words() -> dict[str, str]:
    return {
        "is": _("%(field)s is %(value)s"),
        "is_not": _("%(field)s is not %(value)s"),
        "in": _("%(field)s is one of %(value)s"),
        "not_in": _("%(field)s is none of %(value)s"),
        "contains": _("%(field)s contains %(value)s"),
        "starts_with": _("%(field)s starts with %(value)s"),
        "between": _("%(field)s is between %(low)s and %(high)s"),
        "at_least": _("%(field)s is at least %(value)s"),
        "at_most": _("%(field)s is at most %(value)s"),
        "known": _("%(field)s is known"),
        "unknown": _("%(field)s is unknown"),
    }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return values.text_of(value) or ""


def matches_all(conditions: Iterable[Condition], facts: Facts) -> bool:
    """Whether the facts fulfil every one of the conditions."""
    return all(condition.matches(facts) for condition in conditions)


def sentence_of(conditions: Iterable[Condition], fields: FieldSet | None = None) -> str:
    """All conditions as one sentence part: "Country is Poland and Employees is at least 50"."""
    return _(" and ").join(condition.sentence(fields) for condition in conditions)


def parse_conditions(document: Any, fields: FieldSet) -> tuple[Condition, ...]:
    """The conditions in a JSON list; raises `ConditionFault` with every problem, and nothing else, for any value."""
    place = Place(document)
    found = read_conditions(place, fields)
    if place.problems:
        raise ConditionFault(place.problems)
    return found


def read_conditions(place: Place, fields: FieldSet, *, least: int = 0) -> tuple[Condition, ...]:
    """The conditions at a place of a larger document; problems are added to those of the document."""
    read = [read_condition(item, fields) for item in place.items(most=MOST_CONDITIONS, least=least)]
    return tuple(condition for condition in read if condition)


def read_condition(place: Place, fields: FieldSet) -> Condition | None:
    """One condition at a place, or None after adding what is wrong with it."""
    before = len(place.problems)
    named = fields.get(place["field"].value) if isinstance(place["field"].value, str) else None
    by = named.narrowed_by if named else None
    if not place.is_object("field", "op", "value", *(NARROWING if by else ())):
        return None
    name = place["field"].as_text(most=140, required=True)
    if name and named is None:
        place["field"].wrong(_("There is no field “%(name)s”.") % {"name": shown(name)})
    op = place["op"].as_choice(*OPERATORS)
    value = _read_value(place["value"], op) if op else None
    narrow = _read_narrow(place, by) if by else None
    return Condition(name, op, value, narrow) if len(place.problems) == before else None


def _read_narrow(place: Place, by: FieldSet) -> Narrow | None:
    """How often, since when and about what; None where nothing is said of it."""
    times = place["times"].as_whole(1, MOST_TIMES, required=False) or 1
    days = place["days"].as_whole(1, MOST_DAYS, required=False)
    read = [read_condition(item, by) for item in place["when"].items(most=MOST_WHEN)]
    narrow = Narrow(times, days, tuple(one for one in read if one))
    return narrow if narrow != Narrow() else None


def _read_value(place: Place, op: str) -> Any:
    if op in ("known", "unknown"):
        if place.given:
            place.wrong(_("“%(op)s” needs no value.") % {"op": op})
        return None
    if op in ("in", "not_in"):
        return tuple(_read_one(item) for item in place.items(most=MOST_VALUES, least=1))
    if op == "between":
        return _read_span(place)
    if op in ("at_least", "at_most"):
        return _read_bound(place)
    if op in ("contains", "starts_with"):
        return place.as_text(most=500, required=True)
    return _read_one(place)


def _read_one(place: Place) -> Any:
    if isinstance(place.value, str) or not place.given:
        return place.as_text(most=500, required=True)
    if not isinstance(place.value, bool) and finite(place.value) is None:
        place.wrong(_("This must be a text, a number, true or false."))
    return place.value


def _read_bound(place: Place) -> Any:
    if values.is_calendar_day(place.value) or finite(place.value) is not None:
        return place.value
    if isinstance(place.value, str) and values.number_of(place.value) is not None:
        return place.value
    place.wrong(_("This must be a number, or a day such as 2026-11-21."))
    return None


def _read_span(place: Place) -> tuple[Any, ...] | None:
    before = len(place.problems)
    span = tuple(_read_bound(item) for item in place.items(most=2, least=2))
    if len(place.problems) > before:
        return None
    if values.is_calendar_day(span[0]) != values.is_calendar_day(span[1]):
        place.wrong(_("This must be the lowest and the highest value, both numbers or both days."))
    elif not values.at_least(span[1], span[0]):
        place.wrong(_("The lowest value comes first."))
    return span
