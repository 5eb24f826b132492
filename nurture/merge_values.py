"""What letters may say about a lead: the merge fields, their values for many leads at once, and who lacks them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from leads.bulk import Among
from leads.models import CustomField, Lead

from .merge_language import fields_without_fallback
from .writing import Version, one_line, sources_of

#: Characters of one value at most.
LONGEST_VALUE = 200
_CUSTOM = "custom_"


@dataclass(frozen=True)
class MergeField:
    """A fact that letters may name: `paths` are tried in order, the lead's own before its company's."""

    key: str
    label: Any
    paths: tuple[str, ...]
    example: str = ""
    is_name: bool = False  # of a person or company: anybody types it into a form


_FIELDS = (
    MergeField("first_name", _("First name"), ("first_name",), "Dewi", is_name=True),
    MergeField("last_name", _("Last name"), ("last_name",), "Lestari", is_name=True),
    MergeField("company", _("Company"), ("company__name",), "Nusantara Logistics", is_name=True),
    MergeField("job_title", _("Job title"), ("job_title",), "Head of operations"),
    MergeField("department", _("Department"), ("department",), "Operations"),
    MergeField("industry", _("Industry"), ("industry", "company__industry"), "Logistics"),
    MergeField("city", _("City"), ("city", "company__city"), "Jakarta"),
    MergeField("country", _("Country"), ("country", "company__country"), "Indonesia"),
    MergeField("email", _("E-mail"), ("email",), "dewi@example.com"),
    MergeField("owner", _("Owner"), ("owner__name",), "Rita"),
)


def merge_fields() -> dict[str, MergeField]:
    """Every merge field by its key: the built-in ones, then the custom ones as `custom_KEY`."""
    custom = (
        MergeField(f"{_CUSTOM}{one.key.replace('-', '_')}", one.label, (f"custom__{one.key}",))
        for one in CustomField.objects.all()
    )
    return {one.key: one for one in (*_FIELDS, *custom)}


def examples(fields: Mapping[str, MergeField]) -> dict[str, str]:
    """Values of nobody in particular, for a preview."""
    return {key: one.example or str(one.label) for key, one in fields.items()}


def values_of(leads: Iterable[int], *, only: Collection[str] | None = None) -> dict[int, dict[str, str]]:
    """Id of a lead → its merge values, plain words on one line each; blank where nothing is known. Two questions at most.

    `only` leaves out what a letter does not name, so that its stored values hold no more than they must.
    """
    fields = (
        [one for key, one in merge_fields().items() if key in only] if only is not None else [*merge_fields().values()]
    )
    paths = sorted(
        {path.split("__")[0] if path.startswith("custom__") else path for one in fields for path in one.paths}
    )
    found = Lead.objects.filter(pk__in=Among(leads))
    return {
        row["pk"]: {one.key: _value(one, row) for one in fields}
        for row in found.order_by().values("pk", *paths).iterator(chunk_size=2_000)
    }


def _value(field: MergeField, row: Mapping[str, Any]) -> str:
    said = next((text for path in field.paths if (text := _plain(_at(row, path)))), "")
    return "" if field.is_name and _is_an_advertisement(said) else said


def _at(row: Mapping[str, Any], path: str) -> object:
    if not path.startswith("custom__"):
        return row[path]
    custom = row["custom"]
    return custom.get(path.removeprefix("custom__")) if isinstance(custom, dict) else None


def _plain(value: object) -> str:
    """One line of words, whatever is stored."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value if isinstance(one, str | int | float))
    return one_line(str(value)[: LONGEST_VALUE * 4])[:LONGEST_VALUE]


def _is_an_advertisement(name: str) -> bool:
    """Whether a name holds an address: typed into a form, it would make us send somebody's link to others."""
    return "://" in name or "www." in name.lower()


def missing_values(version: Version, leads: "QuerySet[Lead]") -> list[tuple[str, int]]:
    """What the e-mail says without a fallback, and how many of the leads lack it: [("First name", 3)]. One question."""
    wanted = {name for source in sources_of(version) for name in fields_without_fallback(source)}
    fields = [one for key, one in merge_fields().items() if key in wanted] if wanted else []
    if not fields:
        return []
    chosen = Lead.objects.filter(pk__in=leads.order_by().values("pk"))
    lacking = chosen.aggregate(**{f"lacks_{one.key}": Count("pk", filter=_lacks(one)) for one in fields})
    return [(str(one.label), n) for one in fields if (n := lacking[f"lacks_{one.key}"])]


def _lacks(field: MergeField) -> Q:
    """Leads of whom the fact is not known."""
    lacks = Q()
    for path in field.paths:
        if path.startswith("custom__"):
            key = path.removeprefix("custom__")
            lacks &= ~Q(custom__has_key=key) | Q(**{path: ""}) | Q(**{path: None})
        else:
            above = path.rpartition("__")[0]
            lacks &= Q(**{path: ""}) | (Q(**{above: None}) if above else Q())
    return lacks
