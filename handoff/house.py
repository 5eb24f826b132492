"""The sales house at one moment, as routing sees it: who sells, how much they carry, who is away or off work."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import Role, User, UserQuerySet
from leads.models import Lead
from leads.stages import Stage

from .dealing import ABSENT, CLOSED, Seller
from .models import Absence, Handoff, Seat
from .permissions import rules_all_teams

#: Where a lead stands whose owner works with its company.
WORKED_ON = (Stage.SALES_QUALIFIED, Stage.OPPORTUNITY, Stage.CUSTOMER)


def sellers_at(at: datetime) -> list[Seller]:
    """Everybody leads can be given to, as they stand; three queries. Managers claim, but are given none."""
    people = list(User.objects.active().holding(Role.SALES_REP).select_related("seat").order_by("pk"))
    away = set(Absence.objects.at(at).order_by().values_list("person_id", flat=True))
    held = open_now()
    return [_seller(person, held.get(person.pk, 0), away, at) for person in people]


def open_now() -> dict[int, int]:
    """Open handoffs by who holds them."""
    counted = Handoff.objects.claimed().order_by().values_list("claimed_by").annotate(n=Count("pk"))
    return dict(counted)


def _seller(person: User, carries: int, away: set[int], at: datetime) -> Seller:
    seat = seat_of(person)
    state = ABSENT if person.pk in away else "" if seat.is_at_work(at) else CLOSED
    return Seller(person.pk, person.team_id, seat.weight, seat.capacity, carries, state)


def seat_of(person: User) -> Seat:
    """The seat that was fetched with the person, or the usual one."""
    seat = getattr(person, "seat", None) or Seat(person=person)
    seat.person = person
    return seat


def seats_changed_by(user: User) -> UserQuerySet:
    """The reps whose hours, capacity and leave a person may change: the own, a manager's team, for all who rule all."""
    people = User.objects.active().holding(Role.SALES_REP).select_related("team", "seat")
    if rules_all_teams(user):
        return people
    own = Q(pk=user.pk)
    return people.filter(own | Q(team=user.team_id) if user.holds(Role.SALES_MANAGER) else own)


def companies_of(lead_ids: Iterable[int]) -> dict[int, int | None]:
    return dict(Lead.objects.filter(id__in=list(lead_ids)).order_by().values_list("id", "company_id"))


def owners_of(companies: Sequence[int]) -> dict[int, int]:
    """Who works with each company already: the owner of most of its open and customer leads, of equals the lowest id."""
    if not companies:
        return {}
    counted = (
        Lead.objects.filter(company__in=companies, owner__isnull=False, stage__in=WORKED_ON)
        .order_by()
        .values_list("company_id", "owner_id")
        .annotate(n=Count("pk"))
    )
    owners: dict[int, int] = {}
    for company, owner, _n in sorted(counted, key=lambda row: (row[0], -row[2], row[1])):
        owners.setdefault(company, owner)
    return owners
