"""What became of a version that counted: its forecast, what was seen after it, and whether sales took more of what it got (R12, R13)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from handoff.models import Handoff
from scoring.effects_seen import SPANS, History, Span, histories, span_of
from scoring.models import ScoringModel

from .replay import ENOUGH, Share
from .replay_moments import ACCEPTED

DECIDED = Q(outcome__in=list(ACCEPTED))
TAKEN = Q(outcome__in=[outcome for outcome, taken in ACCEPTED.items() if taken])


@dataclass(frozen=True)
class Acceptance:
    """Of the handoffs offered in the days before and after, those that sales accepted, of those it decided on by now."""

    before: Share
    after: Share
    enough: int = ENOUGH


@dataclass(frozen=True)
class Outcome:
    """One span after publishing, with what sales decided of the handoffs offered in it."""

    span: Span
    acceptance: Acceptance


class VersionHistory:
    """The history of one version, as its page shows it; nothing of a version that never counted."""

    def __init__(self, version: ScoringModel, now: datetime) -> None:
        self.version = version
        self.told: History | None = histories([version], now).get(version.pk)
        accepted = _acceptance(version, now) if self.told else []
        spans = self.told.spans if self.told else []
        self.outcomes = [Outcome(*pair) for pair in zip(spans, accepted, strict=True)]

    @property
    def says_something(self) -> bool:
        """Whether it has counted long enough for any rate."""
        return any(one.span.says_something for one in self.outcomes)


def _acceptance(version: ScoringModel, now: datetime) -> list[Acceptance]:
    """For each of the spans; one query."""
    at, longest = version.published_at, span_of(version, SPANS[-1], now)
    asked: dict[str, Count] = {}
    for days in SPANS:
        length = span_of(version, days, now)
        for name, first in (("before", at - length), ("after", at)):  # type: ignore[operator]
            offered = Q(offered_at__gte=first, offered_at__lt=first + length)  # type: ignore[operator]
            asked[f"{name}_{days}"] = Count("pk", filter=offered & DECIDED)
            asked[f"taken_{name}_{days}"] = Count("pk", filter=offered & TAKEN)
    rows = Handoff.objects.filter(offered_at__gte=at - longest, offered_at__lt=at + longest)  # type: ignore[operator]
    said = rows.order_by().aggregate(**asked)
    shares = {name: Share(said[f"taken_{name}"], said[name]) for name in asked if not name.startswith("taken_")}
    return [Acceptance(shares[f"before_{days}"], shares[f"after_{days}"]) for days in SPANS]
