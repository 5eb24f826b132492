"""Signing in and out, and the first password by a link."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from . import links
from .access import anyone_signed_in, gate, public
from .devices import Device
from .forms import NewPasswordForm, SignInForm
from .fresh_password import remember_password
from .models import User
from .sign_in import onward, who_is
from .throttling import TooManyAttempts

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; who is signed in already goes on (quality.md S7)."""
    if request.user.is_authenticated:
        return redirect(onward(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "accounts/sign_in.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        person = who_is(
            request, email=form.cleaned_data["email"], password=form.cleaned_data["password"], at=timezone.now()
        )
    except TooManyAttempts as refusal:
        return locked_out(request, wait=refusal.wait)
    if person is None:
        form.add_error(None, _("This e-mail and password do not go together."))
        return render(request, "accounts/sign_in.html", {"form": form}, status=422)
    return _enter(request, person)


def _enter(request: HttpRequest, person: User) -> HttpResponse:
    """Start the session; the device is known for this person from now on."""
    response = redirect(onward(request))
    login(request, person, backend=MODEL_BACKEND)
    remember_password(request.session, timezone.now())
    Device.of(request).remember(person.email_key, response)
    return response


def locked_out(request: HttpRequest, *_ignored: Any, wait: timedelta = timedelta(minutes=15)) -> HttpResponse:
    """Too many wrong passwords: a plain page that says when to come back. axes calls it, too."""
    minutes = int(wait.total_seconds() // 60)
    response = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


@gate(anyone_signed_in)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")


@public
@never_cache
@sensitive_post_parameters("password", "again")
@sensitive_variables("token")
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """A person's one-time link: choose a password. A GET changes nothing, so mail scanners may follow it."""
    person = links.person_of(number, token)
    if person is None:
        return render(request, "accounts/link_spent.html", status=404)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "GET" or not form.is_valid():
        context = {"form": form, "person": person}
        return render(request, "accounts/set_password.html", context, status=422 if form.is_bound else 200)
    person.choose_password(form.cleaned_data["password"])
    return _enter(request, person)
