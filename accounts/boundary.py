"""The boundary: what no browser of ours sends is refused with a sentence before any view, or the database, meets it."""

import logging
from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.urls import ResolverMatch
from django.utils.translation import gettext as _

from .logs import places
from .views_errors import bad_request

logger = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
#: What browsers send; programs may send others to the API, whose views read their body themselves.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class BoundaryMiddleware:
    """Refuses text that PostgreSQL cannot hold (NUL, lone surrogates) in addresses and forms, with 400.

    What slips through a view as too large a number or unstorable text is answered the same way, and logged as a fault of ours.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_args: object) -> HttpResponse | None:
        if request.method not in METHODS and not getattr(view, "csrf_exempt", False):
            return HttpResponseNotAllowed(METHODS)
        if not storable([request.path]) or not storable(_texts(request.GET)):
            raise BadRequest(_("The address contains a character that cannot be stored."))
        # Views without the CSRF check read their body themselves (the intake API, webhooks).
        if (
            request.content_type in FORM_TYPES
            and not getattr(view, "csrf_exempt", False)
            and not storable(_texts(request.POST))
        ):
            raise BadRequest(_("The form contains a character that cannot be stored."))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DataError | UnicodeEncodeError):
            return None
        match: ResolverMatch | None = request.resolver_match
        logger.error(
            "Unstorable value reached the database",
            extra={"route": match.route if match else "", "where": places(exception)},
        )
        return bad_request(request, BadRequest(_("One of the values is too large or cannot be stored.")))


def storable(texts: Iterable[str]) -> bool:
    """Whether PostgreSQL can hold every text: no NUL, no half of a surrogate pair."""
    try:
        return not any(b"\x00" in text.encode() for text in texts)
    except UnicodeEncodeError:
        return False


def _texts(parameters: QueryDict) -> Iterator[str]:
    for name, values in parameters.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))
