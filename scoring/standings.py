"""The scores of all leads as of a day, past or future: computed, never stored (product.md §3, "as of")."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from leads.fact_history import changed_since
from leads.models import Lead

from .days import end_of, workspace_day
from .engine import fits_on, standing_of
from .models import ScoringModel

CHUNK = 20_000


@dataclass(frozen=True)
class ListedScore:
    """One lead's score in hundredths; the stage is its present one."""

    email: str
    external_id: str
    fit: int
    engagement: int
    total: int
    label: str
    stage: str


def scores_on(day: date, *, now: datetime) -> Iterator[ListedScore]:
    """The score of every lead by the published version, in order of lead id; raises `DayOutOfRange`.

    Facts are those of the end of the day where it is over, else today's.
    """
    version = ScoringModel.objects.published()
    changed = changed_since(end_of(day)) if day < workspace_day(now) else set()
    last = 0
    while rows := _leads_after(last):
        ids = [row[0] for row in rows]
        fit = fits_on(version.model, ids, day, changed)
        standing, engagement, labels = standing_of(version.model, ids, day, fit)
        columns = (fit.tolist(), engagement.tolist(), standing.total.tolist(), labels.tolist())
        for (_pk, email, external_id, stage), of_fit, of_deeds, total, label in zip(rows, *columns, strict=True):
            yield ListedScore(email, external_id or "", of_fit, of_deeds, total, label, stage)
        last = ids[-1]


def _leads_after(last: int) -> list[tuple[int, str, str | None, str]]:
    columns = ("id", "email", "external_id", "stage")
    return list(Lead.objects.filter(id__gt=last).order_by("id").values_list(*columns)[:CHUNK])
