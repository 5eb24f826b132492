"""The replay as its page shows it: the published version beside another one, over the same moments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _t

from accounts.models import Role, User
from leads.facts_at import facts_at
from leads.models import Lead
from leads.stages import Stage
from scoring.definitions import Standing, is_mql, is_sql
from scoring.models import ModelState, ScoringModel

from .periods import Period
from .questions import query_of
from .replay import ENOUGH, Band, Flags, Mark, Matrix, Share, bands, marks, reaching_acceptance, reaching_volume
from .replay_moments import HANDOFFS, MOST, Moment, moments
from .replay_scores import standing_at

#: Flips shown at once; the counts are of all.
FLIPS_SHOWN = 50


@dataclass(frozen=True)
class ReplayQuestion:
    """What is replayed: moments of a kind and period, by which version; what is wanted: `acceptance` in percent, `volume` a week for each rep."""

    viewer: User
    period: Period
    preset: str
    kind: str
    version: str
    acceptance: int
    volume: int | None = None
    flips: int = 1

    @property
    def stage(self) -> Stage:
        return Stage.SALES_QUALIFIED if self.kind == HANDOFFS else Stage.MARKETING_QUALIFIED

    def query(self, **more: object) -> str:
        """The address parameters that ask this question, and more of them."""
        wanted = {"version": self.version, "acceptance": self.acceptance, "volume": self.volume}
        days = {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}
        return query_of(
            {"of": self.kind, "period": self.preset or "custom", **({} if self.preset else days), **wanted, **more}
        )


class Side:
    """One version over the moments: whom it would have taken, and how that agrees with what came of them."""

    def __init__(self, version: ScoringModel, standing: Standing, page: "ReplayPage") -> None:
        says, self.version, self.totals = version.model.definitions, version, standing.total
        sql = page.question.kind == HANDOFFS
        self.would: Flags = np.asarray(is_sql(says.sql, standing) if sql else is_mql(says.mql, standing), bool)
        self.page = page

    @cached_property
    def by_decision(self) -> Matrix:
        decided = self.page.decided
        return Matrix.of(self.would[decided], self.page.accepted[decided])

    @cached_property
    def by_deal(self) -> Matrix:
        ended = self.page.ended
        return Matrix.of(self.would[ended], self.page.won[ended])

    @cached_property
    def bands(self) -> dict[int | None, Band]:
        decided = self.page.decided
        return {band.low: band for band in bands(self.totals[decided], self.page.accepted[decided])}

    @cached_property
    def marks(self) -> list[Mark]:
        return marks(self.totals, self.page.decided, self.page.accepted)

    @property
    def acceptance_mark(self) -> Mark | None:
        return reaching_acceptance(self.marks, self.page.question.acceptance / 100)

    @property
    def volume_mark(self) -> Mark | None:
        return reaching_volume(self.marks, self.page.wanted_leads)


@dataclass(frozen=True)
class Flip:
    """A lead that one version would have taken and the other not. Totals are hundredths."""

    moment: Moment
    lead: Lead
    day: date
    totals: list[int]
    taken: bool
    hrefs: list[str]


@dataclass(frozen=True)
class FlipCount:
    """How many flipped one way, by what came of them."""

    taken: bool
    accepted: int
    refused: int
    undecided: int

    @property
    def n(self) -> int:
        return self.accepted + self.refused + self.undecided


class ReplayPage:
    """The answer to one question as of `today`, asked of the database once."""

    enough, most = ENOUGH, MOST

    def __init__(self, question: ReplayQuestion, *, today: date, zone: ZoneInfo) -> None:
        self.question, self.today, self.zone = question, today, zone

    @cached_property
    def moments(self) -> list[Moment]:
        return moments(self.question.kind, self.question.period, self.question.viewer, self.zone)

    @cached_property
    def sides(self) -> list[Side]:
        """The published version, and the asked one where that is another."""
        found = ScoringModel.objects.filter(state=ModelState.PUBLISHED) | ScoringModel.objects.filter(
            version=int(self.question.version or 0)
        )
        versions = sorted(found, key=lambda version: version.state != ModelState.PUBLISHED)
        facts = facts_at([(moment.lead, moment.at) for moment in self.moments])
        return [Side(version, standing_at(version.model, self.moments, facts), self) for version in versions]

    # --- What came of them ----------------------------------------------------------------------------------------
    def _flags(self, values: Iterable[bool | None], wanted: tuple[bool | None, ...]) -> Flags:
        return np.array([value in wanted for value in values], bool)

    @cached_property
    def decided(self) -> Flags:
        return self._flags((moment.accepted for moment in self.moments), (True, False))

    @cached_property
    def accepted(self) -> Flags:
        return self._flags((moment.accepted for moment in self.moments), (True,))

    @cached_property
    def ended(self) -> Flags:
        return self._flags((moment.won for moment in self.moments), (True, False))

    @cached_property
    def won(self) -> Flags:
        return self._flags((moment.won for moment in self.moments), (True,))

    @property
    def decisions(self) -> Share:
        """How many sales accepted of those it decided on."""
        return Share(int(self.accepted.sum()), int(self.decided.sum()))

    @property
    def undecided(self) -> int:
        return len(self.moments) - self.decisions.whole

    @property
    def is_enough(self) -> bool:
        """Whether sales decided on enough of them to conclude anything."""
        return self.decisions.whole >= ENOUGH

    @property
    def oldest(self) -> date:
        return self._day(self.moments[-1])

    # --- Marks ----------------------------------------------------------------------------------------------------
    @property
    def days(self) -> int:
        """The days from the first of the moments to the end of the period."""
        return (min(self.question.period.last, self.today) - self.oldest).days + 1

    @property
    def weeks(self) -> float:
        """The same in weeks, one at least."""
        return max(1.0, self.days / 7)

    @cached_property
    def reps(self) -> int:
        """Those who take handoffs today."""
        return User.objects.holding(Role.SALES_REP).filter(is_active=True).count()

    @property
    def wanted_leads(self) -> float:
        """The moments that the wanted number a week for each rep makes in these weeks."""
        return (self.question.volume or 0) * self.weeks * self.reps

    @property
    def per_rep(self) -> float | None:
        """How many there were a week for each rep."""
        return len(self.moments) / self.weeks / self.reps if self.reps else None

    # --- Bands and flips ------------------------------------------------------------------------------------------
    @property
    def band_rows(self) -> list[dict[str, Any]]:
        """Each band in which some side has anybody, highest first, with the share of each side."""
        found = {low: band for side in self.sides for low, band in side.bands.items()}
        order = sorted(found, key=lambda low: (low is not None, low or 0), reverse=True)
        return [
            {"name": _band_words(found[low]), "shares": [_share(side.bands.get(low)) for side in self.sides]}
            for low in order
        ]

    @cached_property
    def _flipped(self) -> list[int]:
        if len(self.sides) < 2:
            return []
        return [int(n) for n in np.flatnonzero(self.sides[0].would != self.sides[1].would)]

    def _flips_url(self, number: int) -> str:
        shown = 0 < number <= -(-len(self._flipped) // FLIPS_SHOWN)
        return f"?{self.question.query(flips=number)}#flips" if shown else ""

    @property
    def newer_flips(self) -> str:
        return self._flips_url(self.question.flips - 1)

    @property
    def earlier_flips(self) -> str:
        return self._flips_url(self.question.flips + 1)

    @property
    def flip_counts(self) -> list[FlipCount]:
        return [self._count(taken=taken) for taken in (True, False)]

    def _count(self, *, taken: bool) -> FlipCount:
        said = [self.moments[n].accepted for n in self._flipped if bool(self.sides[1].would[n]) is taken]
        return FlipCount(taken, said.count(True), said.count(False), said.count(None))

    @property
    def flips(self) -> list[Flip]:
        """Those that one version would have taken and the other not, newest first: one page of them."""
        first = FLIPS_SHOWN * (self.question.flips - 1)
        return self._flips(self._flipped[first : first + FLIPS_SHOWN])

    @property
    def all_flips(self) -> list[Flip]:
        """The same, all of them."""
        return self._flips(self._flipped)

    def _flips(self, shown: list[int]) -> list[Flip]:
        leads = Lead.objects.select_related("company").in_bulk({self.moments[n].lead for n in shown})
        return [self._flip(n, leads[self.moments[n].lead]) for n in shown]

    def _flip(self, place: int, lead: Lead) -> Flip:
        moment, day = self.moments[place], self._day(self.moments[place])
        address = f"{reverse('lead_score', args=[lead.pk])}?day={day.isoformat()}&version="
        totals, taken = [int(side.totals[place]) for side in self.sides], bool(self.sides[1].would[place])
        return Flip(moment, lead, day, totals, taken, [f"{address}{side.version.version}" for side in self.sides])

    def _day(self, moment: Moment) -> date:
        return moment.at.astimezone(self.zone).date()


def _share(band: Band | None) -> Share:
    return band.share if band else Share(0, 0)


def _band_words(band: Band) -> str:
    if band.low is None:
        return _t("under %(high)d") % {"high": band.high}
    if band.high is None:
        return _t("%(low)d and more") % {"low": band.low}
    return _t("%(low)d to %(high)d") % {"low": band.low, "high": band.high - 1}
