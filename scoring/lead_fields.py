"""What conditions on leads may name, for lists and deadlines: every fact, what it did, where it stands: stage, owner, score, lists."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import (
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.condition_queries import as_query
from leads.conditions import Condition, Field, FieldSet
from leads.models import Lead, StageMove
from leads.models.lead_queries import completeness, searched
from leads.stages import Cause, Stage

from .deeds import deed_names, deeds_offered, has_done


def _in_points(path: str) -> Any:
    """A column of hundredths as points, exactly."""
    return ExpressionWrapper(
        F(path) * Value(Decimal("0.01")), output_field=DecimalField(max_digits=12, decimal_places=2)
    )


def _days_since(day: Any) -> Any:
    """Whole days from a day until today, both of the workspace's calendar."""
    today = TruncDate(Now(), tzinfo=settings.WORKSPACE_ZONE)
    return Func(today, day, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def _cause_of_sql() -> Any:
    """What made the lead SQL, the last time it became it."""
    moves = StageMove.objects.filter(lead=OuterRef("pk"), to_stage=Stage.SALES_QUALIFIED).order_by("-at", "-id")
    return Subquery(moves.values("cause")[:1])


#: Names of fields that are computed, and what they are computed by.
COMPUTED: dict[str, Callable[[], Any]] = {
    "list_cause": _cause_of_sql,
    "list_idle": lambda: _days_since(F("score__last_active_on")),
    "list_age": lambda: _days_since(TruncDate("created_at", tzinfo=settings.WORKSPACE_ZONE)),
    "list_complete": completeness,
    "list_score": lambda: _in_points("score__total"),
    "list_fit": lambda: _in_points("score__fit"),
    "list_engagement": lambda: _in_points("score__engagement"),
}
#: The field that asks what a lead has done.
DEED = "activity"
#: The field that searches a lead as the box above the lead list does.
SEARCH = "search"


@dataclass(frozen=True)
class Asked:
    """A field that is asked in its own way, not as a fact. `offered` are the values to choose from and their names,
    `names` what values are called in sentences, all read at once; `words` say the condition, by operator, where
    "Field is value" would not be English."""

    ask: Callable[[Condition], Q]
    offered: Callable[[], list[tuple[str, str]]] | None = None
    names: Callable[[], Mapping[str, str]] | None = None
    words: Mapping[str, Any] | None = None


def _found(condition: Condition) -> Q:
    """Whether a search for any of the texts finds the lead; every other operator than "contains" and "is" negates."""
    texts = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    found = Q(pk__in=[])
    for text in texts:
        found |= searched(str(text)) if text is not None else Q()
    return found if condition.op in ("contains", "starts_with", "is", "in", "known") else ~found


ASKED: dict[str, Asked] = {
    DEED: Asked(has_done, deeds_offered, deed_names),
    SEARCH: Asked(_found),
}
#: Fields that say who somebody is; whoever reads leads masked cannot ask for them. Custom facts may be free text.
PERSONAL_FIELDS = frozenset({"email", "phone", "first_name", "last_name", "external_id", "custom", SEARCH})
#: What a deed was about and may tell who did it.
TOLD_IN_DEEDS = frozenset({"properties", "subject", "url"})
LIST_FIELDS = FieldSet(
    Field("stage", _("Stage"), "choice", tuple(Stage.choices), paths=("stage",)),
    Field("owner", _("Owner"), paths=("owner__name",)),
    Field("score", _("Score"), "number", paths=("list_score",)),
    Field("fit", _("Fit"), "number", paths=("list_fit",)),
    Field("engagement", _("Engagement"), "number", paths=("list_engagement",)),
    Field("label", _("Grid label"), paths=("score__label",)),
    Field("last_active", _("Last active"), "date", paths=("score__last_active_on",)),
    Field("idle_days", _("Days since last active"), "number", paths=("list_idle",)),
    Field("created", _("Created"), "date", paths=("created_at",)),
    Field("age_days", _("Days since created"), "number", paths=("list_age",)),
    Field("complete", _("Facts known, %"), "number", paths=("list_complete",)),
    Field("sql_cause", _("Became SQL by"), "choice", tuple(Cause.choices), paths=("list_cause",)),
    Field(DEED, _("Activity"), "choice", narrowed_by=ACTIVITY_FIELDS),
    Field(SEARCH, _("Name, e-mail or company"), "search"),
    *LEAD_FIELDS,
    open_ended=LEAD_FIELDS.open_ended,
)


def register_asked(field: Field, asked: Asked) -> None:
    """Let conditions on leads name something that only a higher room knows, such as the lists a lead is in."""
    LIST_FIELDS.register(field)
    ASKED[field.name] = asked


#: What rooms keep conditions on leads in, each with what it is called in words: “the deadline policy “Poland””.
Kept = Iterable[tuple[str, Sequence[Condition]]]
_KEEPERS: list[Callable[[], Kept]] = []


def register_keeper(kept: Callable[[], Kept]) -> None:
    """Let whoever puts something away that conditions name, such as a list, know of the conditions that a room keeps."""
    if kept not in _KEEPERS:
        _KEEPERS.append(kept)


def kept_conditions() -> Iterator[tuple[str, Sequence[Condition]]]:
    """All conditions on leads that other rooms keep and that count now, and what each is called."""
    for kept in _KEEPERS:
        yield from kept()


def is_personal(name: str) -> bool:
    """Whether a condition on the field could tell who somebody is."""
    return name.partition(".")[0] in PERSONAL_FIELDS


def asks_who(condition: Condition) -> bool:
    """The same of a condition: of deeds also by what a form or a letter said in them."""
    about = condition.narrow.when if condition.narrow else ()
    return is_personal(condition.field) or any(one.field.partition(".")[0] in TOLD_IN_DEEDS for one in about)


def leads_matching(leads: "QuerySet[Lead]", conditions: Sequence[Condition]) -> "QuerySet[Lead]":
    """Those of the leads that fulfil every condition."""
    for one in conditions:
        if one.field in ASKED:
            leads = leads.filter(ASKED[one.field].ask(one))
    conditions = [one for one in conditions if one.field not in ASKED]
    named = [field for one in conditions if (field := LIST_FIELDS.get(one.field))]
    needed = {path for field in named for path in field.paths if path in COMPUTED}
    leads = leads.alias(**{name: COMPUTED[name]() for name in needed})
    return leads.filter(as_query(conditions, LIST_FIELDS)) if conditions else leads


def sentence_of_list(conditions: Sequence[Condition]) -> str:
    """The conditions in plain words, kinds of deed and lists by their names."""
    return sentences_of([conditions])[0]


def sentences_of(lists: Sequence[Sequence[Condition]]) -> list[str]:
    """Each in plain words; the names of what they speak of are read once for all."""
    spoken_of = {one.field for conditions in lists for one in conditions if one.field in ASKED}
    names = {field: read() for field in spoken_of if (read := ASKED[field].names)}
    return [
        str(_(" and ")).join(_sentence(one, names.get(one.field, {})) for one in conditions) for conditions in lists
    ]


def _sentence(condition: Condition, names: Mapping[str, str]) -> str:
    named = replace(condition, value=_named(condition.value, names))
    words = ASKED[condition.field].words if condition.field in ASKED else None
    if not words or condition.op not in words:
        return named.sentence(LIST_FIELDS)
    listed = named.value if isinstance(named.value, tuple) else (named.value,)
    return str(words[condition.op]) % {"value": ", ".join(map(str, listed))}


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(names.get(str(key), key) for key in value)
    return names.get(value, value) if isinstance(value, str) else value
