"""Error pages of the house: the same face, a sentence, a way on; programs and fragments get the sentence alone.

None of them asks the database: what failed may be the database. Only where a password is needed the page is one of the house.
"""

import sys

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from .fresh_password import PasswordNeeded, ask
from .logs import request_id

#: The database is away, or too busy; the driver says so itself where figures are read past Django.
NO_DATABASE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form had been open too long, or cookies are off."""
    return answer(
        request,
        403,
        _("This page was open too long. Load it again and repeat the last step."),
        template="403_csrf.html",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 400, _said(exception) or _("LeadHub cannot make sense of this address or form."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, PasswordNeeded):
        return ask(request, exception)
    return answer(request, 403, _said(exception) or _("Your role does not include this."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404, _("There is nothing at this address, or it is not yours to see."))


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; or 503 where the database is away or too busy, which passes by itself."""
    if isinstance(sys.exception(), NO_DATABASE):
        response = answer(
            request, 503, _("The database does not answer; nothing was half-saved. Try again in a moment.")
        )
        response["Retry-After"] = "5"
        return response
    return answer(request, 500, _("Something went wrong on our side; nothing was half-saved."))


def answer(request: HttpRequest, status: int, sentence: str, *, template: str = "") -> HttpResponse:
    """The sentence as JSON for programs, as text for htmx, as a page for people."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": sentence, "request_id": request_id.get()}, status=status)
    if "HX-Request" in request.headers:
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    page = loader.render_to_string(template or f"{status}.html", {"sentence": sentence, "request_id": request_id.get()})
    return HttpResponse(page, status=status)


def _said(exception: Exception | None) -> str:
    """What the code says to people in the exception it raised; Django's own exceptions speak to developers."""
    written_by_us = type(exception).__name__ in {"PermissionDenied", "BadRequest"}
    return str(exception)[:300] if exception is not None and written_by_us and exception.args else ""
