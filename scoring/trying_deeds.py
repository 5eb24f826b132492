"""The deeds of leads as a model tells them apart, also where vectors do not know yet what it looks for: then only that is matched."""

from contextlib import suppress
from functools import reduce
from operator import or_

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from leads.models import Activity

from . import matchers, store
from .definition import Model
from .definition_reading import parse
from .matchers import INTENT, Classes, TooManyClasses
from .models import MatchClass, Matcher, Pending
from .plan import Plan
from .store import Whole
from .vectors import MOST_CLASSES, Vectors, unpack


class Sight:
    """What a model sees of the deeds of any leads. What vectors know is read off them, what they do not off raw activities.

    A deed that a new rule is about then stands there twice: with the class that it has, which feeds no new rule, and with one
    made up here, which feeds nothing else. So every rule counts exactly its own deeds.
    """

    def __init__(self, model: Model) -> None:
        learnt = set(Matcher.objects.filter(learnt=True).values_list("key", flat=True))
        rows = list(MatchClass.objects.order_by("number").values_list("number", "signature"))
        self.model = model
        self.news = matchers.keys_of(model) - learnt
        self._known: Classes = tuple(
            (number, tuple(key for key in keys if key not in self.news)) for number, keys in rows
        )
        self._free = sorted(set(range(MOST_CLASSES)) - {number for number, _keys in rows})
        self._made: dict[tuple[str, ...], int] = {}
        self._only_news = _without_the_known(model, self.news) if self.news else None

    @property
    def is_new(self) -> bool:
        """Whether raw activities must be looked at, which takes longer."""
        return bool(self.news)

    def of(self, lead_ids: Whole) -> tuple[Plan, Vectors]:
        """The deeds of these leads, in rising order of id, and the plan that counts them."""
        vectors = store.read(lead_ids)
        if self._only_news is not None and len(lead_ids):
            with suppress(EmptyResultSet):  # no deed can be so: of a type that does not exist, for instance
                vectors = vectors.joined(self._new_deeds(self._only_news, lead_ids))
        made: Classes = tuple((number, keys) for keys, number in self._made.items())
        return matchers.plan_of(self.model, self._known + made), vectors

    def _new_deeds(self, only_news: Model, lead_ids: Whole) -> Vectors:
        classes, packed = store.packed_for(only_news, _done_by(lead_ids, _any_of(only_news)))
        found = packed.of(lead_ids.tolist())
        days, old, counts = unpack(found.entries)
        numbers = np.zeros(MOST_CLASSES, np.int64)
        for number, keys in classes:
            numbers[number] = self._number(keys)
        return Vectors.pack(found.owners, days, numbers[old], counts, leads=len(found))

    def _number(self, keys: tuple[str, ...]) -> int:
        """The class made up for deeds that these new matchers match."""
        if keys not in self._made:
            if len(self._made) == len(self._free):
                raise TooManyClasses(
                    _("The rules tell apart more than 4,096 kinds of activities. Use fewer different conditions.")
                )
            self._made[keys] = self._free[len(self._made)]
        return self._made[keys]


def _without_the_known(model: Model, news: frozenset[str]) -> Model:
    """Only those engagement rules of the model whose deeds vectors do not tell apart."""
    new = {rule.key for rule in model.engagement_rules if matchers.matcher_key(rule.deed) in news}
    document = model.to_document()
    return parse(document | {"rules": [rule for rule in document["rules"] if rule["key"] in new]})


def _any_of(model: Model) -> Q:
    return reduce(or_, (query for key, query in matchers.queries_of(model).items() if key != INTENT))


def _done_by(lead_ids: Whole, what: Q) -> "QuerySet[Activity]":
    """What has been counted already; the rest is in no vector either, so that both sides know the same."""
    waiting = Pending.objects.filter(activity_id=OuterRef("id"))
    between = {"lead_id__gte": int(lead_ids[0]), "lead_id__lte": int(lead_ids[-1])}
    return Activity.objects.filter(what, ~Exists(waiting), **between)
