"""The engagement half of a model as one SQL statement over raw activities: what the engine is measured against, and tested.

It knows nothing of vectors, classes or the kernel. It understands the conditions is, in, starts_with and contains on texts.
"""

from datetime import date
from typing import Any

from django.conf import settings
from psycopg import sql

from leads.conditions import Condition
from leads.models import ActivityType
from scoring.definition import EngagementRule, Model
from scoring.fading import Fade
from scoring.plan import most

AGE = sql.SQL("r.age")
FACTS = {"path": "path", "campaign": "campaign", "subject": "subject", "funnel_stage": "funnel_stage", "url": "url"}


def engagement_statement(model: Model, day: date, *, of_leads: bool = False, cuts: bool = False) -> sql.Composed:
    """Lead id and engagement in hundredths of every lead that has activities; `of_leads` adds a parameter: an array of ids.

    `cuts`: heed that sales sent some back; without them the statement is faster, as is fair to measure against.
    """
    rules = model.engagement_rules
    groups = [_clipped(_sum(rules, group.key), group.floor, group.cap) for group in model.groups_of("engagement")]
    return sql.SQL(
        "SELECT lead_id, {total} AS engagement FROM (SELECT lead_id{earned} FROM ("
        "SELECT a.*, {day}::date - (a.occurred_at AT TIME ZONE {zone})::date AS age{halved} FROM leads_activity a"
        " WHERE a.verdict = 1 {some}) AS r WHERE r.age >= 0 GROUP BY lead_id) AS s"
    ).format(
        total=_clipped(_joined(groups), model.engagement.lowest, model.engagement.highest),
        earned=sql.SQL("").join(
            sql.SQL(", {} AS {}").format((_earned_cut if cuts else _earned)(rule), _name(n))
            for n, rule in enumerate(rules)
        ),
        halved=(_HALVED if cuts else sql.SQL("")).format(
            day=sql.Literal(day.isoformat()), zone=sql.Literal(settings.WORKSPACE_TIME_ZONE)
        ),
        day=sql.Literal(day.isoformat()),
        zone=sql.Literal(settings.WORKSPACE_TIME_ZONE),
        some=sql.SQL("AND a.lead_id = ANY(%s)" if of_leads else ""),
    )


#: How often a deed is halved: once for each cut up to the day that it does not come after; thirty times is nothing.
_HALVED = sql.SQL(
    ", (SELECT least(30, coalesce(sum(CASE c.share WHEN 0 THEN 30 ELSE 1 END), 0))::int FROM scoring_cut c WHERE"
    " c.lead_id = a.lead_id AND c.day <= {day}::date AND c.day >= (a.occurred_at AT TIME ZONE {zone})::date) AS halved"
)


def _name(number: int) -> sql.Identifier:
    return sql.Identifier(f"rule{number}")


def _sum(rules: tuple[EngagementRule, ...], group: str) -> sql.Composable:
    return _joined([_clipped(_name(n), *rule.floor_and_cap) for n, rule in enumerate(rules) if rule.group == group])


def _joined(parts: list[Any]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" + ").join(parts)) if parts else sql.SQL("0")


def _clipped(value: Any, floor: int | None, cap: int | None) -> Any:
    if floor is not None:
        value = sql.SQL("greatest({}, {})").format(value, sql.Literal(floor))
    return value if cap is None else sql.SQL("least({}, {})").format(value, sql.Literal(cap))


def _earned(rule: EngagementRule) -> sql.Composable:
    """The rule's hundredths before its cap."""
    match, points, n = _match(rule), sql.Literal(rule.points), sql.Literal(rule.count.n)
    if rule.count.kind == "at_least":
        words = "CASE WHEN count(*) FILTER (WHERE {match} AND r.age < {days}) >= {n} THEN {points} ELSE 0 END"
        return sql.SQL(words).format(match=match, days=sql.Literal(rule.count.days), n=n, points=points)
    if rule.count.kind == "every":
        return sql.SQL("coalesce(sum({}) FILTER (WHERE {}), 0)").format(_worth(rule.points, rule.fade, AGE), match)
    words = "coalesce((SELECT sum({worth}) FROM unnest((array_agg(r.age ORDER BY r.age) FILTER (WHERE {match}))[1:{most}]) AS age), 0)"
    return sql.SQL(words).format(
        worth=_worth(rule.points, rule.fade, sql.SQL("age")), match=match, most=sql.Literal(most(rule))
    )


def _earned_cut(rule: EngagementRule) -> sql.Composable:
    """The same, with each deed halved as often as its lead was cut."""
    match, n = _match(rule), sql.Literal(most(rule))
    if rule.count.kind == "every":
        worth = _left(_worth(rule.points, rule.fade, AGE), sql.SQL("r.halved"))
        return sql.SQL("coalesce(sum({}) FILTER (WHERE {}), 0)").format(worth, match)
    if rule.count.kind == "at_least":
        words = "(array_agg(r.halved ORDER BY r.age) FILTER (WHERE {match} AND r.age < {days}))[{n}]"
        nth = sql.SQL(words).format(match=match, days=sql.Literal(rule.count.days), n=n)
        return sql.SQL("coalesce({}, 0)").format(_left(sql.Literal(rule.points), nth))
    words = (
        "coalesce((SELECT sum({worth}) FROM unnest((array_agg(r.age ORDER BY r.age) FILTER (WHERE {match}))[1:{n}],"
        " (array_agg(r.halved ORDER BY r.age) FILTER (WHERE {match}))[1:{n}]) AS t (age, halved)), 0)"
    )
    worth = _left(_worth(rule.points, rule.fade, sql.SQL("age")), sql.SQL("halved"))
    return sql.SQL(words).format(worth=worth, match=match, n=n)


def _left(points: sql.Composable, times: sql.Composable) -> sql.Composable:
    """The points, halved so often, rounded once, half away from zero."""
    words = "(sign({points}) * ((2 * abs({points}::bigint) + (1::bigint << {times})) >> ({times} + 1)))::bigint"
    return sql.SQL(words).format(points=points, times=times)


def _worth(points: int, fade: Fade, age: sql.SQL) -> sql.Composable:
    share = {
        "never": "1",
        "window": "CASE WHEN {age} < {days} THEN 1 ELSE 0 END",
        "linear": "greatest(0, 1 - {age}::numeric / {days})",
        "half_life": "CASE WHEN {age} < 10 * {days} THEN power(2::float8, -{age}::float8 / {days}) ELSE 0 END",
    }[fade.kind]
    size = sql.SQL(share).format(age=age, days=sql.Literal(fade.days))
    if fade.kind == "linear":  # in whole numbers, since a third of a point has no end
        words = "(2 * {points} * greatest(0, {days} - {age}) + {days}) / (2 * {days})"
        whole = sql.SQL(words).format(points=sql.Literal(abs(points)), days=sql.Literal(fade.days), age=age)
    else:
        whole = sql.SQL("floor({} * ({}) + 0.5)").format(sql.Literal(abs(points)), size)
    return sql.SQL("({} * {})::bigint").format(sql.Literal(1 if points >= 0 else -1), whole)


def _match(rule: EngagementRule) -> sql.Composable:
    """What the rule is about, types by number."""
    kinds = ActivityType.objects.filter(key__in=rule.deed.types).values_list("id", flat=True)
    types = (
        sql.SQL("r.type_id = ANY({}::int[])").format(sql.Literal(sorted(kinds))) if rule.deed.types else sql.SQL("true")
    )
    return sql.SQL(" AND ").join([types, *map(_condition, rule.deed.when)])


def _condition(condition: Condition) -> sql.Composable:
    text = sql.SQL("lower(btrim(r.{}))").format(sql.Identifier(FACTS[condition.field]))
    wanted = [str(value).lower() for value in (condition.value if condition.op == "in" else [condition.value])]
    words = {
        "is": "{} = ANY({})",
        "in": "{} = ANY({})",
        "starts_with": "starts_with({}, {})",
        "contains": "strpos({}, {}) > 0",
    }
    value = wanted if condition.op in ("is", "in") else wanted[0]
    return sql.SQL(words[condition.op]).format(text, sql.Literal(value))
