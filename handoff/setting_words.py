"""Changes of reasons and of what qualifying asks for, in plain words: what was, and what is since."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.forms import fields_for_model
from django.utils.translation import gettext as _

from .gate import ITEMS, KNOWN, MET
from .models import Reason, SettingChange
from .models.qualification_rules import Framework
from .models.reason import EDITABLE, Engagement
from .models.setting_change import Facts
from .trail import item_title

#: What it is called, what was, what is.
Line = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """One change with what it changed."""

    change: SettingChange
    verb: str
    lines: list[Line]


def told(changes: Iterable[SettingChange], lines: Callable[[Facts | None, Facts | None], list[Line]]) -> list[Told]:
    return [Told(one, _verb(one), lines(one.before, one.after)) for one in changes]


def _verb(change: SettingChange) -> str:
    return _("added") if change.before is None else _("removed") if change.after is None else _("changed")


def differing(
    labels: Mapping[str, str], shown: Callable[[Facts | None, str], str], before: Facts | None, after: Facts | None
) -> list[Line]:
    """The named values whose words differ; everything that says something for what is new or gone."""
    names = [name for name in labels if name in (after or before or {})]
    lines = [(labels[name], shown(before, name), shown(after, name)) for name in names]
    return [line for line in lines if line[1] != line[2]]


def reason_lines(before: Facts | None, after: Facts | None) -> list[Line]:
    """“What the lead did until then: Stays as it is → Counts half”"""
    labels = {name: str(field.label) for name, field in fields_for_model(Reason, EDITABLE).items()}
    is_whole = before is not None and after is not None
    return differing(labels, lambda said, name: _reason_value(said, name, is_whole=is_whole), before, after)


def _reason_value(said: Facts | None, name: str, *, is_whole: bool) -> str:
    value = (said or {}).get(name)
    if not value and not is_whole:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(Engagement(str(value)).label) if name == "engagement" else str(value)


def rules_lines(before: Facts | None, after: Facts | None) -> list[Line]:
    """“Budget: must be known → must be met, at least partly”"""
    labels = {"framework": _("Framework"), **{item: str(item_title(item)) for item in ITEMS}}
    labels |= {"needs_follow_up": _("A follow-up must be on record"), "why": _("Why we ask this")}
    return differing(labels, _rules_value, _flat(before), _flat(after))


def _flat(said: Facts | None) -> Facts | None:
    """With what is asked of each item beside the other values."""
    return None if said is None else {**said, **{item: said["needs"].get(item, "") for item in ITEMS}}


def _rules_value(said: Facts | None, name: str) -> str:
    if said is None:
        return ""
    value = said[name]
    if name == "framework":
        return str(Framework(value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ITEMS:
        return {KNOWN: _("must be known"), MET: _("must be met, at least partly")}.get(value, _("not asked"))
    return str(value)
