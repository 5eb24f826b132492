"""What ships with LeadHub is put in place after `migrate`, when the way went forwards."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any


def furnishes(receiver: Callable[..., None]) -> Callable[..., None]:
    """Decorates a receiver of `post_migrate` that writes rows: after taking tables back there is nothing to write into."""

    @wraps(receiver)
    def after_migrating(*, plan: Sequence[tuple[Any, bool]] = (), **signal: Any) -> None:
        if not any(backwards for _migration, backwards in plan):
            receiver(**signal)

    return after_migrating
