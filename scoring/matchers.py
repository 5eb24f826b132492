"""Matchers: what engagement rules look for, each known by a key; and match classes: the sets of matchers a deed can match.

Vectors know deeds by class only, so points, counts, fades and caps can change without matching anything again.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from leads.condition_fields import ACTIVITY_FIELDS
from leads.condition_queries import as_query
from leads.conditions import parse_conditions
from leads.models import ActivityType

from .definition import Deed, Model
from .models import MatchClass, Matcher
from .plan import Plan
from .vectors import MOST_CLASSES

Whole = npt.NDArray[np.int64]
#: Match classes: number and the keys of the matchers that match.
Classes = tuple[tuple[int, tuple[str, ...]], ...]
#: The matcher that every vector knows besides those of rules: the type shows commercial intent (R3).
INTENT = "intent"


class TooManyClasses(Exception):
    """The rules tell apart more kinds of deeds than vectors can hold; the text is a sentence for people."""


def matcher_key(deed: Deed) -> str:
    """The same for deeds that say the same, whatever rule says it."""
    return hashlib.sha256(_canonical(deed).encode()).hexdigest()[:32]


def _canonical(deed: Deed) -> str:
    return json.dumps(_to_json(deed), sort_keys=True)


def _to_json(deed: Deed) -> dict[str, Any]:
    return {"types": sorted(set(deed.types)), "when": [condition.to_json() for condition in deed.when]}


def keys_of(model: Model) -> frozenset[str]:
    """The matchers that the model needs."""
    return frozenset(_keys(model.fingerprint, Same(model)))


def register(model: Model) -> bool:
    """Have new deeds told apart as the model needs; whether vectors must be rebuilt before they are of use to it."""
    deeds = {matcher_key(rule.deed): _to_json(rule.deed) for rule in model.engagement_rules}
    Matcher.objects.bulk_create([Matcher(key=key, deed=deed) for key, deed in deeds.items()], ignore_conflicts=True)
    return not knows(model)


def unlearnt() -> list[str]:
    """The keys of the matchers that some vectors may not tell apart yet."""
    return list(Matcher.objects.filter(learnt=False).values_list("key", flat=True))


def learn(keys: Iterable[str]) -> None:
    """All vectors tell apart what these matchers look for."""
    Matcher.objects.filter(key__in=list(keys)).update(learnt=True)


def queries() -> dict[str, Q]:
    """Every matcher that vectors know, by key, as a condition on `Activity` rows."""
    known = {matcher.key: matcher.deed for matcher in Matcher.objects.order_by("key")}
    return _queries(known)


def queries_of(model: Model, only: Collection[str] | None = None) -> dict[str, Q]:
    """The matchers of one model, or those of them with these keys, whether vectors know them or not."""
    deeds = {matcher_key(rule.deed): _to_json(rule.deed) for rule in model.engagement_rules}
    return _queries({key: deed for key, deed in deeds.items() if only is None or key in only})


def _queries(deeds: dict[str, dict[str, Any]]) -> dict[str, Q]:
    types = list(ActivityType.objects.order_by("id"))
    intent = Q(type_id__in=[kind.pk for kind in types if kind.shows_intent])
    return {INTENT: intent} | {key: _query(deed, types) for key, deed in deeds.items()}


def _query(deed: dict[str, Any], types: Sequence[ActivityType]) -> Q:
    """The type is asked first, by number: most deeds need no look at their texts."""
    query = as_query(parse_conditions(deed["when"], ACTIVITY_FIELDS), ACTIVITY_FIELDS)
    if not deed["types"]:
        return query
    return Q(type_id__in=[kind.pk for kind in types if kind.key in deed["types"]]) & query


def keep_only(model: Model) -> None:
    """Look for nothing but what this model needs: deeds of the past keep their classes, new ones get simpler ones."""
    Matcher.objects.exclude(key__in=keys_of(model)).delete()


def numbers_of(signatures: Iterable[frozenset[str]]) -> dict[frozenset[str], int]:
    """The class number of each set of matchers, making the classes that are not there yet. Call in a transaction."""
    wanted, known = set(signatures), _known_classes()
    if wanted <= known.keys():
        return known
    with connection.cursor() as cursor:  # of two processes that meet something new, one waits for the other
        cursor.execute("LOCK TABLE scoring_matchclass IN SHARE ROW EXCLUSIVE MODE")
    known = _known_classes()
    return known | _make_classes(wanted - known.keys(), set(range(MOST_CLASSES)) - set(known.values()))


def _known_classes() -> dict[frozenset[str], int]:
    return {frozenset(row.signature): row.number for row in MatchClass.objects.all()}


def alike_classes() -> Whole:
    """For each class number the lowest one that the present matchers cannot tell from it; −1 where none of them matches."""
    alike, known = np.full(MOST_CLASSES, -1, np.int64), {INTENT, *Matcher.objects.values_list("key", flat=True)}
    lowest: dict[frozenset[str], int] = {}
    for signature, number in sorted(_known_classes().items(), key=lambda pair: pair[1]):
        if left := signature & known:
            alike[number] = lowest.setdefault(left, number)
    return alike


def _make_classes(signatures: set[frozenset[str]], free: set[int]) -> dict[frozenset[str], int]:
    if len(signatures) > len(free):
        raise TooManyClasses(
            _("The rules tell apart more than 4,096 kinds of activities. Use fewer different conditions.")
        )
    made = dict(zip(sorted(signatures, key=sorted), sorted(free), strict=False))
    MatchClass.objects.bulk_create(
        [MatchClass(number=number, signature=sorted(one), digest=_digest(one)) for one, number in made.items()]
    )
    return made


def _digest(signature: frozenset[str]) -> str:
    return hashlib.sha256(" ".join(sorted(signature)).encode()).hexdigest()


def knows(model: Model) -> bool:
    """Whether stored vectors tell apart all that this model looks for."""
    return keys_of(model) <= set(Matcher.objects.filter(learnt=True).values_list("key", flat=True))


def plan_for(model: Model) -> Plan:
    """The model compiled for the match classes there are; kept until a class is added."""
    rows = MatchClass.objects.order_by("number").values_list("number", "signature")
    return plan_of(model, tuple((number, tuple(signature)) for number, signature in rows))


def plan_of(model: Model, classes: Classes) -> Plan:
    """The model compiled for the given classes."""
    return _compiled(model.fingerprint, classes, Same(model))


class Same:
    """A model as an argument that a cache does not compare: the fingerprint beside it says it all."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _keys(_document: str, same: Same) -> list[str]:
    """The matcher of each engagement rule, in order."""
    return [matcher_key(rule.deed) for rule in same.model.engagement_rules]


@lru_cache(maxsize=8)
def _compiled(document: str, classes: Classes, same: Same) -> Plan:
    model, size = same.model, max((number for number, _keys in classes), default=-1) + 1
    wanted = _keys(document, same)
    feeds, intent = np.zeros((size, len(wanted)), bool), np.zeros(size, bool)
    for number, keys in classes:
        feeds[number] = [key in keys for key in wanted]
        intent[number] = INTENT in keys
    return Plan(model, feeds, intent)
