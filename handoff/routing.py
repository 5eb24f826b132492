"""Routing: where each handoff goes, for whole sets at once, in the transaction of the offer (product.md §5).

Rules and facts are read, the pointers of the teams that rules push to are locked in order, and only then is it looked who
carries how much. What was decided, why, and what was known stands in the log; handoffs, owners and notices follow from it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Case, OuterRef, Subquery, When

from accounts.models import User
from leads.fact_history import facts_of
from leads.models import Lead
from leads.signals import owners_changed
from scoring.models import LeadScore

from . import telling_routing
from .dealing import PUSH, Dealer, Dealt, Lot, Way
from .house import companies_of, owners_of, sellers_at
from .models import Handoff, Pointer, Queue, Round, Routed, RuleSet
from .routing_fields import facts_for_routing

BATCH = 2_000


def route(
    handoffs: Sequence[Handoff],
    *,
    at: datetime,
    cause: str = Routed.Cause.OFFER,
    held_by: User | None = None,
    only_given: bool = False,
) -> list[Routed]:
    """Deal these open handoffs, which nobody holds, in their order; a fixed number of statements for any number.

    With `only_given` those that nobody is given stay where they wait, and the log says nothing new of them. The caller has locked their leads and is in a transaction. Each line of the log says where one went and why.
    """
    if not handoffs:
        return []
    rules = RuleSet.objects.live()
    ways = rules.ways() if rules else []
    lots = _lots(handoffs, ways)
    pointers = Pointer.locked({way.team for way in ways if way.mode == PUSH and way.team})
    dealer = Dealer(ways, sellers_at(at), {team: pointer.known() for team, pointer in pointers.items()})
    round_ = _round(dealer, rules, at)
    lines = [_line(dealer.deal(lot), lot, round_, cause, held_by) for lot in lots]
    if only_given:
        lines = [line for line in lines if line.to_id]
    if not lines:
        return []
    round_.save()
    _write(lines, pointers, dealer)
    _hand_out(handoffs, lines, round_)
    telling_routing.given(handoffs, lines, at=at)
    return lines


def _lots(handoffs: Sequence[Handoff], ways: Sequence[Way]) -> list[Lot]:
    """What rules may ask of each; facts are read only where a rule asks for any."""
    leads = [handoff.lead_id for handoff in handoffs]
    facts = facts_of(leads) if any(way.conditions for way in ways) else {}
    companies = companies_of(leads)
    owners = owners_of(sorted({company for company in companies.values() if company is not None}))
    return [lot_of(handoff, facts.get(handoff.lead_id, {}), companies, owners) for handoff in handoffs]


def lot_of(
    handoff: Handoff, facts: Mapping[str, object], companies: Mapping[int, int | None], owners: Mapping[int, int]
) -> Lot:
    known = facts_for_routing(facts, handoff.brief, cause=handoff.move.cause)
    company = companies.get(handoff.lead_id)
    return Lot(handoff.pk, known, company, owners.get(company) if company is not None else None)


def _round(dealer: Dealer, rules: RuleSet | None, at: datetime) -> Round:
    """What was known before the first was dealt; saved once something was."""
    house = {
        str(seller.id): [seller.team, seller.weight, seller.capacity, seller.open, seller.state]
        for seller in dealer.house.values()
    }
    pointers = {
        str(team): {str(one): count for one, count in counts.items()} for team, counts in dealer.pointers.items()
    }
    return Round(at=at, rule_set=rules, house=house, pointers=pointers)


def _line(dealt: Dealt, lot: Lot, round_: Round, cause: str, held_by: User | None) -> Routed:
    return Routed(
        handoff_id=dealt.handoff, round=round_, at=round_.at, cause=cause, rule_id=dealt.rule, queue_id=dealt.queue,
        to_id=dealt.to, held_by=held_by, how=dealt.how, owner_id=lot.owner, passed=dealt.passed, turn=dealt.turn,
    )  # fmt: skip


def _write(lines: list[Routed], pointers: Mapping[int, Pointer], dealer: Dealer) -> None:
    default = Queue.objects.default()
    for line in lines:
        line.queue_id = line.queue_id or default.pk
    Routed.objects.bulk_create(lines, batch_size=BATCH)
    for team, pointer in pointers.items():
        pointer.point(dict(dealer.pointers[team]))
    if pointers:
        Pointer.objects.bulk_update(pointers.values(), ["counters", "turns"])


def _hand_out(handoffs: Sequence[Handoff], lines: Sequence[Routed], round_: Round) -> None:
    """Handoffs, their leads and the copies of owners become what the log says."""
    ids = [line.handoff_id for line in lines]
    newest = Routed.objects.filter(handoff=OuterRef("pk")).order_by("-id")  # by its index, however large the round
    since = newest.annotate(since=Case(When(to__isnull=False, then="at"))).values("since")
    Handoff.objects.filter(pk__in=ids).update(
        queue=Subquery(newest.values("queue")[:1]),
        claimed_by=Subquery(newest.values("to")[:1]),
        claimed_at=Subquery(since[:1]),
        is_given=True,
    )
    given = {line.handoff_id: line.to_id for line in lines if line.to_id}
    leads = [handoff.lead_id for handoff in handoffs if handoff.pk in given]
    if not leads:
        return
    holder = Handoff.objects.open().filter(lead=OuterRef("pk")).order_by().values("claimed_by")[:1]
    Lead.objects.filter(id__in=leads).update(owner=Subquery(holder), updated_at=round_.at)
    of_lead = Handoff.objects.open().filter(lead=OuterRef("lead_id")).order_by().values("claimed_by")[:1]
    LeadScore.objects.filter(lead__in=leads).update(owner=Subquery(of_lead))
    owners_changed.send(Lead, lead_ids=leads)
