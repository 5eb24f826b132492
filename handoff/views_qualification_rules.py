"""By which framework each team qualifies, and what its gate asks."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import gate, require
from accounts.models import Team
from outbox.pages import NewestFirst

from .answers import who
from .forms_qualification import RulesForm
from .models import QualificationRules, SettingChange
from .permissions import may_edit_rules, may_edit_rules_of
from .setting_words import rules_lines, told
from .words import gate_sentence

#: The number that stands for the workspace in addresses.
WORKSPACE = 0


@gate(may_edit_rules)
@require_GET
def qualification_rules(request: HttpRequest) -> HttpResponse:
    """The workspace's rules and each team's."""
    own = {rules.team_id: rules for rules in QualificationRules.objects.select_related("changed_by")}
    shared = own.get(None) or QualificationRules()
    rows = [
        {
            "name": name,
            "number": number or WORKSPACE,
            "rules": (rules := own.get(number) or shared),
            "gate": gate_sentence(rules.gate),
            "own": number in own,
            "may_edit": may_edit_rules_of(who(request), number),
        }
        for number, name in [(None, _("The workspace")), *Team.objects.values_list("id", "name")]
    ]
    changes = NewestFirst.of(SettingChange.objects.of_rules(), request.GET)
    context = {"rows": rows, "page": changes, "changes": told(changes.rows, rules_lines)}
    return render(request, "handoff/rules.html", context)


@gate(may_edit_rules)
@require_http_methods(["GET", "POST"])
def qualification_rules_edit(request: HttpRequest, team: int) -> HttpResponse:
    """The rules of a team, or the workspace's: those it has, or a copy of the workspace's to start from."""
    whose = _team(request, team)
    rules = QualificationRules.objects.for_team(whose.pk if whose else None)
    if rules.team_id != (whose.pk if whose else None):
        rules = QualificationRules(team=whose, framework=rules.framework, needs=rules.needs, needs_follow_up=rules.needs_follow_up, why=rules.why)  # fmt: skip
    form = RulesForm(request.POST if request.method == "POST" else None, instance=rules)
    if request.method == "POST" and form.is_valid():
        rules.write(form.facts(), by=who(request), at=timezone.now())
        messages.success(request, _("Saved. Open leads are held to this from now on."))
        return redirect("qualification_rules")
    context = {"form": form, "whose": whose, "rules": rules, "number": team}
    return render(request, "handoff/rules_form.html", context, status=422 if form.is_bound else 200)


@gate(may_edit_rules)
@require_POST
def qualification_rules_drop(request: HttpRequest, team: int) -> HttpResponse:
    """A team follows the workspace's rules again."""
    whose = _team(request, team)
    if whose is None:
        raise Http404
    for rules in QualificationRules.objects.filter(team=whose):
        rules.drop(by=who(request), at=timezone.now())
    messages.success(request, _("%(team)s follows the workspace's rules.") % {"team": whose.name})
    return redirect("qualification_rules")


def _team(request: HttpRequest, number: int) -> Team | None:
    whose = None if number == WORKSPACE else get_object_or_404(Team, pk=number)
    require(may_edit_rules_of(who(request), whose.pk if whose else None))
    return whose
