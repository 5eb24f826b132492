"""Who may do what with handoffs (quality.md §4): the same object shows the button and guards the view."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from accounts.access import anyone_signed_in, holders
from accounts.models import Role, User
from leads.permissions import sees_personal_data
from leads.stages import Stage

if TYPE_CHECKING:
    from leads.models import Lead

    from .models import Handoff, RoutingRule

may_open_inbox = holders(Role.SALES_REP, Role.SALES_MANAGER)
may_oversee = holders(Role.SALES_MANAGER)
may_claim = holders(Role.SALES_REP, Role.SALES_MANAGER)
may_read_handoffs = anyone_signed_in
may_edit_reasons = holders(Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_edit_rules = may_edit_reasons
may_see_proof = holders(Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_edit_sla = holders(Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_hand_over = holders(Role.MARKETER, Role.MARKETING_MANAGER)
sees_every_handoff = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ANALYST, Role.ADMINISTRATOR)

may_see_routing = holders(Role.SALES_MANAGER, Role.MARKETING_MANAGER, Role.ANALYST, Role.ADMINISTRATOR)
may_edit_routing = holders(Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_see_seats = holders(Role.SALES_REP, Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_have_seat = holders(Role.SALES_REP)


def rules_all_teams(user: User) -> bool:
    """Whether the person says where leads of every team go: administrators, and sales managers without a team."""
    return user.holds(Role.ADMINISTRATOR) or (user.holds(Role.SALES_MANAGER) and user.team_id is None)


@dataclass(frozen=True)
class SellerPermissions:
    """What a person may do with a seller's seat: hours, capacity and leave are one's own and the manager's; weight is the manager's."""

    user: User
    seller: User

    @cached_property
    def weigh(self) -> bool:
        own_team = self.user.holds(Role.SALES_MANAGER) and self.user.team_id == self.seller.team_id
        return rules_all_teams(self.user) or own_team

    @cached_property
    def edit(self) -> bool:
        return self.weigh or (self.user.pk == self.seller.pk and may_have_seat(self.user))


@dataclass(frozen=True)
class RulePermissions:
    """What a person may do with one rule: a team's manager with those of the own team (quality.md §4)."""

    user: User
    rule: "RoutingRule"

    @cached_property
    def edit(self) -> bool:
        if rules_all_teams(self.user):
            return True
        return may_edit_routing(self.user) and self.rule.team_id in (None, self.user.team_id)


def may_edit_rules_of(user: User, team: int | None) -> bool:
    """Whose framework and gate one may change: a sales manager the own team's, without a team everybody's, as administrators."""
    if user.holds(Role.ADMINISTRATOR):
        return True
    return user.holds(Role.SALES_MANAGER) and user.team_id in (None, team)


@dataclass(frozen=True)
class HandoffPermissions:
    """What a person may do with one handoff they can see; whether its state allows it is the verb's to say."""

    user: User
    handoff: "Handoff"

    @cached_property
    def _holds_it(self) -> bool:
        """Whoever claimed it; once it is an opportunity, whoever owns the lead."""
        handoff = self.handoff
        holder = handoff.lead.owner_id if handoff.outcome == "accepted" else handoff.claimed_by_id
        return holder == self.user.pk and self.user.holds(Role.SALES_REP, Role.SALES_MANAGER)

    @cached_property
    def _oversees(self) -> bool:
        """An administrator; a sales manager for the own team and what nobody holds, without a team for all."""
        if self.user.holds(Role.ADMINISTRATOR):
            return True
        if not self.user.holds(Role.SALES_MANAGER):
            return False
        holder = self.handoff.claimed_by
        return self.user.team_id is None or holder is None or holder.team_id == self.user.team_id

    @cached_property
    def claim(self) -> bool:
        return may_claim(self.user)

    @cached_property
    def work(self) -> bool:
        """Log contact, qualify, decide: whoever holds it, or oversees who does."""
        return self._holds_it or (self.handoff.claimed_by_id is not None and self._oversees)

    @cached_property
    def release(self) -> bool:
        return self._holds_it or self._oversees

    @cached_property
    def reassign(self) -> bool:
        return self._oversees

    @cached_property
    def see_personal_data(self) -> bool:
        return sees_personal_data(self.user)


@dataclass(frozen=True)
class LeadHandoffPermissions:
    """What a person may do about the handoff of one lead that has none open."""

    user: User
    lead: "Lead"

    @cached_property
    def hand_over(self) -> bool:
        """A marketer hands a lead or an MQL over to sales with a note (product.md §4)."""
        return may_hand_over(self.user) and self.lead.stage in (Stage.LEAD, Stage.MARKETING_QUALIFIED)
