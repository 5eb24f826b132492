"""Why a lead has its score: the ledger for any day and any version, and the strongest reasons of many leads at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import ngettext

from leads.fact_history import facts_of
from leads.models import Activity, Lead

from . import matchers, store
from .days import end_of
from .definition import Model
from .fit import matching
from .ledger import Ledger, Line, explain_each
from .models import ScoringModel
from .plan import Plan
from .vectors import Vectors, scoring_day


@dataclass(frozen=True)
class Reason:
    """One reason in words, and the hundredths it gives."""

    text: str
    points: int


def ledger_of(lead: Lead, *, day: date, model: ScoringModel | None = None) -> Ledger:
    """The ledger of one lead on a day of the workspace, by the published version or another one; lines sum to the score.

    Raises `DayOutOfRange` for a day that the engine cannot place.
    """
    return ledgers_of([lead.pk], day=day, model=model)[lead.pk]


def ledgers_of(
    lead_ids: Sequence[int], *, day: date, model: ScoringModel | None = None, as_facts_stand: bool = False
) -> dict[int, Ledger]:
    """The ledgers of several leads, in a number of queries that does not depend on how many.

    `as_facts_stand`: with today's facts, for a day that is not over; their history need not be asked then.
    """
    version = model or ScoringModel.objects.published()
    number = scoring_day(day)
    facts = facts_of(lead_ids, before=None if as_facts_stand else end_of(day))
    plan, vectors = deeds_of(version.model, list(facts))
    matches = [matching(version.model, known) for known in facts.values()]
    return dict(zip(facts, explain_each(plan, matches, vectors, number), strict=True))


def ledgers_on(asked: Sequence[tuple[int, date]], *, model: ScoringModel) -> list[Ledger]:
    """The ledger of each (lead, day), in their order, with the facts as they stand; leads are read once for all days."""
    days = {day for _lead, day in asked}
    if len(days) == 1:
        found = ledgers_of([lead for lead, _day in asked], day=days.pop(), model=model, as_facts_stand=True)
        return [found[lead] for lead, _day in asked]
    facts = facts_of(list({lead for lead, _day in asked}))
    plan, vectors = deeds_of(model.model, list(facts))
    known = {lead: (vectors[n : n + 1], matching(model.model, facts[lead])) for n, lead in enumerate(facts)}
    return [explain_each(plan, [known[lead][1]], known[lead][0], scoring_day(day))[0] for lead, day in asked]


def deeds_of(model: Model, lead_ids: Sequence[int]) -> tuple[Plan, Vectors]:
    """The leads' deeds as this model tells them apart: stored ones where vectors know its matchers, else matched now."""
    if matchers.knows(model):
        return matchers.plan_for(model), store.read(lead_ids)
    classes, packed = store.packed_for(matchers.queries_of(model), Activity.objects.filter(lead_id__in=lead_ids))
    return matchers.plan_of(model, classes), packed.of(lead_ids).with_cuts(store.cuts_of(lead_ids))


def reasons_for(lead_ids: Sequence[int], *, day: date, most: int = 3) -> dict[int, list[Reason]]:
    """The strongest reasons of each lead on its present day, best first: the rules that gave most."""
    found = ledgers_of(lead_ids, day=day, as_facts_stand=True)
    return {
        lead: [Reason(_words(line), line.points) for line in ledger.strongest(most)] for lead, ledger in found.items()
    }


def _words(line: Line) -> str:
    """Such as: Pricing page visited, 4 times."""
    if line.events < 2:
        return line.title
    times = ngettext("%(title)s, %(n)d time", "%(title)s, %(n)d times", line.events)
    return times % {"title": line.title, "n": line.events}
