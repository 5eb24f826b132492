"""Scoring as it is often done: for each lead fetch its activities and go through the rules in Python."""

from datetime import date

from leads.models import Lead
from scoring.days import workspace_day
from scoring.definition import EngagementRule, Model, clip
from scoring.fading import worth
from scoring.plan import most


def engagement_of(lead: Lead, model: Model, day: date) -> int:
    """The lead's engagement in hundredths."""
    deeds = [
        ({"type": deed.type.key, "path": deed.path}, (day - workspace_day(deed.occurred_at)).days)
        for deed in lead.activities.select_related("type").filter(verdict=1).order_by("-occurred_at")
    ]
    total = 0
    for group in model.groups_of("engagement"):
        rules = [rule for rule in model.engagement_rules if rule.group == group.key]
        earned = (
            _earned(rule, [age for facts, age in deeds if age >= 0 and rule.deed.matches(facts)]) for rule in rules
        )
        total += clip(sum(earned), group.floor, group.cap)
    return clip(total, model.engagement.lowest, model.engagement.highest)


def _earned(rule: EngagementRule, ages: list[int]) -> int:
    if rule.count.kind == "at_least":
        return rule.points if sum(age < rule.count.days for age in ages) >= rule.count.n else 0
    taken = ages if rule.count.kind == "every" else ages[: most(rule)]
    return clip(sum(worth(rule.points, rule.fade, age) for age in taken), *rule.floor_and_cap)
