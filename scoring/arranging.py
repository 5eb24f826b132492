"""What is done with a rule in its list: copied, switched off and on, moved, deleted. Each works on the document and says what it did."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from .editing import free_key, place_of
from .versions import ModelRefused

Document = dict[str, Any]


class Target(NamedTuple):
    """Where a rule is dropped: into this group, before this rule, or last where that is blank."""

    group: str = ""
    before: str = ""


NOWHERE = Target()


def arrange(document: Document, act: str, key: str, to: Target = NOWHERE) -> str:
    """Do it to the rule with this key; what was done, in words. Raises `ModelRefused` where it cannot be done."""
    place = place_of(document, key)
    if place is None:
        raise ModelRefused(_("This rule is no longer there."))
    rule = document["rules"][place]
    return ACTS[act](document, rule, to) % {"rule": rule.get("name") or rule.get("label") or key}


def _copy(document: Document, rule: Document, _to: Target) -> str:
    twin = deepcopy(rule)
    title = rule.get("name") or rule.get("label") or rule["key"]
    twin["name"] = _("%(rule)s (copy)") % {"rule": title[:100]}
    twin["key"] = free_key(document, twin["name"])
    document["rules"].insert(document["rules"].index(rule) + 1, twin)
    return _("%(rule)s copied")


def _delete(document: Document, rule: Document, _to: Target) -> str:
    document["rules"].remove(rule)
    return _("%(rule)s deleted")


def _off(_document: Document, rule: Document, _to: Target) -> str:
    rule["off"] = True
    return _("%(rule)s switched off")


def _on(_document: Document, rule: Document, _to: Target) -> str:
    rule.pop("off", None)
    return _("%(rule)s switched on")


def _up(document: Document, rule: Document, _to: Target) -> str:
    mates = _mates(document, rule["group"])
    at = mates.index(rule)
    if at:
        return _put(document, rule, Target(rule["group"], mates[at - 1]["key"]))
    return _put(document, rule, Target(_neighbour(document, rule, -1)))


def _down(document: Document, rule: Document, _to: Target) -> str:
    mates = _mates(document, rule["group"])
    after = mates[mates.index(rule) + 1 :]
    if after:
        return _put(document, rule, Target(rule["group"], after[1]["key"] if len(after) > 1 else ""))
    group = _neighbour(document, rule, 1)
    return _put(document, rule, Target(group, next((one["key"] for one in _mates(document, group)), "")))


def _put(document: Document, rule: Document, to: Target) -> str:
    """Move the rule there; groups of another axis score other things, so a rule never goes there."""
    if to.group not in [group["key"] for group in _groups(document, rule)]:
        raise ModelRefused(_("A rule moves within its axis only."))
    if to.before == rule["key"]:
        return _said(document, rule)
    rules = document["rules"]
    rules.remove(rule)
    rule["group"] = to.group
    mates = _mates(document, to.group)
    before = next((one for one in mates if one["key"] == to.before), None)
    if before is not None:
        rules.insert(rules.index(before), rule)
    else:
        rules.insert(rules.index(mates[-1]) + 1 if mates else len(rules), rule)
    return _said(document, rule)


def _said(document: Document, rule: Document) -> str:
    mates = _mates(document, rule["group"])
    group = next(one for one in document["groups"] if one["key"] == rule["group"])
    title = group.get("name") or group.get("label") or group["key"]
    said = {"n": mates.index(rule) + 1, "all": len(mates), "group": title.replace("%", "%%"), "rule": "%(rule)s"}
    return _("%(rule)s moved to place %(n)d of %(all)d in %(group)s") % said


def _mates(document: Document, group: str) -> list[Document]:
    """The rules of a group, in order."""
    return [rule for rule in document["rules"] if rule["group"] == group]


def _groups(document: Document, rule: Document) -> list[Document]:
    """The groups of the rule's axis, in order."""
    groups: list[Document] = document["groups"]
    axis = next(group["axis"] for group in groups if group["key"] == rule["group"])
    return [group for group in groups if group["axis"] == axis]


def _neighbour(document: Document, rule: Document, step: int) -> str:
    """The group before or after the rule's own."""
    keys = [group["key"] for group in _groups(document, rule)]
    at = keys.index(rule["group"]) + step
    if not 0 <= at < len(keys):
        raise ModelRefused(_("It is the first already.") if step < 0 else _("It is the last already."))
    return str(keys[at])


ACTS: dict[str, Callable[[Document, Document, Target], str]] = {
    "copy": _copy,
    "delete": _delete,
    "off": _off,
    "on": _on,
    "up": _up,
    "down": _down,
    "put": _put,
}
