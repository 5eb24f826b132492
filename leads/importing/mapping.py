"""A mapping: which column of a file means what, as a JSON document that people write, keep and review."""

import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from .columns import ACTIVITIES, FULL_NAME, LEADS, folded
from .faults import MappingRefused
from .source import DECLARABLE, DELIMITERS

PRESETS = Path(__file__).parent / "presets"
READINGS = ("text", "number", "band", "date", "decimal_comma")
RESTS = {"leads": ("ignore", "custom"), "activities": ("ignore", "properties")}
OPEN = {"leads": "custom.", "activities": "properties."}
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Column:
    """How one column is read. `to`: canonical name, `custom.KEY`, `properties.KEY`, or blank (left out)."""

    name: str
    to: str = ""
    reading: str = "text"
    dates: str = ""
    blank: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    strip: str = ""
    unreadable: str = "refuse"

    def to_document(self) -> dict[str, Any]:
        told = {"to": self.to} | {k: v for k, v in asdict(self).items() if v and k not in ("name", "to")}
        if told.get("reading") == "text":
            del told["reading"]
        if told.get("unreadable") == "refuse":
            del told["unreadable"]
        return told


@dataclass(frozen=True)
class Mapping:
    """How a file is read. `rest` says what becomes of columns that are not named."""

    kind: str
    columns: dict[str, Column] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    rest: str = ""
    dates: str = ""
    time_zone: str = ""
    encoding: str = ""
    delimiter: str = ""
    test_leads: bool = False  # rows of Meta's "<test lead: dummy data>" are refused

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone) if self.time_zone else settings.WORKSPACE_ZONE

    @property
    def targets(self) -> set[str]:
        return {column.to for column in self.columns.values() if column.to} | set(self.constants)

    def of(self, header_name: str) -> Column | None:
        """The column of that name, compared without case and punctuation."""
        return self.columns.get(header_name) or self._folded.get(folded(header_name))

    @cached_property
    def _folded(self) -> dict[str, Column]:
        return {folded(name): column for name, column in self.columns.items()}

    def to_document(self) -> dict[str, Any]:
        """The mapping as a JSON document."""
        said = {k: v for k, v in asdict(self).items() if v and k != "columns"}
        return said | {"columns": {name: column.to_document() for name, column in self.columns.items()}}


def load_mapping(name: str, kind: str) -> Mapping:
    """The preset of that name, else the mapping in that file. Raises `MappingRefused`."""
    preset = PRESETS / f"{name}.json"
    path = preset if name.replace("-", "").isalnum() and preset.is_file() else Path(name)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise MappingRefused(_("The mapping is larger than 200 kB."))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError, ValueError) as fault:
        listed = ", ".join(sorted(preset.stem for preset in PRESETS.glob("*.json")))
        raise MappingRefused(
            _("“%(name)s” is neither a preset (%(list)s) nor a mapping file.") % {"name": name[:100], "list": listed}
        ) from fault
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise MappingRefused(_("The mapping is not JSON.")) from fault
    return read_mapping(document, kind)


def read_mapping(document: Any, kind: str) -> Mapping:
    """The mapping in a JSON document; raises `MappingRefused` with what is wrong with it."""
    if not isinstance(document, dict):
        raise MappingRefused(_("A mapping is a JSON object."))
    told_kind = document.get("kind") or kind
    if told_kind != kind:
        raise MappingRefused(_("This mapping is for %(kind)s.") % {"kind": str(told_kind)[:40]})
    unknown = document.keys() - {
        "kind",
        "columns",
        "constants",
        "blank",
        "rest",
        "dates",
        "time_zone",
        "encoding",
        "delimiter",
        "test_leads",
        "note",
    }
    if unknown:
        raise MappingRefused(_("A mapping has no “%(key)s”.") % {"key": str(min(unknown))[:60]})
    columns = document.get("columns", {})
    if not isinstance(columns, dict):
        raise MappingRefused(_("“columns” must be an object."))
    mapping = Mapping(
        kind=kind,
        columns={name: _column(name, told, kind) for name, told in columns.items()},
        constants=_constants(document.get("constants", {}), kind),
        blank=_texts(document.get("blank", ()), "blank"),
        rest=_one_of(document.get("rest", ""), ("", *RESTS[kind]), "rest"),
        dates=_one_of(document.get("dates", ""), ("", "dmy", "mdy"), "dates"),
        time_zone=_one_of(document.get("time_zone", ""), {"", *available_timezones()}, "time_zone"),
        encoding=_one_of(document.get("encoding", ""), ("", *DECLARABLE), "encoding"),
        delimiter=_one_of(document.get("delimiter", ""), ("", *DELIMITERS), "delimiter"),
        test_leads=document.get("test_leads") is True,
    )
    _refuse_twins(mapping)
    return mapping


def _column(name: str, told: Any, kind: str) -> Column:
    if isinstance(told, str):
        told = {"to": told}
    if not isinstance(told, dict) or told.keys() - {"to", "reading", "dates", "blank", "values", "strip", "unreadable"}:
        raise MappingRefused(_("The column “%(name)s” is not described as a mapping can.") % {"name": name[:80]})
    values = told.get("values", {})
    if not isinstance(values, dict):
        raise MappingRefused(_("“values” of the column “%(name)s” must be an object.") % {"name": name[:80]})
    return Column(
        name=name,
        to=_target(told.get("to", ""), kind),
        reading=_one_of(told.get("reading", "text"), READINGS, "reading"),
        dates=_one_of(told.get("dates", ""), ("", "dmy", "mdy"), "dates"),
        blank=_texts(told.get("blank", ()), "blank"),
        values={key: _value(value, kind) for key, value in values.items()},
        strip=_one_text(told.get("strip", ""), "strip"),
        unreadable=_one_of(told.get("unreadable", "refuse"), ("refuse", "blank"), "unreadable"),
    )


def _value(value: Any, kind: str) -> Any:
    """What a value stands for: another text, or several columns at once ({"type": "page_visit", "url": "/pricing"})."""
    if isinstance(value, dict):
        return {_target(key, kind): _one_text(text, "values") for key, text in value.items()}
    return _one_text(value, "values")


def _target(to: Any, kind: str) -> str:
    known = (*LEADS, FULL_NAME) if kind == "leads" else ACTIVITIES
    if to is None or to == "" or to in known:
        return to or ""
    open_ended = OPEN[kind]
    if isinstance(to, str) and to.startswith(open_ended) and 0 < len(to) - len(open_ended) <= 60:
        return to
    raise MappingRefused(_("“%(to)s” is no column of %(kind)s.") % {"to": str(to)[:60], "kind": kind})


def _constants(told: Any, kind: str) -> dict[str, str]:
    if not isinstance(told, dict):
        raise MappingRefused(_("“constants” must be an object."))
    return {_target(to, kind): _one_text(value, "constants") for to, value in told.items()}


def _one_of(value: Any, allowed: Any, key: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        listed = ", ".join(repr(choice) for choice in list(allowed)[:8] if choice)
        raise MappingRefused(_("“%(key)s” can be %(list)s.") % {"key": key, "list": listed})
    return value


def _one_text(value: Any, key: str) -> str:
    if isinstance(value, bool | dict | list) or value is None or len(str(value)) > 500 or "\x00" in str(value):
        raise MappingRefused(_("“%(key)s” must be texts.") % {"key": key})
    return str(value)


def _texts(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > 200:
        raise MappingRefused(_("“%(key)s” must be a list of texts.") % {"key": key})
    return tuple(_one_text(item, key) for item in value)


def _refuse_twins(mapping: Mapping) -> None:
    targets = [column.to for column in mapping.columns.values() if column.to]
    twin = next((to for to in targets if targets.count(to) > 1), None)
    if twin:
        raise MappingRefused(_("Two columns are matched to “%(to)s”.") % {"to": twin})
