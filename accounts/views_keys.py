"""Keys of machines: issue, look after, revoke."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .access import gate
from .forms import ApiKeyForm
from .fresh_password import require_fresh_password
from .models import ApiKey, Taken
from .permissions import may_manage_keys


@gate(may_manage_keys)
@require_GET
def api_keys(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/api_keys.html", {"keys": ApiKey.objects.newest(), "now": timezone.now()})


@gate(may_manage_keys)
@require_http_methods(["GET", "POST"])
def api_key_new(request: HttpRequest) -> HttpResponse:
    """A new key; its text is on the answer and nowhere else. Loading that answer again is refused, for the name is taken."""
    form = ApiKeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        _confirm(request, _("Issue the API key “%s”") % given["name"])
        try:
            key, text = ApiKey.objects.issue(
                name=given["name"],
                scopes=given["scopes"],
                by=request.user,  # type: ignore[arg-type]
                expires_at=given["until"],
            )
        except Taken as refusal:
            form.add_error("name", str(refusal))
        else:
            return render(request, "accounts/api_key_issued.html", {"key": key, "text": text})
    return render(request, "accounts/api_key_new.html", {"form": form}, status=422 if form.is_bound else 200)


@gate(may_manage_keys)
@require_POST
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    _confirm(request, _("Revoke the API key “%s”") % key.name)
    key.revoke(at=timezone.now())
    messages.success(request, _("The key “%(name)s” is refused from now on.") % {"name": key.name})
    return redirect("api_keys")


def _confirm(request: HttpRequest, act: str) -> None:
    require_fresh_password(request, act, back=reverse("api_keys"), at=timezone.now())
