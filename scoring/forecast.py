"""What the score of one lead will be: on later days if nothing happens, or today if it did one thing more."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .definition import Model
from .definitions import Standing, is_mql, is_sql
from .kernel import Engagement, engagement
from .plan import Plan
from .vectors import Entries, Vectors, merge

Whole = npt.NDArray[np.int64]
#: How far ahead, in days, pages look.
HORIZON = 365


def forecast(plan: Plan, entries: Entries, days: npt.ArrayLike) -> Engagement:
    """Engagement on each of the day numbers if nothing more happens, past days as they were, in one call."""
    wanted: Whole = np.asarray(days, np.int64)
    return engagement(plan, Vectors.of([entries]).repeated(len(wanted)), wanted)


def standings(plan: Plan, entries: Entries, fit: int, days: npt.ArrayLike) -> Standing:
    """Where the lead stands on each of the days, fit (hundredths) unchanged; for the tests of `definitions`."""
    found = forecast(plan, entries, days)
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
