"""Webhooks: which programs are told of opportunities, and what became of each message."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import gate
from accounts.fresh_password import require_fresh_password

from . import hooks
from .forms_hooks import HookForm
from .models_hooks import Hook, HookMessage
from .pages import NewestFirst
from .permissions import may_manage_hooks
from .views import who


@gate(may_manage_hooks)
@require_GET
def webhooks(request: HttpRequest) -> HttpResponse:
    return render(request, "outbox/hooks.html", {"hooks": Hook.objects.order_by("label")})


@gate(may_manage_hooks)
@require_http_methods(["GET", "POST"])
def hook_new(request: HttpRequest) -> HttpResponse:
    """A new listener; its secret is on the answer and nowhere else."""
    form = HookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        hook = form.save(commit=False)
        act = _("Tell %(label)s at %(url)s of opportunities") % {"label": hook.label, "url": hook.url}
        require_fresh_password(request, act, back=reverse("webhooks"), at=timezone.now())
        hook.created_at, hook.created_by = timezone.now(), who(request)
        return render(request, "outbox/hook_secret.html", {"hook": hook, "secret": hook.renew_secret()})
    return render(request, "outbox/hook_form.html", {"form": form}, status=422 if form.is_bound else 200)


@gate(may_manage_hooks)
@require_http_methods(["GET", "POST"])
def hook_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One listener: its address, and the messages to it, newest first."""
    hook = get_object_or_404(Hook, pk=pk)
    form = HookForm(request.POST if request.method == "POST" else None, instance=hook)
    if request.method == "POST" and form.is_valid():
        _confirm(request, hook, _("Change the webhook %(label)s, %(url)s"))
        form.save()
        messages.success(request, _("Saved."))
        return redirect("hook_page", pk)
    page = NewestFirst.of(HookMessage.objects.filter(hook=hook), request.GET)
    context = {"hook": hook, "page": page, "form": form}
    return render(request, "outbox/hook.html", context, status=422 if form.is_bound else 200)


@gate(may_manage_hooks)
@require_POST
def hook_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown once; what is sent from now on is signed with it."""
    hook = get_object_or_404(Hook, pk=pk)
    _confirm(request, hook, _("Make a new secret for the webhook %(label)s, %(url)s"))
    return render(request, "outbox/hook_secret.html", {"hook": hook, "secret": hook.renew_secret()})


def _confirm(request: HttpRequest, hook: Hook, act: str) -> None:
    said = act % {"label": hook.label, "url": hook.url}
    require_fresh_password(request, said, back=reverse("hook_page", args=[hook.pk]), at=timezone.now())


@gate(may_manage_hooks)
@require_POST
def hook_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a message that means nothing, to see that it arrives."""
    hook = get_object_or_404(Hook, pk=pk)
    hooks.decide("test", {"text": _("A test from LeadHub."), "by": who(request).name}, at=timezone.now(), only=hook)
    messages.success(request, _("A test is on its way; see below what became of it."))
    return redirect("hook_page", pk)


@gate(may_manage_hooks)
@require_POST
def hook_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a message in line again, under the id it had: a receiver that knows it may leave it."""
    message = get_object_or_404(HookMessage, pk=pk)
    if message.try_again(at=timezone.now()):
        messages.success(request, _("The message is in line again."))
    else:
        messages.warning(request, _("This message waits to be sent already."))
    return redirect("hook_page", message.hook_id)
