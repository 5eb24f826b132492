"""What differs between two versions, in words both teams read: "Pricing page 4 → 6 points" (R12). Nothing that differs is left out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.conditions import sentence_of

from .definition import ENGAGEMENT, FIT, Axis, Deed, Model
from .points import signed_points
from .sentences import count_in_words, fade_in_words

#: What a part is and which one: ("rule", "pricing-page"), ("definition", "mql"), ("axis", "fit"), ("text", "name").
Part = tuple[str, str]
RULE, GROUP, AXIS, DEFINITION, TEXT, ORDER = "rule", "group", "axis", "definition", "text", "order"


@dataclass(frozen=True)
class Change:
    """One thing that reads otherwise; None before is new, None after is gone. `about` is the field's name."""

    text: str
    before: str | None
    after: str | None
    about: str = ""


@dataclass(frozen=True)
class Difference:
    """One part in which two versions differ. `new` and `gone` parts tell in `changes` all that they say."""

    part: Part
    title: str
    changes: tuple[Change, ...]
    new: bool = False
    gone: bool = False

    @property
    def points(self) -> Change | None:
        """The change of a rule's points, which people look for first."""
        return next((change for change in self.changes if change.about == "points"), None)

    @property
    def switched(self) -> Change | None:
        """That a rule was switched off or on."""
        return next((change for change in self.changes if change.about == "off"), None)

    @property
    def alone(self) -> "list[Difference]":
        """A list of just this one, for the template that shows lists."""
        return [self]

    @property
    def others(self) -> list[Change]:
        return [change for change in self.changes if change.about != "points"]


def parts_of(model: Model) -> dict[Part, Any]:
    """What a version consists of, each part by its name: texts, definitions, axes, groups, rules, in this order."""
    said: dict[Part, Any] = {(TEXT, "name"): model.name, (TEXT, "description"): model.description}
    said |= {(DEFINITION, "mql"): model.definitions.mql, (DEFINITION, "sql"): model.definitions.sql}
    said |= {(AXIS, name): model.axes[name] for name in (FIT, ENGAGEMENT)}
    said |= {(GROUP, group.key): group for group in model.groups}
    return said | {(RULE, rule.key): rule for rule in model.rules}


def differences(before: Model, after: Model, labels: dict[str, str] | None = None) -> list[Difference]:
    """Every part that reads otherwise, in the order in which the later version has them; `labels` names activity types."""
    words = _Words(before, after, labels or {})
    old, new = parts_of(before), parts_of(after)
    found = [
        words.of(part, old.get(part), new.get(part)) for part in [*new, *(part for part in old if part not in new)]
    ]
    return [one for one in found if one] + list(_order(before, after))


def _order(before: Model, after: Model) -> Iterator[Difference]:
    """Rules and groups that both have but in another order: it changes no score, only how the version reads."""
    for kind, title in ((GROUP, _("Order of the groups")), (RULE, _("Order of the rules"))):
        old = [part for part in parts_of(before) if part[0] == kind]
        new = [part for part in parts_of(after) if part[0] == kind]
        if [part for part in old if part in new] != [part for part in new if part in old]:
            yield Difference((ORDER, kind), title, (Change(_("Order"), _("as it was"), _("changed")),))


def sentences_of(difference: Difference) -> list[str]:
    """Each change as one line of plain text: "Pricing page: Points 4 → 6"."""
    return [
        f"{difference.title}: {change.text} {change.before or _('nothing')} → {change.after or _('nothing')}"
        for change in difference.changes
    ]


class _Words:
    """Puts parts of two versions into words."""

    def __init__(self, before: Model, after: Model, labels: dict[str, str]) -> None:
        self.groups = {group.key: group.title for group in (*before.groups, *after.groups)}
        self.labels = labels

    def of(self, part: Part, old: Any, new: Any) -> Difference | None:
        """How the part changed; None where it reads the same."""
        if old == new:
            return None
        told, tells = self._told(old), self._told(new)
        keys = [*tells, *(key for key in told if key not in tells)]
        changes = tuple(
            Change(key[1], told.get(key), tells.get(key), key[0]) for key in keys if told.get(key) != tells.get(key)
        )
        changes = tuple(change for change in changes if not _as_usual(change))
        otherwise = (Change(_("Wording"), _("as it was"), _("changed")),)
        return Difference(
            part, self._title(part, old if new is None else new), changes or otherwise, old is None, new is None
        )

    def _title(self, part: Part, value: Any) -> str:
        if part[0] == RULE:
            return str(value.title)
        if part[0] == GROUP:
            return _("Group %(group)s") % {"group": value.title}
        fixed = {
            (TEXT, "name"): _("Name of the version"),
            (TEXT, "description"): _("Description"),
            (AXIS, FIT): _("Fit"),
            (AXIS, ENGAGEMENT): _("Engagement"),
        }
        return fixed.get(part) or _("Definition of %(stage)s") % {"stage": part[1].upper()}

    def _told(self, value: Any) -> dict[tuple[str, str], str]:
        """What a part says, by the field and what people call it; a field that says nothing is left out."""
        if value is None:
            return {}
        if isinstance(value, str):
            return {("text", _("Text")): value} if value else {}
        said = {
            (field.name, text): words
            for field in fields(value)
            for text, words in self._field(value, field.name, getattr(value, field.name))
        }
        return {key: words for key, words in said.items() if words}

    def _field(self, owner: Any, name: str, value: Any) -> list[tuple[str, str]]:
        if name == "key" or (name == "name" and isinstance(owner, Axis)):
            return []
        if name == "labels":
            return [(_("%(label)s from") % {"label": label}, _points(mark)) for label, mark in value.items()]
        if isinstance(value, Deed):
            types = _(" or ").join(self.labels.get(key, key) for key in value.types) or _("Any activity")
            return [(_("Activities"), types), (_("Only where"), sentence_of(value.when, ACTIVITY_FIELDS))]
        if name == "group":
            return [(_("Group"), self.groups.get(value, value))]
        known = _SAYS.get(name)
        return [(known[0](), known[1](value)) if known else (name.replace("_", " ").capitalize(), _plain(value))]


def _as_usual(change: Change) -> bool:
    """That a rule which came or went is switched on goes without saying."""
    return change.about == "off" and None in (change.before, change.after) and _("on") in (change.before, change.after)


def _plain(value: Any) -> str:
    """Anything this module was not told about: rather in raw words than in silence."""
    return _("yes") if value is True else "" if value in (None, False, "", ()) else str(value)


def _points(value: int | None) -> str:
    return "" if value is None else signed_points(value).removeprefix("+")


def _days(value: int | None) -> str:
    return _("%(days)d days") % {"days": value} if value else ""


def _text(value: str) -> str:
    return value


def _when(value: Any) -> str:
    return sentence_of(value, LEAD_FIELDS)


#: What each field of a part is called, and how its value reads.
_SAYS: dict[str, tuple[Callable[[], str], Callable[[Any], str]]] = {
    "name": (lambda: _("Name"), _text),
    "description": (lambda: _("Description"), _text),
    "points": (lambda: _("Points"), _points),
    "cap": (lambda: _("At most"), _points),
    "floor": (lambda: _("At least"), _points),
    "when": (lambda: _("When"), _when),
    "off": (lambda: _("Switched"), lambda off: _("off") if off else _("on")),
    "count": (lambda: _("Counts"), count_in_words),
    "fade": (lambda: _("Fades"), fade_in_words),
    "total": (lambda: _("Score at least"), _points),
    "fit": (lambda: _("Fit at least"), _points),
    "active_within_days": (lambda: _("Active within"), _days),
    "leave_total": (lambda: _("Back to lead under"), _points),
    "min_stay_days": (lambda: _("Stays at least"), _days),
    "intent_within_days": (lambda: _("Intent within"), _days),
    "intent_fit": (lambda: _("With intent, fit at least"), _points),
}
