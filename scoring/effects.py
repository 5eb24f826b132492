"""What a version changes among leads that had a score by the version before: who meets which definition, and the mean. Pure (R12)."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .definition import Definitions
from .definitions import Standing, is_mql, is_sql

#: Ways over a definition's mark.
KINDS = ("mql_in", "mql_out", "sql_in", "sql_out")


@dataclass(frozen=True)
class Effect:
    """Leads that newly meet a definition (`…_in`) and that no longer do (`…_out`), of `leads`; sums of their totals in hundredths."""

    leads: int = 0
    mql_in: int = 0
    mql_out: int = 0
    sql_in: int = 0
    sql_out: int = 0
    total_before: int = 0
    total_after: int = 0

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def mean_before(self) -> float | None:
        """In points; None of no leads."""
        return self.total_before / self.leads / 100 if self.leads else None

    @property
    def mean_after(self) -> float | None:
        return self.total_after / self.leads / 100 if self.leads else None


def effect_between(was: Definitions, before: Standing, says: Definitions, after: Standing) -> Effect:
    """What changes for leads (arrays) that stood `before` by definitions that said `was`, and stand `after` by what counts now."""
    found = {kind: int(np.count_nonzero(which)) for kind, which in crossing(was, before, says, after).items()}
    return Effect(len(before.total), **found, total_before=int(before.total.sum()), total_after=int(after.total.sum()))


def crossing(was: Definitions, before: Standing, says: Definitions, after: Standing) -> dict[str, Any]:
    """Which leads newly meet a definition, and which no longer do, by kind; arrays of yes and no."""
    mql, sql = is_mql(was.mql, before), is_sql(was.sql, before)
    new_mql, new_sql = is_mql(says.mql, after), is_sql(says.sql, after)
    return dict(zip(KINDS, (new_mql & ~mql, mql & ~new_mql, new_sql & ~sql, sql & ~new_sql), strict=True))
