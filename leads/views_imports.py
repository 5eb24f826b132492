"""Imports in the browser: upload, match columns, check, run, and read what became of each row."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate, require

from .importing.fault_file import fault_lines
from .importing.faults import MappingRefused
from .importing.source import FileRefused
from .imports_forms import DELIMITERS, ENCODINGS, MatchForm, UploadForm
from .imports_preview import Preview
from .imports_upload import keep
from .models import ImportJob, ImportRefused
from .paging import Order, Page
from .permissions import ImportPermissions, may_preview_imports
from .tasks import ask

CRUMBS = [(_lazy("Imports"), reverse_lazy("import_list"))]
NEWEST = Order({"id": int}, descending=True)
FAULTS_SHOWN = 20


def _job(request: HttpRequest, pk: int) -> ImportJob:
    return get_object_or_404(ImportJob.objects.visible_to(request.user).with_people(), pk=pk)  # type: ignore[arg-type]


@gate(may_preview_imports)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    jobs = ImportJob.objects.visible_to(request.user).with_people()  # type: ignore[arg-type]
    return render(request, "leads/imports/list.html", {"page": Page.of(jobs, NEWEST, request.GET)})


@gate(may_preview_imports)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Upload a file; it is kept when it is a table."""
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, sent_bytes=_announced(request))
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            job = keep(given["file"], kind=given["kind"], told=given["told"], by=request.user)  # type: ignore[arg-type]
            return redirect("import_match", job.pk)
        except (FileRefused, MappingRefused) as refusal:
            form.add_error("file", str(refusal))
    return render(request, "leads/imports/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _announced(request: HttpRequest) -> int:
    """How many bytes the browser said it would send."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdecimal() else 0


@gate(may_preview_imports)
@require_http_methods(["GET", "HEAD", "POST"])
def import_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is what, with examples; posting it checks the whole file and writes nothing yet."""
    job = _job(request, pk)
    require(ImportPermissions(request.user, job).prepare)  # type: ignore[arg-type]
    asked = request.POST or request.GET
    try:
        preview = Preview.of(job, encoding=_choice(asked, "encoding"), delimiter=_choice(asked, "delimiter"))
    except (FileRefused, MappingRefused) as refusal:
        return render(request, "leads/imports/unreadable.html", {"job": job, "problem": str(refusal)}, status=422)
    form = MatchForm(request.POST if request.method == "POST" else None, preview=preview, kind=job.kind)
    if form.is_bound and "again" not in request.POST and form.is_valid():
        return _started(request, job, form)
    shown = (
        form if "again" not in request.POST else MatchForm(initial=request.POST.dict(), preview=preview, kind=job.kind)
    )
    return render(
        request,
        "leads/imports/match.html",
        {"job": job, "form": shown, "preview": preview, "crumbs": CRUMBS},
        status=422 if shown.is_bound else 200,
    )


def _choice(asked: object, name: str) -> str:
    """A choice of the page, or nothing for junk."""
    value = asked.get(name, "")  # type: ignore[attr-defined]
    return value if value in {key for key, _label in (ENCODINGS if name == "encoding" else DELIMITERS)} else ""


def _started(request: HttpRequest, job: ImportJob, form: MatchForm) -> HttpResponse:
    try:
        job.match_columns(form.cleaned_data["mapping"].to_document())
        job.start(dry_run=True, at=timezone.now())
        ask(job.pk)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("import_page", job.pk)


@gate(may_preview_imports)
@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the import stands; asked by htmx, only the part that moves, and the whole page anew when it is over."""
    job = _job(request, pk)
    if job.state == ImportJob.State.UPLOADED and not job.problem:
        return redirect("import_match", job.pk)
    can = ImportPermissions(request.user, job)  # type: ignore[arg-type]
    context = {"job": job, "can": can, "faults": job.faults.first_rows(FAULTS_SHOWN), "crumbs": CRUMBS}
    if request.htmx:  # type: ignore[attr-defined]
        if job.is_open:
            return render(request, "leads/imports/_progress.html", context)
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "leads/imports/page.html", context)


@gate(may_preview_imports)
@require_POST
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it, after a check."""
    job = _job(request, pk)
    require(ImportPermissions(request.user, job).run)  # type: ignore[arg-type]
    try:
        job.start(dry_run=False, at=timezone.now())
        ask(job.pk)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("import_page", job.pk)


@gate(may_preview_imports)
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    require(ImportPermissions(request.user, job).prepare)  # type: ignore[arg-type]
    job.cancel(timezone.now())
    messages.info(request, _("The import of %(name)s has stopped.") % {"name": job.name})
    return redirect("import_page", job.pk)


@gate(may_preview_imports)
@require_safe
def import_faults(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows as CSV, with the reason of each; no cell acts as a formula."""
    job = _job(request, pk)
    response = StreamingHttpResponse(fault_lines(job), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}-refused.csv"'
    return response
