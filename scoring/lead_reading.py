"""All that the Score tab says of one lead: ledger, what time alone will do, and what would reach the next stage."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.conditions import Facts
from leads.models import Activity, ActivityType, FactChange, Lead
from leads.stages import Stage

from . import matchers
from .days import end_of
from .definition import ENGAGEMENT, FIT, EngagementRule, Model
from .explain import deeds_of, ledger_of
from .forecast import HORIZON, after_deeds, forecast, leaves_mql_on, reaching
from .ledger import Ledger, Line
from .models import MatchClass, ScoringModel
from .plan import Plan
from .points import exact_points, whole_points
from .sentences import line_of, type_labels
from .vectors import Entries, date_of, pack, scoring_day

BACK, AHEAD = 180, 90
#: How often a deed is tried when looking for what reaches the next stage.
TRIES = 4
#: Days after this cannot hold a deed.
MOST_DAYS = 1 << 14
NEXT = {Stage.LEAD: ("mql", "MQL"), Stage.MARKETING_QUALIFIED: ("sql", "SQL")}


@dataclass(frozen=True)
class LeadReading:
    """A lead's score on a day by one version, and sentences about its future."""

    ledger: Ledger
    rows: list[dict[str, Any]]
    future: list[str]

    @property
    def total(self) -> Decimal:
        return exact_points(self.ledger.total)

    @property
    def shown_total(self) -> int:
        return whole_points(self.ledger.total)


def read(lead: Lead, *, day: date, version: ScoringModel, today: date) -> LeadReading:
    """What the tab shows; the future is told from today only."""
    ledger = ledger_of(lead, day=day, model=version)
    future = _future(lead, ledger, version.model) if day == today else []
    return LeadReading(ledger, _rows(ledger, version.model), future)


def _rows(ledger: Ledger, model: Model) -> list[dict[str, Any]]:
    """The ledger as its component shows it: axes with their sums, groups, the rules that did something, caps."""
    labels, rules = type_labels(), {rule.key: rule for rule in model.rules}
    rows: list[dict[str, Any]] = []
    for axis, title, points in ((FIT, _("Fit"), ledger.fit), (ENGAGEMENT, _("Engagement"), ledger.engagement)):
        rows.append({"kind": "axis", "text": title, "points": exact_points(points)})
        for group in model.groups_of(axis):
            lines = [
                line for line in ledger.lines if line.axis == axis and line.group == group.key and line.kind != "axis"
            ]
            shown = [
                _row(line, line_of(rules[line.key], labels).what if line.kind == "rule" else "")
                for line in lines
                if line.events or line.points
            ]
            rows += [{"kind": "group", "text": group.title}, *shown] if shown else []
        rows += [_row(line, "") for line in ledger.lines if line.kind == "axis" and line.axis == axis]
    return rows


def _row(line: Line, what: str) -> dict[str, Any]:
    if line.kind != "rule":
        return {"kind": "cap", "text": line.title, "points": exact_points(line.points)}
    if line.capped:
        cap = _("%(points)s before the rule's cap") % {"points": exact_points(line.before)}
        what = f"{what} · {cap}" if what else cap
    return {
        "kind": "rule",
        "text": line.title,
        "detail": what,
        "events": line.events,
        "points": exact_points(line.points),
    }


def _future(lead: Lead, ledger: Ledger, model: Model) -> list[str]:
    plan, vectors = deeds_of(model, [lead.pk])
    told = []
    if lead.stage == Stage.MARKETING_QUALIFIED:
        told.append(_leaving(plan, vectors.entries, ledger, model))
    if lead.stage in NEXT and matchers.knows(model):
        told.append(_reaching(plan, vectors.entries, ledger, model, *NEXT[Stage(lead.stage)]))
    return [sentence for sentence in told if sentence]


def _leaving(plan: Plan, entries: Entries, ledger: Ledger, model: Model) -> str:
    if model.definitions.mql.leave_total is None:
        return ""
    if ledger.total < model.definitions.mql.leave_total:
        return _(
            "The score is under the leave mark already; the next daily sweep after the minimum stay makes it a lead again."
        )
    leaves = leaves_mql_on(plan, entries, ledger.fit, ledger.day)
    if leaves is None:
        return _("If nothing happens it stays MQL for the next %(days)d days.") % {"days": HORIZON}
    return _("If nothing happens it falls below MQL on %(day)s.") % {"day": date_of(leaves)}


def _reaching(plan: Plan, entries: Entries, ledger: Ledger, model: Model, stage: str, title: str) -> str:
    """The deeds that alone, done today once or a few times, reach the next stage; the fewest first."""
    rules = [rule for rule in plan.rules if rule.points > 0]
    if not rules or ledger.day >= MOST_DAYS:
        return ""
    classes, intents = _classes(), _intent_types()
    first = max((number for number, _keys in classes), default=-1) + 1
    imagined = tuple((first + n, _signature(rule, model, intents)) for n, rule in enumerate(rules))
    tries = [(n, times) for times in range(1, TRIES + 1) for n in range(len(rules))]
    deeds = [pack([ledger.day], [first + n], [times]) for n, times in tries]
    after = after_deeds(matchers.plan_of(model, classes + imagined), entries, ledger.fit, ledger.day, deeds)
    found: dict[int, str] = {}
    for number in reaching(model, stage, after):
        n, times = tries[number]
        found.setdefault(n, _times(rules[n], times))
    if not found:
        return _("No single deed reaches %(stage)s today.") % {"stage": title}
    return _("Any of these reaches %(stage)s: %(deeds)s.") % {
        "stage": title,
        "deeds": "; ".join(list(found.values())[:4]),
    }


def _signature(rule: EngagementRule, model: Model, intents: frozenset[str]) -> tuple[str, ...]:
    """What a deed such as the rule looks for would match: the rule itself and whatever else looks for the like."""
    deed = _example(rule)
    keys = {matchers.matcher_key(one.deed) for one in model.engagement_rules if one.deed.matches(deed)}
    intent = {matchers.INTENT} if deed.get("type") in intents else set()
    return tuple(sorted({matchers.matcher_key(rule.deed)} | keys | intent))


def _example(rule: EngagementRule) -> Facts:
    """A deed that the rule's conditions describe."""
    facts: dict[str, Any] = {"type": rule.deed.types[0]} if rule.deed.types else {}
    for condition in rule.deed.when:
        value = condition.value
        facts[condition.field] = value[0] if isinstance(value, tuple) and value else value
    return facts


def _classes() -> matchers.Classes:
    return tuple((row.number, tuple(row.signature)) for row in MatchClass.objects.order_by("number"))


def _intent_types() -> frozenset[str]:
    return frozenset(ActivityType.objects.filter(shows_intent=True).values_list("key", flat=True))


def _times(rule: EngagementRule, times: int) -> str:
    if times == 1:
        return rule.title
    return ngettext("%(rule)s, %(n)d time", "%(rule)s, %(n)d times", times) % {"rule": rule.title, "n": times}


def curve(lead: Lead, *, version: ScoringModel, today: date) -> dict[str, Any]:
    """The total from 180 days ago to 90 days ahead, week by week; what lies ahead is if nothing happens."""
    model, now = version.model, scoring_day(today)
    plan, vectors = deeds_of(model, [lead.pk])
    days = np.arange(now - BACK, now + AHEAD + 1, 3)
    days = days[days >= 0]
    fit = ledger_of(lead, day=today, model=version).fit
    totals = forecast(plan, vectors.entries, days).total + fit
    past = [whole_points(int(total)) if day <= now else None for day, total in zip(days, totals, strict=True)]
    ahead = [whole_points(int(total)) if day >= now else None for day, total in zip(days, totals, strict=True)]
    return {
        "type": "line",
        "categories": [str(date_of(int(day))) for day in days],
        "series": [
            {"name": _("Score"), "data": past, "tone": "accent"},
            {"name": _("If nothing happens"), "data": ahead, "tone": "compare"},
        ],
        "unit": "points",
        "targets": [
            {"value": whole_points(mark), "name": name}
            for mark, name in ((model.definitions.mql.total, "MQL"), (model.definitions.sql.total, "SQL"))
            if mark is not None
        ],
    }


def first_known(lead: Lead) -> date:
    """The day before which nothing is known of the lead."""
    first = Activity.objects.filter(lead=lead).order_by("occurred_at").values_list("occurred_at", flat=True).first()
    return min(filter(None, (first, lead.created_at))).date()


def facts_changed_since(lead: Lead, day: date) -> bool:
    """Whether facts of the lead or its company changed after the day, so that the score of that day used the old ones."""
    changes = FactChange.objects.filter(at__gt=end_of(day))
    return changes.filter(lead=lead).exists() or (
        lead.company_id is not None and changes.filter(company=lead.company_id).exists()
    )


def days_around(day: date) -> tuple[date, date]:
    """A week before and after, for the buttons beside the day."""
    return day - timedelta(days=7), day + timedelta(days=7)
