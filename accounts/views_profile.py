"""One's own profile: name, zone, language, password, sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .access import anyone_signed_in, gate
from .forms import ChangePasswordForm, ProfileForm
from .fresh_password import remember_password
from .models import User
from .sign_in import is_own_password
from .throttling import TooManyAttempts
from .views_sign_in import locked_out


@gate(anyone_signed_in)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = User.objects.get(
        pk=request.user.pk
    )  # a copy: the page's frame keeps the saved name while the form is wrong
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "GET" or not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)
    person.save(update_fields=["name", "time_zone", "language"])
    with translation.override(person.language):
        messages.success(request, _("Your profile is saved."))
    return redirect("profile")


@gate(anyone_signed_in)
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session of the person ends (quality.md S9)."""
    person = User.objects.get(pk=request.user.pk)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, person=person)
    try:
        if (
            request.method == "POST"
            and form.is_valid()
            and not is_own_password(request, form.cleaned_data["old"], at=timezone.now())
        ):
            form.add_error("old", _("This is not your password."))
    except TooManyAttempts as refusal:
        return locked_out(request, wait=refusal.wait)
    if request.method == "GET" or not form.is_valid():
        return render(request, "accounts/change_password.html", {"form": form}, status=422 if form.is_bound else 200)
    person.choose_password(form.cleaned_data["password"])
    update_session_auth_hash(request, person)
    remember_password(request.session, timezone.now())
    messages.success(request, _("Your password is changed; your other sessions have ended."))
    return redirect("profile")


@gate(anyone_signed_in)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    person = User.objects.get(pk=request.user.pk)
    person.end_sessions()
    update_session_auth_hash(request, person)
    messages.success(request, _("Your sessions on other devices have ended."))
    return redirect("profile")
