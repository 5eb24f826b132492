"""Playing what sales does: every handoff gets its sale, whose steps are the reps' own verbs at their own moments."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.models import User
from handoff.contacts import Contact as LoggedContact
from handoff.contacts import log_all
from handoff.models import Handoff, Outcome, Reason
from handoff.models.reason import Engagement
from handoff.refusals import HandoffRefused
from leads.moving import told_together

from .agenda import Act, Agenda, one_by_one
from .people import Prospect
from .selling import Contact, Sale, sale_of
from .staff import SUE, Colleague


class SalesPlay:
    """Looks for new handoffs, and puts what will happen to them on the agenda."""

    def __init__(
        self,
        agenda: Agenda,
        staff: Mapping[str, User],
        prospects: Mapping[int, Prospect],
        *,
        seed: int,
        since: datetime,
    ) -> None:
        self.agenda, self.staff, self.prospects, self.seed = agenda, staff, prospects, seed
        self.reasons = {reason.key: reason for reason in Reason.objects.all()}
        self.reasons["no_need"].write({"engagement": Engagement.HALVE}, by=staff[SUE.email], at=since)
        self.last_seen, self.turn = 0, 0
        #: Handoffs that the last scene has other plans for, by lead.
        self.reserved: set[int] = set()
        agenda.kinds = [one_by_one, logged, decided]

    def take_up_new(self) -> None:
        """Plan the sale of every handoff that was offered since the last look."""
        for handoff in (
            Handoff.objects.filter(pk__gt=self.last_seen).select_related("lead", "claimed_by").order_by("pk")
        ):
            self.last_seen = handoff.pk
            if handoff.lead_id not in self.reserved:
                self._plan(handoff)

    def _plan(self, handoff: Handoff) -> None:
        sale = sale_of(
            self.prospects[handoff.lead_id],
            seed=self.seed,
            cycle=handoff.cycle,
            turn=self.turn,
            offered_at=handoff.offered_at,
        )
        self.turn += sale.verb != "accept"
        rep = handoff.claimed_by or self.person(sale.rep)  # routing may have given it to somebody
        if handoff.claimed_by is None:
            self.agenda.add_to(one_by_one, sale.claimed_at, lambda: handoff.claim(by=rep, at=sale.claimed_at))
        for contact in sale.contacts:
            self.agenda.add_to(logged, contact.at, _contact(handoff, contact, rep))
        self.agenda.add_to(decided, sale.decided_at, lambda: self._decide(handoff, sale, rep))
        if sale.ended_at:
            ended_at = sale.ended_at
            self.agenda.add_to(decided, ended_at, lambda: self._end(handoff, sale, rep, ended_at))

    def person(self, colleague: Colleague) -> User:
        return self.staff[colleague.email]

    def _decide(self, handoff: Handoff, sale: Sale, rep: User) -> None:
        at = sale.decided_at
        if sale.reason != "unreachable":
            handoff.qualification.save_draft(sale.answers, by=rep, at=at)
        if sale.verb == "accept":
            handoff.accept(by=rep, at=at)
        elif sale.verb == "disqualify":
            handoff.disqualify(reason=self.reasons[sale.reason], by=rep, at=at, text=sale.text)
        else:
            handoff.send_back(reason=self.reasons[sale.reason], by=rep, at=at, text=sale.text, return_on=sale.return_on)

    def _end(self, handoff: Handoff, sale: Sale, rep: User, at: datetime) -> None:
        if handoff.outcome != Outcome.ACCEPTED:
            raise HandoffRefused
        if sale.ending == "won":
            handoff.close_won(amount=sale.amount, by=rep, at=at, reason=self.reasons[sale.end_reason])
        else:
            handoff.close_lost(reason=self.reasons[sale.end_reason], by=rep, at=at)


def _contact(handoff: Handoff, contact: Contact, rep: User) -> LoggedContact:
    return LoggedContact(
        handoff, contact.kind, contact.result, contact.at, rep, recorded_at=contact.at, notes=contact.notes
    )


def logged(contacts: Sequence[LoggedContact]) -> int:
    """Log them as one set; how many were refused."""
    return sum(isinstance(one, HandoffRefused) for one in log_all(contacts))


def decided(acts: Sequence[Act]) -> int:
    """Decisions and endings in their order; the moves that follow of them are told together."""
    with told_together():
        return one_by_one(acts)
