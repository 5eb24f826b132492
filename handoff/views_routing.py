"""Routing: its rules as draft and in force, the rehearsal, and the log with reasons."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import gate, require
from leads.condition_rows import Row, typed_rows
from leads.numbers import id_of
from leads.paging import Order, Page
from leads.permissions import sees_personal_data
from leads.requests import SignedIn

from . import routing_page
from .forms_routing import RuleForm, row_forms
from .models import Routed, RoutingRule, RuleSet
from .permissions import RulePermissions, may_edit_routing, may_see_routing
from .refusals import RoutingRefused
from .why_routed import lines_of

NEWEST = Order({"at": datetime, "pk": int}, descending=True)


@gate(may_see_routing)
@require_safe
def routing(request: SignedIn) -> HttpResponse:
    """The rules in order, in words: the draft, what counts, and what counted."""
    context = routing_page.versions(request.user) | {"tabs": routing_page.tabs("routing")}
    return render(request, "handoff/routing/rules.html", context)


@gate(may_edit_routing)
@require_POST
def draft_begin(request: SignedIn) -> HttpResponse:
    """A draft beside the rules in force."""
    RuleSet.objects.begin_draft(by=request.user, at=timezone.now())
    return redirect("routing")


@gate(may_edit_routing)
@require_POST
def draft_publish(request: SignedIn) -> HttpResponse:
    """From now on the draft counts."""
    try:
        _draft().publish(by=request.user, at=timezone.now())
        messages.success(request, _("These rules count from now on."))
    except RoutingRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("routing")


@gate(may_edit_routing)
@require_POST
def draft_discard(request: SignedIn) -> HttpResponse:
    """Throw the draft away."""
    _draft().discard()
    messages.success(request, _("The draft is gone; what counts has not changed."))
    return redirect("routing")


def _draft() -> RuleSet:
    draft = RuleSet.objects.draft()
    if draft is None:
        raise Http404
    return draft


@gate(may_edit_routing)
@require_http_methods(["GET", "POST"])
def rule_new(request: SignedIn) -> HttpResponse:
    draft = RuleSet.objects.draft()
    if draft is None:
        messages.info(request, _("Begin a draft first."))
        return redirect("routing")
    return _rule_form(request, RoutingRule(rule_set=draft), _("New rule"))


@gate(may_edit_routing)
@require_http_methods(["GET", "POST"])
def rule_edit(request: SignedIn, pk: int) -> HttpResponse:
    return _rule_form(request, _rule(request, pk), _("Change the rule"))


def _rule(request: SignedIn, pk: int) -> RoutingRule:
    """A rule of the draft that this person may change; others are not found."""
    rule = get_object_or_404(RoutingRule.objects.of_draft().select_related("rule_set"), pk=pk)
    require(RulePermissions(request.user, rule).edit)
    return rule


def _rule_form(request: SignedIn, rule: RoutingRule, heading: str) -> HttpResponse:
    """Save; or show the form again, also when only a row was added or taken away without JavaScript."""
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule, by=request.user)
    stays = "another" in request.POST or "remove" in request.POST
    if (removed := id_of(request.POST.get("remove", ""))) is not None:
        form.rows = [row for number, row in enumerate(form.rows) if number != removed]
    if form.is_bound and not stays and form.is_valid():
        try:
            rule.write(form.facts())
            return redirect("routing")
        except RoutingRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "condition_rows": form.row_forms(), "heading": heading, "rule": rule}
    status = 422 if form.is_bound and not stays else 200
    return render(request, "handoff/routing/rule_form.html", context, status=status)


@gate(may_edit_routing)
@require_POST
def rule_shift(request: SignedIn, pk: int) -> HttpResponse:
    """One place up or down."""
    return _changed(request, lambda: _rule(request, pk).shift(-1 if request.POST.get("to") == "up" else 1))


@gate(may_edit_routing)
@require_POST
def rule_move(request: SignedIn) -> HttpResponse:
    """Where a rule was dragged, or one place up or down by keys: “put:7”, “up:7”, “down:7”."""
    way, _sep, number = request.POST.get("do", "").partition(":")
    rule, before = _rule(request, id_of(number) or 0), id_of(request.POST.get("before", ""))
    moves = {"put": lambda: rule.put_before(before), "up": lambda: rule.shift(-1), "down": lambda: rule.shift(1)}
    if way not in moves:
        raise Http404
    return _changed(request, moves[way])


@gate(may_edit_routing)
@require_POST
def rule_remove(request: SignedIn, pk: int) -> HttpResponse:
    return _changed(request, lambda: _rule(request, pk).remove())


def _changed(request: SignedIn, change: Any) -> HttpResponse:
    try:
        change()
    except RoutingRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("routing")


@gate(may_edit_routing)
@require_safe
def condition_row(request: SignedIn) -> HttpResponse:
    """One row of the condition builder again, after its field or operator was chosen; or a new blank one."""
    one = row_forms(typed_rows(request.GET)[:1] or [Row()])[0]
    return render(request, "handoff/routing/condition_row.html", {"one": one})


@gate(may_see_routing)
@require_safe
def log(request: SignedIn) -> HttpResponse:
    """Where each offer went and why, the newest first."""
    page = Page.of(Routed.objects.visible_to(request.user).for_lines(), NEWEST, request.GET)
    context = {"page": page, "lines": lines_of(page.rows), "masked": not sees_personal_data(request.user)}
    return render(request, "handoff/routing/log.html", context | {"tabs": routing_page.tabs("routing_log")})


@gate(may_see_routing)
@require_safe
def rehearsal(request: SignedIn) -> HttpResponse:
    """What the draft (or, without one, the rules in force) would have done; htmx asks for the figures while the page stands."""
    days = id_of(request.GET.get("days", ""))
    days = days if days in routing_page.PERIODS else routing_page.PERIODS[1]
    rules = RuleSet.objects.draft() or RuleSet.objects.live()
    context: dict[str, Any] = {"rules": rules, "days": days, "periods": routing_page.PERIODS}
    if rules and request.htmx.target == "rehearsal":
        context |= routing_page.rehearsed(rules, days, timezone.now())
        return render(request, "handoff/routing/rehearsal_figures.html", context)
    if rules and "figures" in request.GET:  # without JavaScript
        context |= routing_page.rehearsed(rules, days, timezone.now())
    context |= {"tabs": routing_page.tabs("routing_rehearsal")}
    return render(request, "handoff/routing/rehearsal.html", context)
