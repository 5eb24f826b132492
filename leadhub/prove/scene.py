"""People and leads of a proof, made through the verbs; needs Django set up."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from django.db import transaction

from accounts.models import Role, User
from handoff.models import Handoff
from leads.models import Lead
from leads.stages import Cause, Stage

_numbers = count(1)
PEOPLE = {"Rita": Role.SALES_REP, "Sue": Role.SALES_MANAGER, "Mona": Role.MARKETER}
#: A share of the leads is followed up before its time: of those nobody may be reminded.
QUIET = 6


def person(name: str) -> User:
    """One of the three people of a proof."""
    email = f"{name.lower()}@prove.example"
    known = User.objects.filter(email_key=email).first()
    return known or User.objects.create_user(email=email, name=name, roles=[PEOPLE[name]])


def sellers(number: int) -> list[User]:
    """The first so many of a row of reps, made where they are not there."""
    emails = [f"seller{n}@prove.example" for n in range(number)]
    rows = [User(email=e, email_key=e, name=f"Seller {n}.", roles=[Role.SALES_REP]) for n, e in enumerate(emails)]
    User.objects.bulk_create(rows, ignore_conflicts=True)
    return list(User.objects.filter(email_key__in=emails).order_by("pk"))


def everybody() -> None:
    """Whoever is told of handoffs is in the house before the first one."""
    for name in PEOPLE:
        person(name)


def make_leads(number: int, at: datetime) -> list[Lead]:
    """So many leads at the stage Lead."""
    names = [f"prove-{next(_numbers)}-{random.getrandbits(40):x}@example.com" for _n in range(number)]
    common = {"created_at": at, "updated_at": at, "stage_since": at, "first_name": "Dewi"}
    return Lead.objects.bulk_create([Lead(email=name, email_key=name, **common) for name in names])


@transaction.atomic  # nobody sees them due at once, as they are before their moment is set
def offer(number: int, *, at: datetime, due: Sequence[float] = ()) -> list[Handoff]:
    """So many leads handed over a day ago; due so many seconds from now, where that is told, and with all before it past."""
    leads = make_leads(number, at)
    offered_at = at - timedelta(days=1)
    Lead.objects.move(
        [lead.pk for lead in leads], to=Stage.SALES_QUALIFIED, at=offered_at, cause=Cause.PERSON, by=person("Mona"), reason="Proof"
    )  # fmt: skip
    handoffs = list(Handoff.objects.filter(lead__in=leads).order_by("pk"))
    for handoff, seconds in zip(handoffs, due, strict=False):
        moment = at + timedelta(seconds=seconds)
        Handoff.objects.filter(pk=handoff.pk).update(due_at=moment, remind_at=moment)
        handoff.due_at = handoff.remind_at = moment
    return handoffs


def follow_up(handoff: Handoff, *, at: datetime) -> None:
    """Rita claims it and calls the lead: its clock stops."""
    handoff.claim(by=person("Rita"), at=at)
    handoff.log_follow_up(kind="call", result="reached", at=at, by=person("Rita"))
