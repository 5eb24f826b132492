"""Who may do what with lists (quality.md §4): marketing fills and edits them, everybody may read them."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from accounts.access import anyone_signed_in, holders
from accounts.models import Role, User
from leads.permissions import LeadPermissions

if TYPE_CHECKING:
    from .models import Enrolment

may_see_lists = anyone_signed_in
may_edit_lists = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_see_emails = anyone_signed_in
may_write_emails = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)

#: Letters are free text with names in it: whoever reads personal data of all leads reads them; reps those of own leads.
may_read_all_letters = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_open_letters = holders(
    Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_REP, Role.SALES_MANAGER, Role.ADMINISTRATOR
)
may_resend_letter = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_lift_suppression = may_resend_letter

may_see_programs = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ANALYST, Role.ADMINISTRATOR)
may_edit_programs = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_activate_programs = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
#: Whoever may take somebody out: marketing everybody, sales their own.
may_remove_people = holders(
    Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_REP, Role.SALES_MANAGER, Role.ADMINISTRATOR
)
may_read_enrolments = anyone_signed_in


@dataclass(frozen=True)
class EnrolmentPermissions:
    """What a person may do with one lead's way through a program."""

    user: User
    enrolment: "Enrolment"

    @cached_property
    def pause(self) -> bool:
        return may_edit_programs(self.user)

    @cached_property
    def read_letters(self) -> bool:
        """All of them, or as the lead's own rep."""
        return may_read_all_letters(self.user) or (
            may_open_letters(self.user) and self.enrolment.lead.owner_id == self.user.pk
        )

    @cached_property
    def remove(self) -> bool:
        """Marketing everybody; a rep own leads, a sales manager those of the team."""
        return self.pause or (may_remove_people(self.user) and LeadPermissions(self.user, self.enrolment.lead).edit)
