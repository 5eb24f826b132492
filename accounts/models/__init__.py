"""Who people are: users with roles, teams, and the keys of machines."""

from .failures import SignInFailure, SignInFailureQuerySet
from .keys import ApiKey, ApiKeyQuerySet, Scope
from .people import LastAdministrator, Role, Team, TeamInUse, TeamQuerySet, User, UserManager, UserQuerySet, new_mark

__all__ = [
    "ApiKey",
    "ApiKeyQuerySet",
    "LastAdministrator",
    "Role",
    "Scope",
    "SignInFailure",
    "SignInFailureQuerySet",
    "Team",
    "TeamInUse",
    "TeamQuerySet",
    "User",
    "UserManager",
    "UserQuerySet",
    "new_mark",
]
