"""What the lead list is asked for: read from the address, said as a sentence of chips. Pure: no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.condition_rows import conditions_of_rows, row_of
from leads.conditions import Condition, ConditionFault, FieldSet
from leads.documents import shown, storable
from leads.stages import Stage
from scoring.labels import DIGITS, LETTERS
from scoring.lead_fields import sentence_of_list

ME, NOBODY = "me", "nobody"
MOST_TEXT, MOST_CHOICES, MOST_PROBLEMS = 120, 12, 5
LABEL = re.compile(rf"[{''.join(LETTERS)}][{''.join(DIGITS)}]?")
#: Parameters that choose rows; the others (sort, page, view) only choose how they are shown.
ASKING = (
    "q",
    "stage",
    "owner",
    "source",
    "industry",
    "country",
    "score",
    "label",
    "active",
    "consent",
    "complete",
    "list",
    "where",
)
Names = Mapping[tuple[str, str], str]


class Params(Protocol):
    """What `request.GET` offers."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class LeadFilter:
    """The wanted leads. Blank and empty mean "any". `score` is whole points, `active` days, `complete` percent.

    `owner` is "me", "nobody" or a person's id; `list` a list's id. What could not be read is in `problems`, in plain
    sentences, and is ignored.
    """

    q: str = ""
    stage: tuple[str, ...] = ()
    owner: str = ""
    source: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    score: int | None = None
    label: tuple[str, ...] = ()
    active: int | None = None
    consent: str = ""
    complete: int | None = None
    list: int | None = None
    where: tuple[Condition, ...] = ()
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, params: Params, fields: FieldSet) -> "LeadFilter":
        """The filter an address asks for. Every value is possible input; none raises."""
        reader = _Reader(params)
        return cls(
            q=reader.text("q"),
            stage=reader.choices("stage", tuple(Stage.values), _("There is no stage “%(value)s”.")),
            owner=reader.owner(),
            source=reader.texts("source"),
            industry=reader.texts("industry"),
            country=reader.texts("country"),
            score=reader.whole("score", -100_000, 100_000),
            label=reader.labels(),
            active=reader.whole("active", 0, 36_500),
            consent=reader.text("consent"),
            complete=reader.whole("complete", 0, 100),
            list=reader.whole("list", 1, 2**31 - 1),
            where=reader.conditions(fields),
            problems=tuple(reader.problems[:MOST_PROBLEMS]),
        )

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) not in ("", (), None) for name in ASKING)

    def without(self, name: str, problem: str) -> "LeadFilter":
        """The filter with one part left out, and a sentence that says why."""
        empty: dict[str, Any] = {name: type(self).__dataclass_fields__[name].default}
        return replace(self, **empty, problems=(*self.problems, problem))

    def parts(self) -> Sequence[tuple[str, Any]]:
        """Each single wish as (parameter, value), in reading order."""
        found = []
        for name in ASKING:
            value = getattr(self, name)
            if value not in ("", (), None):
                found += [(name, one) for one in value] if isinstance(value, tuple) else [(name, value)]
        return found

    def params(self, leaving_out: tuple[str, Any] | None = None) -> QueryDict:
        """The address parameters that ask for this filter, without one wish if so told."""
        query = QueryDict(mutable=True)
        for part in self.parts():
            if part != leaving_out:
                query.appendlist(part[0], row_of(part[1]) if part[0] == "where" else str(part[1]))
        return query


def as_conditions(wanted: LeadFilter, names: Names) -> tuple[Condition, ...]:
    """The filter as conditions of a dynamic list. "Owned by me" becomes the person's name, as `names` tells it."""
    several = [(name, getattr(wanted, name)) for name in ("stage", "source", "industry", "country")]
    several.append(("label", _whole_labels(wanted.label)))
    found = [Condition(name, "in", values) for name, values in several if values]
    for name, op, value in (
        ("score", "at_least", wanted.score),
        ("idle_days", "at_most", wanted.active),
        ("complete", "at_least", wanted.complete),
        ("search", "contains", wanted.q or None),
        ("list", "is", str(wanted.list) if wanted.list else None),
    ):
        if value is not None:
            found.append(Condition(name, op, value))
    if wanted.consent:
        known = wanted.consent in ("known", "unknown")
        found.append(Condition("consent", wanted.consent) if known else Condition("consent", "is", wanted.consent))
    if wanted.owner:
        name = names.get(("owner", wanted.owner), wanted.owner)
        found.append(Condition("owner", "unknown") if wanted.owner == NOBODY else Condition("owner", "is", name))
    return (*found, *wanted.where)


def _whole_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Grid labels, a letter alone as all of its labels."""
    return tuple(label + digit for label in labels for digit in (DIGITS if len(label) == 1 else ("",)))


class _Reader:
    """Reads parameters one by one and collects a sentence for each that cannot be used."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.problems: list[str] = []

    def texts(self, name: str) -> tuple[str, ...]:
        """The distinct texts that are not blank."""
        found: dict[str, None] = {}
        for value in self.params.getlist(name)[:MOST_CHOICES]:
            text = " ".join(value.split())
            if text and not storable(text):
                self.problems.append(_("A value had characters that cannot be stored; it was left out."))
            elif len(text) > MOST_TEXT:
                self.problems.append(_("“%(value)s…” is too long; it was left out.") % {"value": text[:30]})
            elif text:
                found[text] = None
        return tuple(found)

    def text(self, name: str) -> str:
        return (self.texts(name) or ("",))[-1]

    def choices(self, name: str, known: tuple[str, ...], sentence: str) -> tuple[str, ...]:
        texts = self.texts(name)
        self.problems += [sentence % {"value": shown(text)} for text in texts if text not in known]
        return tuple(text for text in known if text in texts)

    def labels(self) -> tuple[str, ...]:
        texts = [text.upper() for text in self.texts("label")]
        wrong = [text for text in texts if not LABEL.fullmatch(text)]
        self.problems += [
            _("“%(value)s” is no grid label; they go from A1 to D3.") % {"value": shown(text)} for text in wrong
        ]
        return tuple(text for text in texts if text not in wrong)

    def whole(self, name: str, least: int, most: int) -> int | None:
        text = self.text(name).replace("\N{MINUS SIGN}", "-")
        if not text:
            return None
        if re.fullmatch(r"-?[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        told = {"value": shown(text), "least": least, "most": most}
        self.problems.append(_("“%(value)s” is no whole number from %(least)d to %(most)d; it was left out.") % told)
        return None

    def owner(self) -> str:
        text = self.text("owner")
        if text in ("", ME, NOBODY) or re.fullmatch(r"[1-9][0-9]{0,8}", text):
            return text
        self.problems.append(_("“%(value)s” is no owner; it was left out.") % {"value": shown(text)})
        return ""

    def conditions(self, fields: FieldSet) -> tuple[Condition, ...]:
        try:
            return conditions_of_rows(self.params, fields)
        except ConditionFault as fault:
            self.problems += [problem.sentence for problem in fault.problems]
            return ()


def chips_of(wanted: LeadFilter, names: Names, base: QueryDict) -> list[dict[str, str]]:
    """The filter as chips that read as a sentence after "Leads"; each knows the address without it.

    `base` holds the other parameters to keep (sort); `names` the names of chosen people and lists.
    """
    return [
        {
            "text": _chip(name, value, names),
            "remove_url": address(wanted.params(leaving_out=(name, value)), base),
        }
        for name, value in wanted.parts()
    ]


def address(params: QueryDict, base: QueryDict) -> str:
    """The query string of a filter with the other parameters kept; "?" when there are none."""
    return "?" + "&".join(filter(None, (params.urlencode(), base.urlencode())))


def _chip(name: str, value: Any, names: Names) -> str:
    if name == "where":
        return _("where %(condition)s") % {"condition": sentence_of_list((value,))}
    if name == "stage":
        return _("at stage %(stage)s") % {"stage": Stage(value).label}
    if name == "owner" and value in (ME, NOBODY):
        return _("owned by me") if value == ME else _("owned by nobody")
    if name == "active":
        return ngettext("active today", "active in the last %(days)d days", value + 1) % {"days": value}
    if name == "consent" and value in ("known", "unknown"):
        return _("with a known consent") if value == "known" else _("without a known consent")
    return _sentences()[name] % {"value": names.get((name, str(value)), value)}


def _sentences() -> dict[str, str]:
    return {
        "q": _("matching “%(value)s”"),
        "owner": _("owned by %(value)s"),
        "source": _("from source %(value)s"),
        "industry": _("in %(value)s"),
        "country": _("from %(value)s"),
        "score": _("with at least %(value)s points"),
        "label": _("labelled %(value)s"),
        "consent": _("with consent %(value)s"),
        "complete": _("at least %(value)s %% complete"),
        "list": _("in the list “%(value)s”"),
    }
