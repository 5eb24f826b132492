"""What leads did, as a condition: kinds of deed, how often, within how many days, and what they were about."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.utils.translation import gettext

from leads.activity_types import BUILTIN
from leads.condition_fields import ACTIVITY_FIELDS
from leads.condition_queries import Sql, as_query
from leads.conditions import Condition, Narrow
from leads.models import Activity, ActivityType, Verdict

#: Midnight of the workspace's calendar, so many days from now.
_MIDNIGHT = "(date_trunc('day', now() AT TIME ZONE <1>) + <2>) AT TIME ZONE <1>"


def has_done(condition: Condition) -> Q:
    """Whether the lead has done one of the named kinds of deed as often as said, or has not; machines' hits do not count."""
    deeds = Activity.objects.filter(lead=OuterRef("pk"), verdict=Verdict.PERSON)
    named = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if condition.op not in ("known", "unknown"):
        keys = [str(key).strip().lower() for key in named]
        deeds = deeds.filter(type__in=ActivityType.objects.filter(key__in=keys))
    narrow = condition.narrow or Narrow()
    if narrow.days is not None:
        deeds = deeds.filter(_within(narrow.days))
    if narrow.when:
        deeds = deeds.filter(as_query(narrow.when, ACTIVITY_FIELDS))
    if narrow.times > 1:  # there is one after so many others: it stops counting where it knows
        deeds = deeds.order_by()[narrow.times - 1 : narrow.times]
    found = Q(Exists(deeds))
    return ~found if condition.op in ("is_not", "not_in", "unknown") else found


def _within(days: int) -> Q:
    """Of an age in whole days below that, as scoring counts it: today's deeds are of age 0, those to come of none."""
    words = f"<0> >= {_MIDNIGHT} AND <0> < {_MIDNIGHT.replace('<2>', '<3>')}"
    zone = Sql("<0>::text", Value(settings.WORKSPACE_TIME_ZONE), output_field=TextField())
    return Q(Sql(words, F("occurred_at"), zone, _days(1 - days), _days(1)))


def _days(number: int) -> Any:
    return Sql("make_interval(days => <0>)", Value(number))


def deeds_offered() -> list[tuple[str, str]]:
    """The kinds of deed, as (key, name)."""
    return [(kind.key, str(kind)) for kind in ActivityType.objects.all()]


def deed_names() -> dict[str, str]:
    """What the built-in kinds of deed are called; no question to the database."""
    return {kind[0]: gettext(kind[1]) for kind in BUILTIN}
