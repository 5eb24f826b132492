"""Who may do what with people, teams and keys (quality.md §4): the same tests feed links, buttons and gates."""

from dataclasses import dataclass
from functools import cached_property

from .access import holders
from .models import Role, User

may_manage_people = holders(Role.ADMINISTRATOR)
may_see_people = holders(Role.ADMINISTRATOR, Role.SALES_MANAGER)
may_manage_keys = holders(Role.ADMINISTRATOR)
may_see_health = holders(Role.ADMINISTRATOR, Role.SALES_MANAGER, Role.MARKETING_MANAGER)


@dataclass(frozen=True)
class PersonPermissions:
    """What `user` may do with a person they can see."""

    user: User
    person: User

    @cached_property
    def edit(self) -> bool:
        return may_manage_people(self.user)

    @cached_property
    def deactivate(self) -> bool:
        """Nobody locks themselves out by one press; another administrator does it."""
        return self.edit and self.person != self.user

    @cached_property
    def reactivate(self) -> bool:
        return self.edit

    @cached_property
    def send_link(self) -> bool:
        """A link that sets the person's password; one's own password is changed in the profile."""
        return self.edit and self.person.is_active and self.person != self.user

    @cached_property
    def end_sessions(self) -> bool:
        """Administrators end anybody's sessions, sales managers those of their team."""
        return self.edit or (
            self.user.holds(Role.SALES_MANAGER) and self.person.team_id == self.user.team_id is not None
        )
