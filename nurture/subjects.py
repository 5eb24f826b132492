"""Two subjects tried against each other: what can honestly be said of the difference.

Sources: Wilson's interval for a share (`scoring.health_intervals`); R. G. Newcombe, "Interval estimation for the difference between
independent proportions", Statistics in Medicine 17 (1998), method 10, for the difference of two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from leads.models import Verdict
from scoring.health_intervals import FEWEST, Interval, wilson

from .merge_language import in_words
from .models import EmailVersion, Hit, Letter


@dataclass(frozen=True)
class Tried:
    """What became of one subject: letters sent, and how many of them persons opened or followed a link of."""

    variant: str
    subject: str
    sent: int = 0
    opened: int = 0
    clicked: int = 0

    @property
    def opens(self) -> Interval | None:
        return wilson(self.opened, self.sent)

    @property
    def clicks(self) -> Interval | None:
        return wilson(self.clicked, self.sent)

    @property
    def shares(self) -> list[Interval | None]:
        """Opened and followed, in this order."""
        return [self.opens, self.clicks]


@dataclass(frozen=True)
class Trial:
    """Both subjects, and the difference (second less first) where the numbers can show one."""

    tried: list[Tried]
    opens: Interval | None = None
    clicks: Interval | None = None

    @property
    def is_enough(self) -> bool:
        """Whether both were sent often enough to say anything."""
        return all(one.sent >= FEWEST for one in self.tried)

    @property
    def better(self) -> str:
        """The variant whose links persons follow more often, as far as the numbers show it; blank where they do not."""
        if not self.is_enough or self.clicks is None or self.clicks.low <= 0 <= self.clicks.high:
            return ""
        return "b" if self.clicks.low > 0 else "a"


def trial_of(version: EmailVersion) -> Trial:
    """What became of the subjects of a version, in one question. Tests and machines do not count."""
    rows = {row["variant"]: row for row in _counts(version)}
    subjects = [("a", in_words(version.subject)), ("b", in_words(version.subject_b))][: 2 if version.subject_b else 1]
    tried = [Tried(one, said, **{k: rows[one][k] for k in ("sent", "opened", "clicked")}) if one in rows else Tried(one, said) for one, said in subjects]  # fmt: skip
    if len(tried) == 1:
        return Trial(tried)
    a, b = tried
    return Trial(tried, difference(b.opens, a.opens), difference(b.clicks, a.clicks))


def _counts(version: EmailVersion) -> Iterable[Any]:
    by_persons = Hit.objects.filter(letter=OuterRef("pk"), verdict=Verdict.PERSON)
    letters = Letter.objects.filter(version=version, is_test=False, state=Letter.State.SENT)
    marked = letters.annotate(
        was_opened=Exists(by_persons.filter(kind__in=[Hit.Kind.OPEN, Hit.Kind.CLICK])),
        was_clicked=Exists(by_persons.filter(kind=Hit.Kind.CLICK)),
    )
    return marked.order_by().values("variant").annotate(
        sent=Count("pk"),
        opened=Count("pk", filter=Q(was_opened=True)),
        clicked=Count("pk", filter=Q(was_clicked=True)),
    )  # fmt: skip


def difference(one: Interval | None, other: Interval | None) -> Interval | None:
    """How much larger one share is than another, with Newcombe's interval of 95 %."""
    if one is None or other is None:
        return None
    value = one.value - other.value
    low = value - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = value + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Interval(value, low, high)
