"""Letters to leads: the mailbox of what marketing sent, each as it was sent, and what came back of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import gate
from leads.requests import SignedIn
from outbox.pages import NewestFirst

from .addresses import LetterAddresses, PlainAddresses, target
from .envelope import written
from .merge_language import MergeFault
from .models import Hit, Letter
from .permissions import may_open_letters, may_resend_letter

State = Letter.State
#: Tabs of the list: key, label, the states in it.
TABS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("", gettext_lazy("All"), ()),
    ("waiting", gettext_lazy("In line"), (State.QUEUED, State.LEASED, State.HANDED, State.DEFERRED)),
    ("sent", gettext_lazy("Sent"), (State.SENT, State.SHOWN)),
    ("suppressed", gettext_lazy("Not sent"), (State.SUPPRESSED,)),
    ("failed", gettext_lazy("Failed"), (State.FAILED,)),
    ("unknown", gettext_lazy("Doubtful"), (State.UNKNOWN,)),
)


@gate(may_open_letters)
@require_safe
def letters(request: SignedIn) -> HttpResponse:
    """What left for leads, waits, or did not leave, newest first."""
    asked = request.GET.get("state", "")
    states = next((states for key, _label, states in TABS if key == asked), ())
    rows = Letter.objects.visible_to(request.user).shown_whole().in_state(*states)
    page = NewestFirst.of(rows, request.GET)
    tabs = [{"key": key, "label": label, "active": key == asked} for key, label, _states in TABS]
    return render(request, "nurture/letters.html", {"page": page, "tabs": tabs, "asked": asked})


@gate(may_open_letters)
@require_safe
def letter_page(request: SignedIn, pk: int) -> HttpResponse:
    """One letter: what became of it, its words as they were sent, and each answer; in the side panel or as a page."""
    letter = get_object_or_404(Letter.objects.visible_to(request.user).shown_whole(), pk=pk)
    context = {
        "letter": letter,
        "answers": answers_of(letter),
        "may_resend": may_resend_letter(request.user) and letter.may_be_resent,
        "crumbs": [(_("E-mails to leads"), reverse("letters"))],
        **words_of(letter),
    }
    return render(request, "nurture/_letter_panel.html" if request.htmx else "nurture/letter.html", context)


def words_of(letter: Letter) -> dict[str, str]:
    """Subject and text as the lead got them, but for the signs in its links; a version that cannot be written any more says so."""
    try:
        words = written(letter, _ways(letter))
    except MergeFault as fault:
        return {"subject": letter.version.subject, "text": str(fault)}
    return {"subject": words.subject, "text": words.text}


def _ways(letter: Letter) -> LetterAddresses | PlainAddresses:
    """What people of the house follow is no answer of the lead; where nothing leaves, nobody else could try its links."""
    return LetterAddresses(letter) if letter.state == State.SHOWN else PlainAddresses(letter)


def answers_of(letter: Letter) -> list[dict[str, Any]]:
    """Each answer with the place it led to; who did it is what the activity says, where a person has judged it."""
    hits = Hit.objects.filter(letter=letter).select_related("activity")
    return [{"hit": hit, "place": target(letter, hit.link), "is_machine": hit.is_machine} for hit in hits]


@gate(may_open_letters)
@require_safe
def letter_words(request: SignedIn, pk: int) -> HttpResponse:
    """The letter alone, as a mail program shows it: no script, no form, its own styles. Where nothing leaves, its links work."""
    letter = get_object_or_404(Letter.objects.visible_to(request.user).shown_whole(), pk=pk)
    response = HttpResponse(written(letter, _ways(letter)).html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'none'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    )
    return response


@gate(may_resend_letter)
@require_POST
def letter_resend(request: SignedIn, pk: int) -> HttpResponse:
    """Put a doubtful or failed letter in line again; a person decides that it may arrive twice."""
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    if letter.resend(at=timezone.now()):
        messages.success(request, _("The e-mail is in line again."))
    else:
        messages.warning(request, _("This e-mail is neither doubtful nor failed, so it is not sent again."))
    return redirect("letter_page", pk)
