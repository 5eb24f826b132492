"""Who may do what with leads (quality.md §4): the same tests feed links, buttons and gates."""

from dataclasses import dataclass
from functools import cached_property

from accounts.access import anyone_signed_in, holders
from accounts.models import Role, User

from .models import ImportJob, Lead
from .stages import Stage

sees_every_lead = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ANALYST, Role.ADMINISTRATOR)
sees_own_leads = holders(Role.SALES_REP)
may_see_leads = anyone_signed_in
#: Whoever may read names and addresses; a person who is analyst only reads them masked.
sees_personal_data = holders(
    Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_REP, Role.SALES_MANAGER, Role.ADMINISTRATOR
)
may_create_leads = holders(
    Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_REP, Role.SALES_MANAGER, Role.ADMINISTRATOR
)
may_edit_any_lead = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_preview_imports = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_run_any_import = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_move_to_mql = holders(Role.MARKETER, Role.SALES_MANAGER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_merge_leads = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_manage_fields = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)

#: A marketer's own imports are small; larger ones are the marketing manager's (quality.md §4).
MARKETER_IMPORT_ROWS = 5_000


@dataclass(frozen=True)
class LeadPermissions:
    """What a person may do with one lead they can see."""

    user: User
    lead: Lead

    @cached_property
    def edit(self) -> bool:
        """Marketing edits all; a rep own leads, a sales manager those of the team."""
        if may_edit_any_lead(self.user):
            return True
        if self.lead.owner_id is None:
            return False
        if self.user.holds(Role.SALES_REP) and self.lead.owner_id == self.user.pk:
            return True
        return self.user.holds(Role.SALES_MANAGER) and (
            self.user.team_id is None or self.lead.owner.team_id == self.user.team_id  # type: ignore[union-attr]
        )

    @cached_property
    def merge(self) -> bool:
        """Merge it with another that one may merge, and undo that: marketing all, a sales manager the team's."""
        return may_merge_leads(self.user) and (may_edit_any_lead(self.user) or self.edit)

    @cached_property
    def see_personal_data(self) -> bool:
        return sees_personal_data(self.user)

    @cached_property
    def record_activity(self) -> bool:
        """Whoever edits the lead; a rep also what waits in the pool (quality.md §4: comment, log call)."""
        return self.edit or (sees_own_leads(self.user) and self.lead.owner_id is None)

    @cached_property
    def judge_activity(self) -> bool:
        """Say that a machine, or a person, did something: whoever may edit the lead."""
        return self.edit

    @cached_property
    def promote(self) -> bool:
        """Make it an MQL by hand, with a reason."""
        return may_move_to_mql(self.user) and self.lead.stage == Stage.LEAD

    @cached_property
    def demote(self) -> bool:
        """Take an MQL back to lead by hand, with a reason (R8)."""
        return may_move_to_mql(self.user) and self.lead.stage == Stage.MARKETING_QUALIFIED

    @cached_property
    def revive(self) -> bool:
        """Bring back a lost or disqualified lead: marketing's (product.md §4)."""
        return may_edit_any_lead(self.user) and self.lead.stage in (Stage.LOST, Stage.DISQUALIFIED)


@dataclass(frozen=True)
class ImportPermissions:
    """What a person may do with one import they can see."""

    user: User
    job: ImportJob

    @cached_property
    def prepare(self) -> bool:
        """Match columns, check, cancel."""
        return may_preview_imports(self.user)

    @cached_property
    def run(self) -> bool:
        """Write it: a marketer up to 5,000 rows, a marketing manager any (quality.md §4)."""
        small = self.job.rows_total is not None and self.job.rows_total <= MARKETER_IMPORT_ROWS
        return may_run_any_import(self.user) or (small and may_preview_imports(self.user))
