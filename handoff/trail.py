"""Why is this yes? What was said about an item, when, by whom and how verified, in words (R18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Qualification, QualificationChange
from .models.qualification_change import written
from .models.qualification_parts import Answer, Verified, extras_of, fields_of

TITLES: dict[str, Any] = {
    "budget": gettext_lazy("Budget"),
    "authority": gettext_lazy("Authority"),
    "need": gettext_lazy("Need"),
    "timeline": gettext_lazy("Timeline"),
    "metrics": gettext_lazy("Metrics"),
    "economic_buyer": gettext_lazy("Economic buyer"),
    "decision_criteria": gettext_lazy("Decision criteria"),
    "decision_process": gettext_lazy("Decision process"),
    "identify_pain": gettext_lazy("Identify pain"),
    "champion": gettext_lazy("Champion"),
}
_FACTS: dict[str, Any] = {
    "budget_amount": gettext_lazy("Amount"),
    "budget_currency": gettext_lazy("Currency"),
    "authority_role": gettext_lazy("Role in the decision"),
    "timeline_on": gettext_lazy("Plans to buy on"),
}
#: The most changes of one item that are shown.
MOST = 50


@dataclass(frozen=True)
class Said:
    """Who said so last: what the line below an item tells."""

    who: str
    at: datetime
    how: str


@dataclass(frozen=True)
class Step:
    """One change in words."""

    what: str
    old: str
    new: str
    who: str
    how: str
    at: datetime
    applied: bool
    in_their_words: bool


def item_title(item: str) -> Any:
    return TITLES[item]


def said_of(qualification: Qualification, items: Iterable[str]) -> dict[str, Said]:
    """Per item the last change that was taken over; one query whatever the items."""
    latest = list(qualification.changes.latest_per_field())
    found = {}
    for item in items:
        mine = [change for change in latest if change.field in fields_of(item)]
        if mine:
            last = max(mine, key=lambda change: change.pk)
            found[item] = Said(who_of(last), last.at, str(Verified(getattr(qualification, f"{item}_verified")).label))
    return found


def steps_of(qualification: Qualification, item: str) -> list[Step]:
    """Everything that was said about an item, newest first."""
    return [_step(change) for change in qualification.changes.of_item(item).newest_first()[:MOST]]


def who_of(change: QualificationChange) -> str:
    if change.by_lead:
        return _("The lead, by form")
    return change.by.name if change.by else _("Somebody")


def in_words(field: str, value: str) -> str:
    """A value of history as people read it."""
    if not value:
        return "–"
    if field in TITLES:
        return str(Answer(value).label)
    if field.endswith("_verified"):
        return str(Verified(value).label)
    if field == "timeline_on" and (day := parse_date(value)):
        return date_format(day, "j M Y")
    return value


def _step(change: QualificationChange) -> Step:
    field = change.field
    if field in TITLES:
        what = _("Answer")
    elif field.endswith("_evidence"):
        what = _("In their words")
    elif field.endswith("_verified"):
        what = _("Verified by")
    else:
        what = str(_FACTS[field])
    return Step(
        what, in_words(field, change.old), in_words(field, change.new), who_of(change),
        str(Verified(change.verified).label) if change.verified else "", change.at, change.applied, field.endswith("_evidence"),
    )  # fmt: skip


@dataclass(frozen=True)
class Read:
    """One item to read: its answer, the facts beside it, what was said."""

    key: str
    title: Any
    answer: str
    facts: str
    evidence: str
    how: str


def items_to_read(qualification: Qualification, items: Iterable[str]) -> list[Read]:
    """The framework's items, and those of the other framework that are known all the same."""
    others = [item for item in TITLES if item not in items and getattr(qualification, item) != Answer.UNKNOWN]
    return [_read(qualification, item) for item in (*items, *others)]


def _read(qualification: Qualification, item: str) -> Read:
    facts = (in_words(field, written(getattr(qualification, field))) for field in extras_of(item))
    return Read(
        item, TITLES[item], str(Answer(getattr(qualification, item)).label), " ".join(fact for fact in facts if fact != "–"),
        getattr(qualification, f"{item}_evidence"), str(Verified(getattr(qualification, f"{item}_verified")).label),
    )  # fmt: skip
