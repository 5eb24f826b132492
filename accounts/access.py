"""Gates: every view declares who may open it; the same test shows the link and guards the view (quality.md rule 24)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from .models import Role, User


class SignedIn(HttpRequest):
    """A request behind a gate, for the type checker: somebody is signed in, and htmx has been asked about."""

    user: User
    htmx: HtmxDetails


Test = Callable[[User], bool]
View = Callable[..., HttpResponseBase]

EVERYBODY = tuple(Role.values)


def holders(*roles: str) -> Test:
    """A test that an active person holds one of the roles; used by gates, navigation and permission objects alike."""

    def test(user: User) -> bool:
        return user.is_authenticated and user.holds(*roles)

    return test


def anyone_signed_in(user: User) -> bool:
    return user.is_authenticated and user.is_active


def gate(test: Test) -> Callable[[View], View]:
    """Declare who may open the view. Signed-out people are sent to sign in by middleware, the others refused (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(test(request.user))  # type: ignore[arg-type]
            return view(request, *args, **kwargs)

        guarded.gate = test  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """Declare that nobody needs to be signed in for the view; it must guard itself if it changes anything."""
    view = login_not_required(view)
    view.gate = public  # type: ignore[attr-defined]
    return view


def require(allowed: bool) -> None:
    """Raise `PermissionDenied` (403) unless allowed: what you may see but not do."""
    if not allowed:
        raise PermissionDenied
