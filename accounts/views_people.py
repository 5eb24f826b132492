"""People: who is here, what they may do, letting them in and out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .access import gate, require
from .forms import AssignmentForm, NewPersonForm
from .fresh_password import require_fresh_password
from .links import link_for
from .models import LastAdministrator, Taken, User
from .people_list import PeopleList
from .permissions import PersonPermissions, may_manage_people, may_see_people

CRUMBS = [(gettext_lazy("Settings"), reverse_lazy("settings")), (gettext_lazy("People"), reverse_lazy("people"))]


@gate(may_see_people)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    page = PeopleList(User.objects.visible_to(request.user), request.GET)
    context = {"page": page, "may_manage": may_manage_people(request.user), "crumbs": CRUMBS}  # type: ignore[arg-type]
    return render(request, "accounts/people.html", context)


@gate(may_manage_people)
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """A new person, and the link with which they set their password."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _confirm(request, _("Let in %s") % form.cleaned_data["email"])
        try:
            person = User.objects.invite(**form.cleaned_data)
        except Taken as refusal:
            form.add_error("email", str(refusal))
        else:
            return _show_link(request, person, new=True)
    return render(
        request, "accounts/person_new.html", {"form": form, "crumbs": CRUMBS}, status=422 if form.is_bound else 200
    )


@gate(may_see_people)
@require_GET
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    can = PersonPermissions(request.user, person)  # type: ignore[arg-type]
    return render(request, "accounts/person_page.html", {"person": person, "can": can, "crumbs": CRUMBS})


@gate(may_manage_people)
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = AssignmentForm(request.POST if request.method == "POST" else None, instance=_person(request, pk))
    if request.method == "POST" and form.is_valid():
        _confirm(request, _("Change name, roles and team of %s") % person.name, of=person)
        try:
            person.assign(**form.cleaned_data, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except LastAdministrator as refusal:
            form.add_error("roles", str(refusal))
        else:
            messages.success(request, _("%(name)s is saved; it counts from the next click.") % {"name": person.name})
            return redirect("person_page", pk)
    context = {"form": form, "person": person, "crumbs": CRUMBS}
    return render(request, "accounts/person_edit.html", context, status=422 if form.is_bound else 200)


@gate(may_manage_people)
@require_POST
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link to set a password; it is shown once."""
    person = _person(request, pk)
    require(PersonPermissions(request.user, person).send_link)  # type: ignore[arg-type]
    _confirm(request, _("Make a password link for %s") % person.name, of=person)
    return _show_link(request, person, new=False)


@gate(may_manage_people)
@require_POST
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    require(PersonPermissions(request.user, person).deactivate)  # type: ignore[arg-type]
    _confirm(request, _("Deactivate %s") % person.name, of=person)
    try:
        person.deactivate(by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except LastAdministrator as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(name)s can no longer sign in; their open leads went to others or wait in a queue.")
            % {"name": person.name},
        )
    return redirect("person_page", pk)


@gate(may_manage_people)
@require_POST
def person_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    _confirm(request, _("Let in %s again") % person.name, of=person)
    person.reactivate()
    messages.success(request, _("%(name)s can sign in again.") % {"name": person.name})
    return redirect("person_page", pk)


@gate(may_see_people)
@require_POST
def person_end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    require(PersonPermissions(request.user, person).end_sessions)  # type: ignore[arg-type]
    person.end_sessions()
    messages.success(request, _("%(name)s has to sign in again.") % {"name": person.name})
    return redirect("person_page", pk)


def _confirm(request: HttpRequest, act: str, *, of: User | None = None) -> None:
    back = reverse("person_page", args=[of.pk]) if of else reverse("people")
    require_fresh_password(request, act, back=back, at=timezone.now())


def _person(request: HttpRequest, pk: int) -> User:
    """The person, or 404 for whom the viewer may not know."""
    return get_object_or_404(User.objects.visible_to(request.user).select_related("team"), pk=pk)


def _show_link(request: HttpRequest, person: User, *, new: bool) -> HttpResponse:
    link = request.build_absolute_uri(link_for(person))
    return render(request, "accounts/person_link.html", {"person": person, "link": link, "new": new, "crumbs": CRUMBS})
