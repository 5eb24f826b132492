"""Words to others: a reply to a no, questions to a lead; sending the link, and the page behind it, which needs no sign-in and shows nothing but a first name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import gate, public, require
from accounts.throttling import client_address
from leads import api_limits

from .answers import done, load, refusals_are_sentences, refused, who, workable, wrong
from .forms import ReplyForm
from .models import QuestionForm, Reply
from .permissions import may_hand_over, may_read_handoffs
from .questions import AskForm, QuestionsForm
from .refusals import HandoffRefused

#: Requests from one address to the public page.
RATE = "40/10minutes"


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the lead a link to the questions by mail."""
    handoff = workable(request, pk)
    form = AskForm(request.POST, number=handoff.pk)
    if not form.is_valid():
        return wrong(request, handoff, ask_form=form)
    QuestionForm.objects.send(handoff, language=form.cleaned_data["language"], by=who(request), at=timezone.now())
    return done(request, handoff, _("The questions are on their way to %(lead)s.") % {"lead": handoff.lead.name})


@gate(may_read_handoffs)
@require_POST
@refusals_are_sentences
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Marketing answers a no; whoever gave it is told, and the words stay with the handoff."""
    handoff = load(request, pk)
    require(may_hand_over(who(request)))
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return refused(request, " ".join(map(str, form.errors["text"])), pk)
    Reply.give(handoff, text=form.cleaned_data["text"], by=who(request), at=timezone.now())
    return done(request, handoff, _("Your reply is on its way, and kept with the handoff."))


@public
@never_cache
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link. Looking changes nothing; the answers are taken once, while the handoff is open."""
    if wait := api_limits.refused(f"questions:{client_address(request)}", RATE):
        return _said(
            request, _("Too many requests. Please try again in a few minutes."), 429, {"Retry-After": str(wait)}
        )
    found = QuestionForm.objects.of_link(token, timezone.now()).first()
    if found is None:
        return _said(
            request, _("This link does not work, or not any more. Please ask whoever sent it for a new one."), 404
        )
    with translation.override(found.language):
        if found.answered_at:
            return _said(request, _("Thank you, we have your answers."), 200)
        if found.handoff.closed_at:
            return _said(request, _("Thank you. We do not need these answers any more."), 410)
        return _asked(request, found)


def _asked(request: HttpRequest, found: QuestionForm) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = QuestionsForm(data, framework=found.handoff.rules().framework)
    if data is not None and form.is_valid():
        try:
            found.answer(form.told(), at=timezone.now())
        except HandoffRefused:  # answered or decided a moment ago
            return _said(request, _("Thank you. We do not need these answers any more."), 410)
        return _said(request, _("Thank you, we have your answers."), 200)
    context = {"form": form, "first_name": found.handoff.lead.first_name}
    return render(request, "handoff/questions.html", context, status=422 if form.is_bound else 200)


def _said(request: HttpRequest, sentence: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    answer = render(request, "handoff/questions_said.html", {"sentence": sentence}, status=status)
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer
