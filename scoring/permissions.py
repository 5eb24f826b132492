"""Who may do what with the rules (quality.md §4): marketing operations drafts and publishes, everybody may read (R12, R25)."""

from dataclasses import dataclass

from accounts.access import anyone_signed_in, holders
from accounts.models import Role, User

from .models import ModelState, ScoringModel

may_read_rules = anyone_signed_in
may_draft_rules = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_publish_rules = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_approve_rules = holders(Role.MARKETING_MANAGER, Role.SALES_MANAGER)
#: Everybody who works with leads has a say; the analyst reads.
may_comment_rules = holders(*(role for role in Role.values if role != Role.ANALYST))


@dataclass(frozen=True)
class ModelPermissions:
    """What a person may do with one version."""

    user: User
    version: ScoringModel

    @property
    def edit(self) -> bool:
        return may_draft_rules(self.user) and self.version.state == ModelState.DRAFT

    @property
    def draft(self) -> bool:
        """Work on versions at all; whether this one can be changed now is a matter of its state."""
        return may_draft_rules(self.user)

    @property
    def propose(self) -> bool:
        return self.edit

    @property
    def take_back(self) -> bool:
        return may_draft_rules(self.user) and self.version.state == ModelState.PROPOSED

    @property
    def publish(self) -> bool:
        return may_publish_rules(self.user) and self.version.state in (ModelState.DRAFT, ModelState.PROPOSED)

    @property
    def bring_up_to_date(self) -> bool:
        return may_draft_rules(self.user) and self.version.state in (ModelState.DRAFT, ModelState.PROPOSED)

    @property
    def approve(self) -> bool:
        return may_approve_rules(self.user) and self.version.state == ModelState.PROPOSED

    @property
    def comment(self) -> bool:
        return may_comment_rules(self.user)

    @property
    def delete(self) -> bool:
        return may_draft_rules(self.user) and self.version.state in (ModelState.DRAFT, ModelState.PROPOSED)
