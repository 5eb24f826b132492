"""Parse the JSON form of a scoring model, naming everything that is wrong with it at once."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.conditions import read_conditions
from leads.documents import DocumentFault, Place, load_json, shown

from .definition import (
    ENGAGEMENT,
    EVERY,
    FIT,
    Axis,
    Count,
    Deed,
    Definitions,
    EngagementRule,
    FitRule,
    Group,
    Model,
    QualifiedByMarketing,
    QualifiedForSales,
    Rule,
)
from .fading import NEVER, Fade
from .labels import DIGITS, LETTERS
from .points import MOST_POINTS, WIDEST

MOST_RULES = 500
MOST_GROUPS = 100
MOST_DAYS = 36_500
MOST_TIMES = 10_000
CUTOFFS = {FIT: LETTERS[:-1], ENGAGEMENT: DIGITS[:-1]}


#: What both kinds of rule say: key, group, points, cap, name, description, off.
Said = tuple[str, str, int, int | None, str, str, bool]


class ModelFault(DocumentFault):
    """A scoring model that cannot be used; `problems` says where and why, all at once."""


def load(text: str | bytes) -> Model:
    """The model in a JSON file; raises `ModelFault` and nothing else."""
    try:
        return parse(load_json(text))
    except ModelFault:
        raise
    except DocumentFault as fault:
        raise ModelFault(list(fault.problems)) from None


def parse(document: Any) -> Model:
    """The model in its JSON form. Raises `ModelFault` with all problems, and nothing else, whatever the JSON value."""
    place = Place(document)
    if not place.is_object("name", "description", "axes", "groups", "rules", "definitions"):
        raise ModelFault(place.problems)
    groups = _groups(place["groups"])
    model = Model(
        name=place["name"].as_text(most=120, required=True),
        description=_description(place),
        axes=_axes(place["axes"]),
        groups=groups,
        rules=_rules(place["rules"], {group.key: group.axis for group in groups}),
        definitions=_definitions(place["definitions"]),
    )
    if place.problems:
        raise ModelFault(place.problems)
    return replace(model, document=deepcopy(document))


def _description(place: Place) -> str:
    return place["description"].as_text(most=2000) if place["description"].value else ""


def _name(place: Place) -> str:
    return place["name"].as_text() or place["label"].as_text()


def _axes(place: Place) -> dict[str, Axis]:
    if place.given:
        place.is_object(FIT, ENGAGEMENT)
    return {name: _axis(place[name], name) for name in (FIT, ENGAGEMENT)}


def _axis(place: Place, name: str) -> Axis:
    if not place.given or not place.is_object("floor", "cap", "labels"):
        return Axis(name)
    floor, cap = _floor_and_cap(place)
    return Axis(name, floor, cap, _cutoffs(place["labels"], CUTOFFS[name]))


def _floor_and_cap(place: Place) -> tuple[int | None, int | None]:
    floor, cap = place["floor"].as_hundredths(WIDEST), place["cap"].as_hundredths(WIDEST)
    if floor is not None and cap is not None and floor > cap:
        place["floor"].wrong(_("The floor lies above the cap."))
    return floor, cap


def _cutoffs(place: Place, names: tuple[str, ...]) -> dict[str, int]:
    if not place.given or not place.is_object(*names):
        return {}
    read = {name: place[name].as_hundredths(WIDEST) for name in names}
    cutoffs = {name: value for name, value in read.items() if value is not None}
    values = list(cutoffs.values())
    if values != sorted(set(values), reverse=True):
        place.wrong(_("The cut-offs must fall from %(first)s to %(last)s.") % {"first": names[0], "last": names[-1]})
    return cutoffs


def _groups(place: Place) -> tuple[Group, ...]:
    seen: set[str] = set()
    read = [_group(item, seen) for item in place.items(most=MOST_GROUPS)]
    return tuple(group for group in read if group)


def _group(place: Place, seen: set[str]) -> Group | None:
    if not place.is_object("key", "axis", "floor", "cap", "name", "label", "description"):
        return None
    key = place["key"].as_text(most=80, required=True)
    if key:
        place["key"].unique(seen, key)
    axis = place["axis"].as_choice(FIT, ENGAGEMENT)
    floor, cap = _floor_and_cap(place)
    return Group(key, axis, floor, cap, _name(place), _description(place))


def _rules(place: Place, axis_of: dict[str, str]) -> tuple[Rule, ...]:
    seen: set[str] = set()
    read = [_rule(item, axis_of, seen) for item in place.items(most=MOST_RULES)]
    return tuple(rule for rule in read if rule)


def _rule(place: Place, axis_of: dict[str, str], seen: set[str]) -> Rule | None:
    by_deed = place["activity"].given
    own = ("activity", "count", "fade") if by_deed else ("when",)
    if not place.is_object("key", "group", "points", "cap", "name", "label", "description", "off", *own):
        return None
    key = place["key"].as_text(most=80, required=True)
    if key:
        place["key"].unique(seen, key)
    group = place["group"].as_text(most=80, required=True)
    if group and group not in axis_of:
        place["group"].wrong(_("There is no group “%(group)s”.") % {"group": shown(group)})
    points = place["points"].as_hundredths(MOST_POINTS, required=True) or 0
    said = (key, group, points, _rule_cap(place["cap"], points), _name(place), _description(place), _flag(place["off"]))
    if axis_of.get(group, "") == (FIT if by_deed else ENGAGEMENT):
        place["group"].wrong(_not_of_axis(by_deed))
    return _engagement_rule(place, said) if by_deed else _fit_rule(place, said)


def _not_of_axis(by_deed: bool) -> str:
    if by_deed:
        return _("A rule about activities belongs in a group of the engagement axis.")
    return _("A rule in a group of the engagement axis needs “activity”.")


def _flag(place: Place) -> bool:
    if place.given and not isinstance(place.value, bool):
        place.wrong(_("This must be true or false."))
    return place.value is True


def _rule_cap(place: Place, points: int) -> int | None:
    cap = place.as_hundredths(WIDEST)
    if cap is not None and cap < 0 <= points:
        place.wrong(_("The cap of a rule that gives points must not be below zero."))
    return None if cap is None else abs(cap)


def _fit_rule(place: Place, said: Said) -> FitRule:
    if not place["when"].given:
        place.wrong(_("A rule needs “when” (conditions on facts) or “activity”."))
        return FitRule(*said)
    return FitRule(*said, when=read_conditions(place["when"], LEAD_FIELDS, least=1))


def _engagement_rule(place: Place, said: Said) -> EngagementRule:
    deed, count, fade = _deed(place["activity"]), _count(place["count"]), _fade(place["fade"])
    return EngagementRule(*said, deed=deed, count=count, fade=fade)


def _deed(place: Place) -> Deed:
    if not place.is_object("types", "when"):
        return Deed()
    if not place["types"].given and not place["when"].given:
        place.wrong(_("Say which activities: “types”, “when” or both."))
    least = 1 if place["types"].given else 0
    types = tuple(item.as_text(most=40, required=True) for item in place["types"].items(most=200, least=least))
    return Deed(types, read_conditions(place["when"], ACTIVITY_FIELDS, least=0 if types else 1))


def _count(place: Place) -> Count:
    if not place.given or not place.is_object("kind", "n", "days"):
        return EVERY
    kind = place["kind"].as_choice("every", "once", "at_most", "at_least")
    n = _only(place["n"], kind in ("at_most", "at_least"), MOST_TIMES)
    return Count(kind, n, _only(place["days"], kind == "at_least", MOST_DAYS))


def _fade(place: Place) -> Fade:
    if not place.given or not place.is_object("kind", "days"):
        return NEVER
    kind = place["kind"].as_choice("never", "window", "linear", "half_life")
    return Fade(kind, _only(place["days"], kind in ("window", "linear", "half_life"), MOST_DAYS))


def _only(place: Place, wanted: bool, most: int) -> int:
    """A whole number that is needed for some kinds and out of place for others (then 0)."""
    if wanted:
        return place.as_whole(1, most) or 0
    if place.given:
        place.wrong(_("This says nothing here; leave it out."))
    return 0


def _definitions(place: Place) -> Definitions:
    if not place.given or not place.is_object("mql", "sql"):
        return Definitions()
    return Definitions(_mql(place["mql"]), _sql(place["sql"]))


def _mql(place: Place) -> QualifiedByMarketing:
    if not place.given or not place.is_object("total", "fit", "active_within_days", "leave_total", "min_stay_days"):
        return QualifiedByMarketing()
    total, leave = place["total"].as_hundredths(WIDEST), place["leave_total"].as_hundredths(WIDEST)
    if total is not None and leave is not None and leave > total:
        place["leave_total"].wrong(_("The leave mark lies above the enter mark."))
    within = place["active_within_days"].as_whole(1, MOST_DAYS, required=False)
    stay = place["min_stay_days"].as_whole(0, MOST_DAYS, required=False) or 0
    return QualifiedByMarketing(total, place["fit"].as_hundredths(WIDEST), within, leave, stay)


def _sql(place: Place) -> QualifiedForSales:
    if not place.given or not place.is_object("total", "fit", "intent_within_days", "intent_fit"):
        return QualifiedForSales()
    total, fit = place["total"].as_hundredths(WIDEST), place["fit"].as_hundredths(WIDEST)
    within = place["intent_within_days"].as_whole(1, MOST_DAYS, required=False)
    return QualifiedForSales(total, fit, within, place["intent_fit"].as_hundredths(WIDEST))
