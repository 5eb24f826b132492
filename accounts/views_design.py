"""The living style guide: every component in every state, and the data of its example charts."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from .access import anyone_signed_in, gate
from .face import examples
from .face.marks import known_icons


@require_GET
@gate(anyone_signed_in)
def design(request: HttpRequest) -> HttpResponse:
    """The page itself; ?toast=1 shows toasts, ?panel=1 the side panel."""
    if request.GET.get("toast"):
        messages.success(request, "3 leads added to “Warm in Poland”.", extra_tags="undo:/design/")
        messages.error(request, "Mick published another draft while you wrote this one. Yours is kept.")
    context = {
        "now": timezone.now(),
        "leads": examples.leads(),
        "clocks": examples.clocks(),
        "lines": examples.ledger_lines(),
        "days": examples.timeline_days(),
        "icons": sorted(known_icons()),
        "charts": list(examples.CHARTS),
        "chips": [{"text": "that are MQL", "remove_url": "?"}, {"text": "from Poland", "remove_url": "?"}],
        "tabs": [
            {"label": "Timeline", "url": "#lists", "active": True, "count": 38},
            {"label": "Score", "url": "#lists"},
            {"label": "E-mails", "url": "#lists", "count": 0},
        ],
        "dates": {
            "lead": date(2026, 3, 2),
            "mql": date(2026, 10, 9),
            "sql": timezone.localdate(),
            "opportunity": date(2026, 11, 1),
        },
        "step_names": ["File", "Columns", "Preview", "Import"],
        "tones": examples.TONES,
        "form": examples.ExampleForm(),
        "wrong_form": examples.ExampleForm(
            {"name": "", "email": "not an address", "stage": "lead", "budget": "many"}, auto_id="wrong_%s"
        ),
        "file_form": examples.ExampleFileForm(auto_id="file_%s"),
    }
    return render(request, "design.html", context)


@require_GET
@gate(anyone_signed_in)
def design_chart(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in examples.CHARTS:
        raise Http404
    return JsonResponse(examples.CHARTS[kind])


@require_GET
@gate(anyone_signed_in)
def design_panel(request: HttpRequest) -> HttpResponse:
    """The fragment that the guide's rows open in the side panel."""
    return render(request, "design/panel.html", {"lead": examples.leads()[0], "clock": examples.clocks()[1]})
