"""A fresh password before an act that reaches far (quality.md §4, “2”): asked for where it was given too long ago.

A view calls `require_fresh_password` once all else is right and before it changes anything. Where the password is not fresh the
answer is a page that asks for it and holds every field of the form that was sent; it posts to the same address, so that the act is
then done with what was typed. Nothing is kept on the server but the moment, in the session; files are not carried.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django_htmx.http import reswap, retarget

from .forms import FreshPasswordForm
from .sign_in import is_own_password
from .throttling import TooManyAttempts

logger = logging.getLogger(__name__)
GIVEN_AT = "password_given_at"
FIELD = "your_password"
#: What is not carried on: the page has its own.
NOT_CARRIED = {FIELD, "csrfmiddlewaretoken"}


@dataclass(eq=False)
class PasswordNeeded(PermissionDenied):
    """The act waits for the person's password; answered by `ask` instead of the page for what is forbidden."""

    act: str
    back: str
    form: FreshPasswordForm
    is_file: bool
    wait: timedelta | None


def remember_password(session: SessionBase, at: datetime) -> None:
    """The person gave their password at this moment."""
    session[GIVEN_AT] = at.timestamp()


def is_fresh(session: SessionBase, at: datetime) -> bool:
    """Whether the password was given within `FRESH_PASSWORD` before the moment; a moment to come is none."""
    given = session.get(GIVEN_AT)
    return isinstance(given, float) and 0 <= at.timestamp() - given <= settings.FRESH_PASSWORD.total_seconds()


@sensitive_variables("password")
def require_fresh_password(request: HttpRequest, act: str, *, back: str, at: datetime, is_file: bool = False) -> None:
    """Raise `PasswordNeeded` unless the password was given a short while ago, or is right in this very form.

    `act` is what would be done, in words (“Publish version 4”); `back` is the page of ours where cancelling leads.
    `is_file`: the answer is a file, which the browser saves while the page that asks stays.
    """
    password = _taken_out(request)
    if is_fresh(request.session, at):
        return
    form = FreshPasswordForm(None if password is None else {FIELD: password})
    wait = None
    if form.is_valid():
        try:
            if is_own_password(request, form.cleaned_data[FIELD], at=at):
                remember_password(request.session, at)
                logger.info("Password confirmed", extra={"request": request})
                return
            form.add_error(FIELD, _("This is not your password."))
        except TooManyAttempts as refusal:
            wait = refusal.wait
            form.add_error(FIELD, _too_many(wait))
        logger.warning("Password not confirmed", extra={"request": request})
    raise PasswordNeeded(act, back, form, is_file, wait)


def _taken_out(request: HttpRequest) -> str | None:
    """The password that came with the form; from now on it is in the form no more."""
    if FIELD not in request.POST:
        return None
    kept = request.POST.copy()
    password = kept.pop(FIELD)[-1]
    request.POST = kept  # type: ignore[assignment]
    return str(password)


def _too_many(wait: timedelta) -> str:
    minutes = int(wait.total_seconds() // 60)
    return ngettext(
        "Too many wrong passwords. Try again in %(n)d minute; what you typed stays here.",
        "Too many wrong passwords. Try again in %(n)d minutes; what you typed stays here.",
        minutes,
    ) % {"n": minutes}


def ask(request: HttpRequest, needed: PasswordNeeded) -> HttpResponse:
    """The page that asks, or the side panel for htmx; 422, for the form lacks the password (429 where it must wait)."""
    carried = [(name, value) for name, values in request.POST.lists() if name not in NOT_CARRIED for value in values]
    context = {"needed": needed, "carried": carried}
    fragment = "HX-Request" in request.headers
    template = "accounts/confirm_panel.html" if fragment else "accounts/confirm.html"
    response = render(request, template, context, status=422 if needed.wait is None else 429)
    if needed.wait is not None:
        response.headers["Retry-After"] = str(int(needed.wait.total_seconds()))
    return reswap(retarget(response, "#panel"), "innerHTML") if fragment else response
