"""The list of reasons, and who changed what of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import gate
from outbox.pages import NewestFirst

from .answers import who
from .forms import ReasonForm
from .models import Reason, SettingChange
from .permissions import may_edit_reasons
from .setting_words import reason_lines, told


@gate(may_edit_reasons)
@require_GET
def reasons(request: HttpRequest) -> HttpResponse:
    changes = NewestFirst.of(SettingChange.objects.of_reasons(), request.GET)
    context = {"reasons": Reason.objects.order_by("position", "id"), "page": changes}
    return render(request, "handoff/reasons.html", context | {"changes": told(changes.rows, reason_lines)})


@gate(may_edit_reasons)
@require_http_methods(["GET", "POST"])
def reason_new(request: HttpRequest) -> HttpResponse:
    return _form(request, Reason(position=Reason.objects.next_position()), _("New reason"))


@gate(may_edit_reasons)
@require_http_methods(["GET", "POST"])
def reason_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Reason, pk=pk), _("Change the reason"))


def _form(request: HttpRequest, reason: Reason, heading: str) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None, instance=reason)
    if request.method == "POST" and form.is_valid():
        reason.write(form.cleaned_data, by=who(request), at=timezone.now())
        messages.success(request, _("The reason is saved."))
        return redirect("reasons")
    return render(
        request, "handoff/reason_form.html", {"form": form, "heading": heading}, status=422 if form.is_bound else 200
    )
