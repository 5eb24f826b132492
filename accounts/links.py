"""One-time links with which a person sets the first password, or a new one (quality.md rule 31)."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36

from .models import User


class LinkTokens(PasswordResetTokenGenerator):
    """Signed, good for `PASSWORD_RESET_TIMEOUT`, and for one use: a new password or ended sessions make it worthless."""

    key_salt = "accounts.links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return super()._make_hash_value(user, timestamp) + user.session_mark


_tokens = LinkTokens()


def link_for(person: User) -> str:
    """The path of the page where this person sets a password."""
    return reverse("set_password", args=[int_to_base36(person.pk), _tokens.make_token(person)])


def person_of(number: str, token: str) -> User | None:
    """The active person whose link this is; None when it was used, is too old, or never was ours."""
    try:
        pk = base36_to_int(number)
    except ValueError:
        return None
    person = User.objects.active().filter(pk=pk).first() if pk < 2**63 else None
    return person if person and _tokens.check_token(person, token) else None
