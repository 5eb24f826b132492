"""Contacts by sales as they are logged: a set at once, of which a handoff's own verb logs one (R17, R20)."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from leads.bulk import update_rows
from leads.intake import IntakeRefused, NewActivity
from leads.models import Activity, Lead

from .models.follow_up import FollowUp
from .refusals import HandoffRefused, moment_refused

if TYPE_CHECKING:
    from .models import Handoff


_NOTED = ("first_follow_up_at", "remind_at", "next_step", "next_on")


@dataclass(frozen=True)
class Contact:
    """One contact that happened `at` and is written down at `recorded_at`. The same `token` twice is one follow-up."""

    handoff: "Handoff"
    kind: str
    result: str
    at: datetime
    by: User
    recorded_at: datetime
    notes: str = ""
    next_step: str = ""
    next_on: date | None = None
    token: uuid.UUID = field(default_factory=uuid.uuid4)

    def refusal(self) -> HandoffRefused | None:
        """Why it cannot be logged, with the handoff as it stands in the database."""
        if not self.handoff.takes_contacts:
            return self.handoff.not_workable(self.recorded_at)
        if not self.handoff.offered_at <= self.at <= self.recorded_at:
            return moment_refused(self.handoff.offered_at)
        return None

    def note(self) -> None:
        """What its handoff knows of it: the first contact stops the clock, the latest says what comes next."""
        handoff = self.handoff
        handoff.first_follow_up_at, handoff.remind_at = min(handoff.first_follow_up_at or self.at, self.at), None
        handoff.next_step, handoff.next_on = self.next_step, self.next_on

    def deed(self) -> NewActivity:
        """The activity of the lead that it is."""
        return NewActivity(
            f"sales_{self.kind}", self.at, lead=self.handoff.lead_id, recorded_at=self.recorded_at, by=self.by.pk,
            subject=str(FollowUp.Result(self.result).label), properties={"result": self.result}, source_system="leadhub",
            external_id=f"follow-up:{self.token}",
        )  # fmt: skip

    def follow_up(self, activity: int) -> FollowUp:
        return FollowUp(
            handoff=self.handoff, activity_id=activity, kind=self.kind, result=self.result, at=self.at, by=self.by,
            notes=self.notes, recorded_at=self.recorded_at, token=self.token, next_step=self.next_step, next_on=self.next_on,
        )  # fmt: skip


def log_all(contacts: Sequence[Contact]) -> list[FollowUp | HandoffRefused]:
    """Log contacts of any handoffs as one set; for each, in order, the follow-up or why there is none.

    The leads' rows are locked in order of id before anything of their handoffs.
    """
    with transaction.atomic():
        now = _held({contact.handoff.pk for contact in contacts})
        told = [replace(contact, handoff=now[contact.handoff.pk]) for contact in contacts]
        refusals = [contact.refusal() for contact in told]
        logged = iter(write([one for one, refusal in zip(told, refusals, strict=True) if refusal is None]))
        return [refusal or next(logged) for refusal in refusals]


def _held(ids: Collection[int]) -> "dict[int, Handoff]":
    """The handoffs as they stand once their leads are locked; a lead may be merged into another until then."""
    from .models import Handoff  # noqa: PLC0415 - it calls this

    rows = Handoff.objects.filter(pk__in=ids)
    while True:
        leads = Lead.objects.filter(pk__in=rows.values("lead")).order_by("pk").select_for_update()
        locked = set(leads.values_list("pk", flat=True))
        now = {handoff.pk: handoff for handoff in rows}
        if {handoff.lead_id for handoff in now.values()} <= locked:
            return now


def write(contacts: Sequence[Contact]) -> list[FollowUp]:
    """Store contacts that nothing speaks against, of handoffs whose leads are locked; the first of each stops its clock."""
    if not contacts:
        return []
    authors = {contact.by.pk for contact in contacts}
    actor = f"user:{authors.pop()}" if len(authors) == 1 else "system:record"
    latest = max(contact.recorded_at for contact in contacts)
    recorded = Activity.objects.record_many([contact.deed() for contact in contacts], at=latest, actor=actor)
    if recorded.faults:
        raise IntakeRefused(recorded.faults[0].reason)
    ids = [pk for pk in recorded.ids if pk]
    if len(ids) < len(contacts):
        raise HandoffRefused(_("This form was sent before, for another lead. Open it again."))
    follow_ups = FollowUp.objects.bulk_create(
        [contact.follow_up(pk) for contact, pk in zip(contacts, ids, strict=True)]
    )
    handoffs = {contact.handoff.pk: contact.handoff for contact in contacts}
    for contact in contacts:
        contact.note()
    rows = [[pk, *(getattr(handoff, name) for name in _NOTED)] for pk, handoff in handoffs.items()]
    update_rows(type(contacts[0].handoff), _NOTED, rows)
    return follow_ups
