"""What the house looked like at each round of routing is kept as long as a rehearsal may ask for it; the log itself stays."""

from datetime import datetime, timedelta

from .models import Round

#: Longer than the longest rehearsal looks back.
KEPT = timedelta(days=100)


def thin(now: datetime) -> int:
    """Forget sellers and counters of older rounds, the bulk of them; by one statement. Returns how many were thinned."""
    return Round.objects.filter(at__lt=now - KEPT).exclude(house={}, pointers={}).update(house={}, pointers={})
