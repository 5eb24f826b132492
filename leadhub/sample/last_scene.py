"""Right now: handoffs that are late by 40 minutes, due in two hours, fresh and unclaimed, whatever the year brought."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handoff.models import Handoff
from leads.models import Lead
from leads.stages import Stage

from .staff import BUDI, DANA, MONA, RITA, SAM, Colleague
from .year import Year

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class HandOver:
    """A marketer hands the best MQL over `ago`; a rep claims it `after` that, or nobody does; nobody has called yet."""

    ago: timedelta
    by: Colleague
    note: str
    rep: Colleague | None = None
    after: timedelta = HOUR


SCENE = (
    HandOver(
        26 * HOUR, MONA, "Opens every letter about stocktaking; asked on LinkedIn who our customers in retail are."
    ),
    HandOver(
        24 * HOUR + timedelta(minutes=40),
        BUDI,
        "Met at the expo in Jakarta, wants figures before the month ends.",
        RITA,
    ),
    HandOver(22 * HOUR, MONA, "Third colleague of this company within two weeks.", RITA, 3 * HOUR),
    HandOver(21 * HOUR, BUDI, "Their current WMS contract ends in March.", SAM, 2 * HOUR),
    HandOver(9 * HOUR, MONA, "Compared us with two others in the webinar chat.", DANA),
    HandOver(4 * HOUR, BUDI, "Asked for a visit of the Surabaya site."),
    HandOver(timedelta(minutes=50), MONA, "Wrote that the decision falls this quarter."),
)


def prepare(year: Year) -> None:
    """Put the scene on the agenda of the year."""
    for hand_over in SCENE:
        year.agenda.add(year.now - hand_over.ago, _act(year, hand_over))


def _act(year: Year, scene: HandOver) -> Callable[[], Any]:
    at = year.now - scene.ago

    def act() -> None:
        lead = next(_best_mqls(), None)
        if lead is None:
            return
        year.sales.reserved.add(lead.pk)
        lead.hand_over(note=scene.note, by=year.sales.person(scene.by), at=at)
        if scene.rep:
            rep, claimed_at = year.sales.person(scene.rep), at + scene.after
            year.agenda.add(claimed_at, lambda: Handoff.objects.open().get(lead=lead).claim(by=rep, at=claimed_at))

    return act


def _best_mqls() -> Iterator[Lead]:
    """Those that sales has not had yet."""
    return iter(Lead.objects.at(Stage.MARKETING_QUALIFIED).filter(cycle=1).order_by("-score__total", "pk")[:1])
