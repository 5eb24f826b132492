"""What the company promises about follow-up, as plain values (product.md §5, R17)."""

from dataclasses import dataclass, field
from datetime import timedelta

from .calendar import StraightHours, Target


@dataclass(frozen=True)
class Policy:
    """Target of the first follow-up, the moments of its reminders, and what happens after a no."""

    target: Target = field(default_factory=lambda: StraightHours(24))
    unclaimed_after: timedelta = timedelta(hours=2)
    before_due: timedelta = timedelta(hours=4)
    late_every: timedelta = timedelta(hours=4)
    late_times: int = 6
    #: A lead sent back without a date does not become SQL by itself for this long.
    cooling: timedelta = timedelta(days=30)


DEFAULT = Policy()


def current() -> Policy:
    """The policy in force."""
    return DEFAULT
