"""Who people are: users with roles, teams, and the keys of machines."""

from .failures import SignInFailure, SignInFailureQuerySet
from .keys import ApiKey, ApiKeyQuerySet, Scope
from .people import (
    LastAdministrator,
    Role,
    Taken,
    Team,
    TeamInUse,
    TeamQuerySet,
    User,
    UserManager,
    UserQuerySet,
    new_mark,
    or_taken,
)

__all__ = [
    "ApiKey",
    "ApiKeyQuerySet",
    "LastAdministrator",
    "Role",
    "Scope",
    "SignInFailure",
    "SignInFailureQuerySet",
    "Taken",
    "Team",
    "TeamInUse",
    "TeamQuerySet",
    "User",
    "UserManager",
    "UserQuerySet",
    "new_mark",
    "or_taken",
]
