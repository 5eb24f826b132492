"""The home of reports: what each one answers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import SignedIn, gate

from .permissions import may_see_reports, sees_company_reports

#: view, icon, name, the question it answers, how
REPORTS = (
    (
        "report_sla",
        "sla",
        _("Follow-up of handoffs (SLA)"),
        _("Are we late, and where?"),
        _(
            "Met %, median and 90th percentile to claim and to follow up, overdue and untouched; by rep, week, source and hour."
        ),
    ),
    (
        "report_funnel",
        "funnel",
        _("Funnel"),
        _("How many leads become customers, and how long does each step take?"),
        _(
            "Conversion from lead to MQL, SQL, opportunity and customer of those who came in a period; by source and month."
        ),
    ),
    (
        "report_feedback",
        "inbox",
        _("Sent back by sales"),
        _("What carried the leads that sales did not want?"),
        _(
            "Every no with sales' own words; by reason, source, content and rule, and who would not have come without a rule."
        ),
    ),
    (
        "report_replay",
        "experiment",
        _("Rules against outcomes"),
        _("Would these rules have picked the leads that sales took?"),
        _(
            "Past handoffs and MQLs scored as of their moment, by the rules in force and by a draft, beside what sales decided."
        ),
    ),
)


@gate(may_see_reports)
@require_safe
def reports(request: SignedIn) -> HttpResponse:
    shown = [
        {"view": view, "icon": icon, "name": name, "question": question, "how": how}
        for view, icon, name, question, how in REPORTS
        if view == "report_sla" or sees_company_reports(request.user)
    ]
    return render(request, "reports/home.html", {"reports": shown})
