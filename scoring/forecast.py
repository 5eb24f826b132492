"""What the score of one lead will be: on later days if nothing happens, or today if it did one thing more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leads.stages import Stage

from .cuts import Cuts
from .definition import Definitions, Model
from .definitions import Standing, is_mql, is_sql, leaves_mql
from .kernel import Engagement, engagement
from .plan import Plan
from .vectors import Entries, Vectors, merge, unpack

Whole = npt.NDArray[np.int64]
#: How far ahead, in days, pages look.
HORIZON = 365


def forecast(plan: Plan, entries: Entries, days: npt.ArrayLike, cuts: Cuts | None = None) -> Engagement:
    """Engagement on each of the day numbers if nothing more happens, past days as they were, in one call."""
    wanted: Whole = np.asarray(days, np.int64)
    return engagement(plan, Vectors.of([entries], cuts).repeated(len(wanted)), wanted)


def still_counting(plan: Plan, entries: Entries, day: int) -> Entries:
    """The deeds that matter from the day on: those too old for every rule they feed are left out, but the last of each class.

    On that day and all later ones the rest score the same, and a lead with years of history is foretold in a blink.
    """
    horizons = np.array([rule.horizon for rule in plan.rules], np.int64)
    lasting = np.where(plan.matches, horizons, 0).max(axis=1, initial=0)
    days, classes, _counts = unpack(entries)
    last, known = (
        np.zeros(len(entries), bool),
        np.flatnonzero(days <= day)[::-1],
    )  # a deed of tomorrow replaces none of today
    last[known[np.unique(classes[known], return_index=True)[1]]] = True
    return entries[(day - days < lasting[classes]) | last]


def standings(plan: Plan, entries: Entries, fit: int, days: npt.ArrayLike, cuts: Cuts | None = None) -> Standing:
    """Where the lead stands on each of the days, fit (hundredths) unchanged; for the tests of `definitions`."""
    found = forecast(plan, entries, days, cuts)
    return Standing(
        np.full_like(found.total, fit), found.total + fit, found.last_active, found.last_intent, np.asarray(days)
    )


def leaves_mql_on(plan: Plan, entries: Entries, fit: int, day: int) -> int | None:
    """The first day number after `day` on which the total lies under the leave mark if nothing happens; None within a year."""
    mark = plan.model.definitions.mql.leave_total
    if mark is None:
        return None
    days = np.arange(day + 1, day + 1 + HORIZON)
    under = np.flatnonzero(forecast(plan, entries, days).total + fit < mark)
    return int(days[under[0]]) if under.size else None


def after_deeds(plan: Plan, entries: Entries, fit: int, day: int, deeds: Sequence[Entries]) -> Standing:
    """Where the lead would stand on `day` after each of the alternative deeds (packed), in one call."""
    found = engagement(plan, Vectors.of([merge(entries, more) for more in deeds]), day)
    return Standing(np.full_like(found.total, fit), found.total + fit, found.last_active, found.last_intent, day)


def reaching(model: Model, stage: str, after: Standing) -> list[int]:
    """The numbers of the alternatives that qualify for "mql" or "sql"."""
    definitions = model.definitions
    reached = is_mql(definitions.mql, after) if stage == "mql" else is_sql(definitions.sql, after)
    return [int(number) for number in np.flatnonzero(reached)]


@dataclass(frozen=True)
class MoveAhead:
    """A move of stage that the score will make by itself on a day number, if nothing happens until then."""

    day: int
    before: Stage
    after: Stage


def moves_ahead(
    says: Definitions, standing: Standing, *, stage: str, since: int, not_before: int = 0
) -> list[MoveAhead]:
    """The moves over the rising days of the standing: with leave marks and minimum stay, until sales takes over.

    `since` is the day number on which the present stage began; before the day `not_before` a cooling lead is not promoted.
    """
    found, here = [], Stage(stage)
    for place, day in enumerate(np.asarray(standing.day).tolist()):
        after = _moved(says, _on(standing, place), here, day - since, day >= not_before)
        if after:
            found.append(MoveAhead(day, here, after))
            here, since = after, day
    return found


def _moved(says: Definitions, lead: Standing, here: Stage, stayed: int, may_rise: bool) -> Stage | None:
    """Where the sweep of a day would move a lead; the order is that of `scoring.promotions`."""
    if here not in (Stage.LEAD, Stage.MARKETING_QUALIFIED):
        return None
    if is_sql(says.sql, lead):
        return Stage.SALES_QUALIFIED if may_rise else None
    if here == Stage.LEAD:
        return Stage.MARKETING_QUALIFIED if may_rise and is_mql(says.mql, lead) else None
    return Stage.LEAD if leaves_mql(says.mql, lead, stayed) else None


def _on(standing: Standing, place: int) -> Standing:
    columns = (standing.fit, standing.total, standing.last_active, standing.last_intent, standing.day)
    return Standing(*(int(column[place]) for column in columns))
