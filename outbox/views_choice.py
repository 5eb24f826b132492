"""How I want to be reached by mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import anyone_signed_in, gate

from .forms_choice import MailChoiceForm
from .models import MailChoice
from .views import who


@gate(anyone_signed_in)
@require_http_methods(["GET", "POST"])
def mail_choice(request: HttpRequest) -> HttpResponse:
    person = who(request)
    form = MailChoiceForm(
        request.POST if request.method == "POST" else None, choice=MailChoice.objects.of({person.pk})[person.pk]
    )
    if form.is_bound and form.is_valid():
        MailChoice.objects.update_or_create(person=person, defaults=form.facts())
        messages.success(request, _("Your choice is saved. Mails that wait already leave as they were decided."))
        return redirect("mail_choice")
    context = {"form": form, "crumbs": [(_("Your profile"), reverse("profile"))]}
    return render(request, "outbox/mail_choice.html", context, status=422 if form.is_bound else 200)
