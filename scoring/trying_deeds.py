"""The deeds of leads as a model tells them apart, also where vectors do not know yet what it looks for: then only that is matched."""

from collections.abc import Collection
from contextlib import suppress
from functools import reduce
from operator import or_

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from leads.models import Activity, Lead

from . import matchers, store
from .columns import one_row
from .days import beginning_of
from .definition import Model
from .matchers import INTENT, Classes, TooManyClasses
from .models import MatchClass, Matcher, Pending
from .plan import Flags, Plan
from .store import Whole
from .vectors import MOST_CLASSES, Vectors, date_of, unpack


class Sight:
    """What a model sees of the deeds of any leads. What vectors know is read off them, what they do not off raw activities.

    A deed that a new rule is about then stands there twice: with the class that it has, which feeds no new rule, and with one
    made up here, which feeds nothing else. So every rule counts exactly its own deeds. New deeds that count for no rule on
    the `day` any more are not looked for, but for the last days that say whether a lead is `active`.
    """

    def __init__(self, model: Model, day: int, active: int = 0) -> None:
        learnt = set(Matcher.objects.filter(learnt=True).values_list("key", flat=True))
        rows = list(MatchClass.objects.order_by("number").values_list("number", "signature"))
        self.model = model
        self.news = matchers.keys_of(model) - learnt
        self._known: Classes = tuple(
            (number, tuple(key for key in keys if key not in self.news)) for number, keys in rows
        )
        self._free = sorted(set(range(MOST_CLASSES)) - {number for number, _keys in rows})
        self._made: dict[tuple[str, ...], int] = {}
        self._looks_for = matchers.queries_of(model, only=self.news) if self.news else {}
        ages = [rule.horizon for rule in model.engagement_rules if matchers.matcher_key(rule.deed) in self.news]
        self._since = date_of(day - max([active, *ages]))

    @property
    def is_new(self) -> bool:
        """Whether raw activities must be looked at, which takes longer."""
        return bool(self.news)

    def of(self, leads: Whole, telling: Collection[str] | None = None) -> tuple[Whole, Plan, Vectors]:
        """Which of these leads, in rising order of id, have deeds that one of the matchers `telling` looks for (None: all do),
        by their places; the plan that counts, and the deeds of those leads.
        """
        news, which, stored = self._news(leads), np.arange(len(leads)), None
        if telling is not None:
            old = _with(telling, self._known)
            stored = store.read(leads) if old.any() else None
            parts = [stored.owners_of(old) if stored is not None else which[:0]]
            parts += [news.owners_of(_with(telling, self._made_up))] if news is not None else []
            which = np.unique(np.concatenate(parts))
        some = leads[which]
        vectors = store.read(some) if stored is None else stored.picked(leads, some)
        plan = matchers.plan_of(self.model, self._known + self._made_up)
        return which, plan, vectors if news is None else vectors.joined(news.picked(leads, some))

    @property
    def _made_up(self) -> Classes:
        return tuple((number, keys) for keys, number in self._made.items())

    def _news(self, leads: Whole) -> Vectors | None:
        """The deeds that vectors do not tell apart; None where there are none."""
        if self.news and len(leads):
            with suppress(EmptyResultSet):  # no deed can be so: of a type that does not exist, for instance
                return self._new_deeds(leads)
        return None

    def _new_deeds(self, lead_ids: Whole) -> Vectors:
        any_new = reduce(or_, (query for key, query in self._looks_for.items() if key != INTENT))
        classes, packed = store.packed_for(self._looks_for, self._done_by(lead_ids, any_new))
        found = packed.of(lead_ids.tolist())
        days, old, counts = unpack(found.entries)
        numbers = np.zeros(MOST_CLASSES, np.int64)
        for number, keys in classes:
            numbers[number] = self._number(keys)
        return Vectors.pack(found.owners, days, numbers[old], counts, leads=len(found))

    def _done_by(self, lead_ids: Whole, what: Q) -> "QuerySet[Activity]":
        """What has been counted already; the rest is in no vector either, so that both sides know the same."""
        waiting = Pending.objects.filter(activity_id=OuterRef("id"))
        between = {"lead_id__gte": int(lead_ids[0]), "lead_id__lte": int(lead_ids[-1])}
        lately = {"occurred_at__gte": beginning_of(self._since)} if self._since else {}
        return Activity.objects.filter(what, ~Exists(waiting), **between, **lately)

    def _number(self, keys: tuple[str, ...]) -> int:
        """The class made up for deeds that these new matchers match."""
        if keys not in self._made:
            if len(self._made) == len(self._free):
                raise TooManyClasses(
                    _("The rules tell apart more than 4,096 kinds of activities. Use fewer different conditions.")
                )
            self._made[keys] = self._free[len(self._made)]
        return self._made[keys]


def _with(keys: Collection[str], classes: Classes) -> Flags:
    """By class number: whether its deeds match any of these matchers."""
    flags, wanted = np.zeros(MOST_CLASSES, bool), frozenset(keys)
    flags[[number for number, signature in classes if wanted.intersection(signature)]] = True
    return flags


def deeds_a_lead() -> float:
    """How many activities a lead has, as the database last counted them; 0.0 where it never did."""
    found = one_row(
        "SELECT (SELECT reltuples FROM pg_class WHERE oid = %s::regclass)"
        " / nullif(greatest((SELECT reltuples FROM pg_class WHERE oid = %s::regclass), 0), 0)",
        [Activity._meta.db_table, Lead._meta.db_table],
    )
    return max(0.0, found[0] or 0.0)
