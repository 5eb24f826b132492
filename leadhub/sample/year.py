"""Replaying the year: deeds arrive, scores follow, stages move, sales acts; each step with what was known by then."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from leads.models import Activity
from scoring import sweep
from scoring.days import workspace_day

from .agenda import Agenda
from .deeds import Deed
from .people import YEAR, Prospect
from .sales_play import SalesPlay
from .writing import ACTOR, activities

DAY = timedelta(days=1)
#: How far back the clock goes step by step: (days before now, hours between steps, days between sweeps). The nearer, the finer.
PACE = ((365, 480, 45), (56, 144, 14), (6, 20, 1))


def steps(seed: int, now: datetime) -> Iterator[datetime]:
    """The moments at which what arrived is counted: by day, and not on the hour, so that they look like what they are."""
    rng = Random(f"{seed}:steps")  # noqa: S311
    moment = now - YEAR
    while moment < now:
        hours, _days = pace_at(moment, now)
        begun = moment
        moment = _by_day(rng, moment + timedelta(hours=hours * rng.uniform(0.8, 1.2)))
        if moment <= begun:
            moment = _by_day(rng, begun + DAY)
        if moment < now:
            yield moment
    yield now


def pace_at(moment: datetime, now: datetime) -> tuple[int, int]:
    """How many hours a step takes there, and after how many days a sweep is due."""
    left = (now - moment) / DAY
    return next((hours, sweeps) for days, hours, sweeps in reversed(PACE) if left <= days)


def _by_day(rng: Random, moment: datetime) -> datetime:
    """A moment of that day when most of Europe and Asia is awake."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(seconds=min(max(rng.gauss(11.5, 3.2), 5.5), 18.5) * 3600)


class Year:
    """The year as it goes by. `told` are the deeds with their leads, in order of time."""

    def __init__(
        self,
        told: Sequence[tuple[int, Deed]],
        staff: Mapping[str, User],
        prospects: Mapping[int, Prospect],
        *,
        seed: int,
        now: datetime,
    ) -> None:
        self.told, self.moments = told, [deed.at for _lead, deed in told]
        self.agenda = Agenda()
        self.sales = SalesPlay(self.agenda, staff, prospects, seed=seed, since=now - YEAR)
        self.seed, self.now, self.place = seed, now, 0
        self.scored_on = workspace_day(now - YEAR - DAY)

    def go_by(self) -> None:
        for moment in steps(self.seed, self.now):
            self.step(moment)

    def step(self, moment: datetime) -> None:
        """Everything up to the moment: sales' acts, then the leads' deeds, then the scores and what follows of them."""
        self.agenda.play_until(moment)
        end = bisect_right(self.moments, moment, lo=self.place)
        if end > self.place:
            told = activities(self.told[self.place : end], first=self.place)
            Activity.objects.record_many(told, at=moment, actor=ACTOR)
            self.place = end
        sweep.drain(moment)
        day, due = workspace_day(moment), pace_at(moment, self.now)[1]
        if moment == self.now or (day - self.scored_on).days >= due:
            sweep.score_day(day, at=moment)
            self.scored_on = day
        self.sales.take_up_new()
