"""The proof page: is every reminder that fell due recorded, shown and mailed?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import gate
from leads.permissions import sees_personal_data
from outbox import sweeper

from .answers import who
from .permissions import may_see_proof
from .proof import DAYS, Proof


@gate(may_see_proof)
@require_GET
def sla_proof(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "proof": Proof.of(who(request), request.GET, now=now),
        "last_beat": sweeper.last_beat(),
        "is_late": sweeper.is_late(now),
        "days": DAYS,
        "masked": not sees_personal_data(who(request)),
    }
    return render(request, "handoff/proof.html", context)
