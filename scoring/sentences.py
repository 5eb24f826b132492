"""Rules as sentences: what a version says, readable aloud by both teams (R12, R25)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.conditions import Condition, FieldSet, sentence_of
from leads.contradictions import impossible_field
from leads.models import ActivityType

from .definition import ENGAGEMENT, FIT, Axis, Count, EngagementRule, FitRule, Group, Model, Rule
from .fading import Fade
from .points import signed_points


@dataclass(frozen=True)
class RuleLine:
    """One rule as people read it. `what` says when it matches, `how` how it counts, fades and ends; `warning` why it never does."""

    rule: Rule
    what: str
    how: str
    warning: str = ""

    @property
    def points(self) -> int:
        return self.rule.points


@dataclass(frozen=True)
class GroupLines:
    """A group, what bounds it in words, and its rules."""

    group: Group
    bounds: str
    rules: list[RuleLine]


@dataclass(frozen=True)
class AxisLines:
    """An axis, its bounds and cut-offs in words, and its groups."""

    axis: Axis
    title: str
    bounds: str
    groups: list[GroupLines]


def lines_of(model: Model) -> list[AxisLines]:
    """The whole version as sentences, in the order in which points are added up."""
    labels = type_labels()
    titles = {FIT: _("Fit: who they are"), ENGAGEMENT: _("Engagement: what they did")}
    return [
        AxisLines(axis, titles[axis.name], _axis_bounds(axis), list(_groups(model, axis, labels)))
        for axis in (model.fit, model.engagement)
    ]


def type_labels() -> dict[str, str]:
    """Activity types as people call them, by key."""
    return {kind.key: str(kind) for kind in ActivityType.objects.all()}


def _groups(model: Model, axis: Axis, labels: dict[str, str]) -> Iterator[GroupLines]:
    for group in model.groups_of(axis.name):
        rules = [line_of(rule, labels) for rule in model.rules if rule.group == group.key]
        yield GroupLines(group, bounds_in_words(group.floor, group.cap), rules)


def line_of(rule: Rule, labels: dict[str, str]) -> RuleLine:
    """One rule as a sentence; `labels` are those of `type_labels`."""
    if isinstance(rule, EngagementRule):
        parts = [count_in_words(rule.count), fade_in_words(rule.fade) if rule.count.kind != "at_least" else ""]
        warning = _impossible(rule.deed.when, ACTIVITY_FIELDS)
        return RuleLine(rule, _deed(rule, labels), _joined([_off(rule), *parts, _cap(rule)]), warning)
    when = rule.when if isinstance(rule, FitRule) else ()
    how = _joined([_off(rule), _cap(rule)])
    return RuleLine(rule, sentence_of(when, LEAD_FIELDS), how, _impossible(when, LEAD_FIELDS))


def _impossible(when: tuple[Condition, ...], fields: FieldSet) -> str:
    field = impossible_field(when)
    return (
        _("Nothing can match: what is asked of “%(field)s” cannot all be so.") % {"field": fields.label(field)}
        if field
        else ""
    )


def _deed(rule: EngagementRule, labels: dict[str, str]) -> str:
    types = _(" or ").join(labels.get(key, key) for key in rule.deed.types) or _("Any activity")
    when = sentence_of(rule.deed.when, ACTIVITY_FIELDS)
    return _("%(types)s where %(when)s") % {"types": types, "when": when} if when else types


def count_in_words(count: Count) -> str:
    if count.kind == "once":
        return _("counts once")
    if count.kind == "at_most":
        return ngettext("counts the latest one", "counts the latest %(n)d", count.n) % {"n": count.n}
    if count.kind == "at_least":
        return _("once there are %(n)d within %(days)d days") % {"n": count.n, "days": count.days}
    return _("counts every time")


def fade_in_words(fade: Fade) -> str:
    words = {
        "window": _("vanishes after %(days)d days"),
        "linear": _("fades to nothing over %(days)d days"),
        "half_life": _("halves every %(days)d days"),
    }
    return words[fade.kind] % {"days": fade.days} if fade.kind in words else _("never fades")


def _off(rule: Rule) -> str:
    return _("switched off") if rule.off else ""


def _cap(rule: Rule) -> str:
    if rule.cap is None:
        return ""
    words = _("gives at most %(points)s") if rule.points >= 0 else _("takes at most %(points)s")
    return words % {"points": signed_points(rule.cap).removeprefix("+")}


def bounds_in_words(floor: int | None, cap: int | None) -> str:
    """ "between −20 and +40", or what of it is said."""
    if floor is not None and cap is not None:
        return _("between %(floor)s and %(cap)s") % {"floor": signed_points(floor), "cap": signed_points(cap)}
    if cap is not None:
        return _("at most %(cap)s") % {"cap": signed_points(cap)}
    return _("at least %(floor)s") % {"floor": signed_points(floor)} if floor is not None else ""


def _axis_bounds(axis: Axis) -> str:
    cutoffs = ", ".join(
        _("%(label)s from %(points)s") % {"label": label, "points": signed_points(value).removeprefix("+")}
        for label, value in axis.labels.items()
    )
    return _joined([bounds_in_words(axis.floor, axis.cap), cutoffs])


def _joined(parts: list[str]) -> str:
    return " · ".join(filter(None, parts))
