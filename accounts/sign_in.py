"""Signing in: the password, the budgets of wrong ones, and where to go next."""

from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, authenticate, update_session_auth_hash
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from .addresses import email_key
from .devices import Device
from .models import User
from .throttling import PER_DEVICE, PER_PERSON, TooManyAttempts, attempt


def who_is(request: HttpRequest, *, email: str, password: str, at: datetime) -> User | None:
    """The active person with this address and password, or None; the same answer for unknown and wrong.

    Raises `TooManyAttempts` when a budget is spent. A try that axes refuses unseen is not counted against the person.
    """
    key, device = email_key(email), Device.of(request)
    known = device.knows(key)
    if not known and not AxesProxyHandler.is_allowed(request, {"username": key}):
        raise TooManyAttempts(settings.AXES_COOLOFF_TIME)
    budget, subject = (PER_DEVICE, device.name) if known else (PER_PERSON, key)
    with attempt(budget, subject, at) as trial:
        user = authenticate(request, username=key, password=password)
        if user is not None:
            trial.succeeded()
    return user


def onward(request: HttpRequest) -> str:
    """Where a person goes after signing in: `next` when it is a page of ours, else home (quality.md S12)."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours and asked.isprintable() else resolve_url(settings.LOGIN_REDIRECT_URL)


def is_own_password(request: HttpRequest, password: str, *, at: datetime) -> bool:
    """Whether a signed-in person knows their own password; wrong ones count against the very budgets of the door.

    Raises `TooManyAttempts` when one is spent.
    """
    found = who_is(request, email=request.user.email, password=password, at=at)  # type: ignore[union-attr]
    if request.__dict__.pop("axes_locked_out", False):  # else axes would put its page in the place of ours
        raise TooManyAttempts(settings.AXES_COOLOFF_TIME)
    if found is None or found != request.user:
        return False
    if found.get_session_auth_hash() != request.session.get(HASH_SESSION_KEY):  # it was hashed anew, by stronger rules
        update_session_auth_hash(request, found)
    return True
