"""The library of e-mails: the list, an e-mail and its versions, the editor that saves itself, finishing."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate
from accounts.models import User
from leads.requests import SignedIn

from . import email_page
from .email_use import programs_by_email
from .forms_emails import DraftForm, EmailForm
from .letter_frames import shows_letters
from .merge_values import merge_fields
from .models import Email, EmailRefused, EmailVersion
from .permissions import may_see_emails, may_write_emails
from .subjects import trial_of

MOST_EMAILS = 200


@gate(may_see_emails)
@require_safe
def emails(request: SignedIn) -> HttpResponse:
    """All e-mails by name with their newest version; the archived ones on their own tab."""
    archived = "archived" in request.GET
    chosen = Email.objects.archived() if archived else Email.objects.active()
    using = programs_by_email()
    rows = [{"email": email, "programs": using.get(email.pk, [])} for email in chosen.with_newest()[:MOST_EMAILS]]
    context = {"rows": rows, "archived": archived, "can_write": may_write_emails(request.user)}
    return render(request, "nurture/emails.html", context)


@gate(may_write_emails)
@require_http_methods(["GET", "POST"])
def email_create(request: SignedIn) -> HttpResponse:
    """A name and a topic; the words come next."""
    form = EmailForm(request.POST if request.method == "POST" else None, topics=Email.objects.topics())
    if form.is_bound and form.is_valid():
        try:
            email = Email.objects.begin(**form.cleaned_data, by=request.user, at=timezone.now())
            return redirect("email_edit", email.pk)
        except EmailRefused as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "title": _("New e-mail"), "submit": _("Write it")}
    return render(request, "nurture/email_form.html", context, status=422 if form.errors else 200)


@gate(may_write_emails)
@require_http_methods(["GET", "POST"])
def email_rename(request: SignedIn, pk: int) -> HttpResponse:
    """Another name or topic; what was sent keeps its words."""
    email = get_object_or_404(Email, pk=pk)
    form = EmailForm(request.POST if request.method == "POST" else None, instance=email, topics=Email.objects.topics())
    if form.is_bound and form.is_valid():
        try:
            form.save(commit=False).keep()
            return redirect("email_page", pk)
        except EmailRefused as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "title": Email.objects.get(pk=pk).name, "submit": _("Save"), "email": email}
    return render(request, "nurture/email_form.html", context, status=422 if form.errors else 200)


@gate(may_see_emails)
@require_safe
@shows_letters
def email_page_view(request: SignedIn, pk: int, number: int | None = None) -> HttpResponse:
    """An e-mail by its newest version, or by the one asked for; by its draft while there is nothing else."""
    email = get_object_or_404(Email.objects.select_related("created_by"), pk=pk)
    shown = _version(email, number)
    before = email.versions.filter(number__lt=shown.number).first()
    context = email_page.preview(shown, email_page.view_of(request.GET, request.user), request.user) | {
        "email": email, "versions": email.versions.without_words(), "draft": email.draft, "before": before,
        "changes": email_page.changes_between(before, shown) if before else [], "trial": trial_of(shown),
        "can_edit": may_write_emails(request.user), "programs": programs_by_email().get(pk, []),
    }  # fmt: skip
    return render(request, "nurture/email_page.html", context)


def _version(email: Email, number: int | None) -> EmailVersion:
    """The version asked for, with its e-mail; the newest finished one, else the draft, where none is."""
    if number is not None:
        return get_object_or_404(email.versions.select_related("email", "updated_by"), number=number)
    found = email.newest or email.draft
    if found is None:
        raise Http404
    return found


@gate(may_write_emails)
@require_http_methods(["GET", "POST"])
@shows_letters
def email_edit(request: SignedIn, pk: int) -> HttpResponse:
    """Write the draft: what is typed saves itself, what is seen beside it is what readers get."""
    email = get_object_or_404(Email, pk=pk)
    draft = email.draft
    if request.method == "POST":
        return _kept(request, email, draft)
    if draft is None:
        return redirect("email_page", pk)
    context = email_page.preview(draft, email_page.view_of(request.GET, request.user), request.user)
    context |= {"form": DraftForm(instance=draft), "fields": merge_fields().values(), "email": email}
    return render(request, "nurture/email_edit.html", context)


def _kept(request: SignedIn, email: Email, draft: EmailVersion | None) -> HttpResponse:
    """Keep what is right of it; somebody else's newer words are never overwritten unseen."""
    if draft is None:
        return HttpResponse(
            _("This version is finished or thrown away; it cannot be changed. Begin a new one."), status=409
        )
    form = DraftForm(request.POST, instance=EmailVersion.objects.get(pk=draft.pk))
    form.is_valid()
    answers, before = form.good_answers(), draft.updated_by
    try:
        left = draft.save_draft(answers, by=request.user, at=timezone.now(), seen=form.seen()) if answers else ()
    except EmailRefused as refusal:
        return HttpResponse(str(refusal), status=409, content_type="text/plain")
    if "X-Autosave" in request.headers:
        return _told(draft, form, [one for one in answers if one not in left], dict.fromkeys(left, _meanwhile(before)))
    return redirect("email_edit", email.pk)


def _meanwhile(other: User | None) -> str:
    said = _("%(name)s changed this meanwhile. Yours is not saved yet.")
    return said % {"name": other.name if other else _("Somebody")}


def _told(draft: EmailVersion, form: DraftForm, kept: list[str], contested: dict[str, str]) -> JsonResponse:
    """What a draft that saved itself hears: what was kept, what is wrong, and how every field stands now."""
    wrong = {one: " ".join(map(str, told)) for one, told in form.errors.items()}
    stored = {one: getattr(draft, one) for one in form.fields}
    answer = {"kept": kept, "contested": contested, "wrong": wrong, "stored": stored}
    return JsonResponse(answer, status=422 if wrong else 200)


@gate(may_write_emails)
@require_POST
def email_draft(request: SignedIn, pk: int) -> HttpResponse:
    """Begin the next version, or go on with it; `drop` throws it away."""
    email = get_object_or_404(Email, pk=pk)
    try:
        if "drop" in request.POST:
            email.drop_draft()
            messages.success(request, _("The draft is thrown away."))
            return redirect("email_page", pk)
        email.start_draft(by=request.user, at=timezone.now())
    except EmailRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("email_page", pk)
    return redirect("email_edit", pk)


@gate(may_write_emails)
@require_POST
def email_finish(request: SignedIn, pk: int) -> HttpResponse:
    """Freeze the draft: from now on programs send it."""
    email = get_object_or_404(Email, pk=pk)
    draft = email.draft
    try:
        if draft is None:
            raise EmailRefused(_("There is no draft to finish."))
        draft.finish(by=request.user, at=timezone.now())
    except EmailRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("email_edit" if draft else "email_page", pk)
    messages.success(
        request, _("Version %(number)d is finished; programs send it from now on.") % {"number": draft.number}
    )
    return redirect("email_page", pk)


@gate(may_write_emails)
@require_POST
def email_archive(request: SignedIn, pk: int) -> HttpResponse:
    """Put the e-mail away, or bring it back."""
    email = get_object_or_404(Email, pk=pk)
    try:
        if email.archived_at:
            email.restore()
            messages.success(request, _("“%(email)s” is back.") % {"email": email.name})
        elif programs := programs_by_email().get(pk):
            said = _("“%(email)s” is sent by %(programs)s; take it out there first.")
            raise EmailRefused(said % {"email": email.name, "programs": ", ".join(programs)})
        else:
            email.archive(at=timezone.now())
            said = _("“%(email)s” is archived.") % {"email": email.name}
            messages.success(request, said, extra_tags=f"undo:{request.path}")
    except EmailRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("emails")
