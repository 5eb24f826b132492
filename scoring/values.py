"""The values that a field really has, with how many leads or activities have each: what conditions are built from."""

from dataclasses import dataclass

from django.db.models import Count, Model, QuerySet, Value

from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.condition_queries import Sql, text_of
from leads.condition_values import fold
from leads.condition_values import text_of as plain_text
from leads.models import Activity, Lead

from .definition import FIT

#: So many of the latest are looked at: enough to know what occurs, few enough for an answer at every key press.
SAMPLE = 10_000
SHOWN = 12
#: Values that belong to one person are nothing to build a rule from, and nothing to show around.
PERSONAL = frozenset({"email", "phone", "first_name", "last_name", "external_id"})


@dataclass(frozen=True)
class Occurring:
    """A value and how many of those looked at have it."""

    value: str
    count: int


@dataclass(frozen=True)
class Values:
    """What occurs most, `of` so many; `is_all` where these are all there are, else they are the latest."""

    found: list[Occurring]
    of: int
    is_all: bool


def values_of(axis: str, field: str, typed: str = "", types: tuple[str, ...] = ()) -> Values | None:
    """The commonest values of a field that hold the typed text; for activities of these types. None where none are shown."""
    fields = LEAD_FIELDS if axis == FIT else ACTIVITY_FIELDS
    if fields.get(field) is None or field in PERSONAL or "\x00" in field:
        return None
    rows, of, is_all = _latest(Lead.objects.all() if axis == FIT else Activity.objects.all())
    if types and axis != FIT:
        rows = rows.filter(type__key__in=types)
    rows = rows.order_by().annotate(shown=text_of(field, fields)).exclude(shown=None)
    if wanted := fold(plain_text(typed) or ""):
        rows = rows.filter(Sql("strpos(lower(<0>), <1>::text) > 0", text_of(field, fields), Value(wanted)))
    counted = rows.values_list("shown").annotate(n=Count("pk")).order_by("-n", "shown")[:SHOWN]
    return Values([Occurring(value[:200], n) for value, n in counted], of, is_all)


def _latest(rows: QuerySet[Model]) -> tuple[QuerySet[Model], int, bool]:
    """The latest so many rows, how many that are, and whether these are all."""
    ids = rows.order_by("-pk").values_list("pk", flat=True)
    first = ids[SAMPLE : SAMPLE + 1].first()
    if first is None:
        return rows, rows.count(), True
    return rows.filter(pk__gt=first), SAMPLE, False
