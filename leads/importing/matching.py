"""Making a whole mapping of what was told, what the columns are called, and what stands in them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from .columns import FULL_NAME, matched, slug
from .dates import OrderEvidence
from .faults import MappingRefused
from .mapping import OPEN, Column, Mapping
from .numbers import BandEvidence, CommaEvidence
from .reader import Row, Table
from .source import FileRefused

DATES = ("created_at", "occurred_at")
BEAT_ROWS = 50_000
MOST_NAMES = 8  # of columns left out, in a note
_META = {"adset_id", "form_id", "is_organic"}
_META_PREFIXES = {
    "id": "l:",
    "phone_number": "p:",
    "ad_id": "ag:",
    "adset_id": "as:",
    "campaign_id": "c:",
    "form_id": "f:",
}


@dataclass
class Matched:
    """A mapping complete for one file, what was decided about it in words, and which date columns must be asked about."""

    mapping: Mapping
    rows: int = 0
    notes: list[str] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)  # column → an example that can be read two ways


def match(
    told: Mapping, table: Table, *, most_rows: int | None = None, beat: Callable[[], None] = lambda: None
) -> Matched:
    """The mapping for this file: told columns, else those recognised by name; date order and bands seen in the whole column.

    `beat` is called every 50,000 rows, so that long work can show that it lives.

    Raises `MappingRefused` when nothing says who the rows are about, `FileRefused` when there are no rows or too many.
    """
    mapping = named(told, table.header)
    _check(mapping)
    return _with_evidence(mapping, table, most_rows, beat)


def named(told: Mapping, header: list[str]) -> Mapping:
    """Every column of the header with its meaning: as told, else as its name says."""
    missing = [name for name in told.columns if not any(told.of(column) is told.columns[name] for column in header)]
    if missing:
        raise MappingRefused(
            _("The mapping names the column “%(name)s”, which the file does not have.") % {"name": missing[0][:80]}
        )
    meta = not told.columns and set(header) >= _META
    by_name = {} if told.columns else matched(header, told.kind)
    if meta and "id" in header:
        by_name.setdefault("id", "external_id")
    rest = told.rest or ("ignore" if told.kind == "leads" else "properties")
    taken = {column.to for column in told.columns.values()}
    columns: dict[str, Column] = {}
    for name in filter(None, header):
        known = told.of(name) or Column(name, by_name.get(name, ""))
        if not known.to and not told.of(name) and rest != "ignore":
            known = replace(known, to=_open_target(told.kind, name, taken))
        if known.to in DATES:
            known = replace(known, reading="date")
        if meta and not known.strip:
            known = replace(known, strip=_META_PREFIXES.get(name, ""))
        taken.add(known.to)
        columns[name] = replace(known, name=name)
    return replace(told, columns=columns, rest=rest, test_leads=told.test_leads or meta)


def _open_target(kind: str, name: str, taken: Iterable[str]) -> str:
    key = slug(name) or "column"
    target, number = OPEN[kind] + key, 1
    while target in taken:
        number += 1
        target = f"{OPEN[kind]}{key[:56]}_{number}"
    return target


def _check(mapping: Mapping) -> None:
    known = mapping.targets
    if mapping.kind == "leads" and not known & {"email", "external_id"}:
        raise MappingRefused(
            _("No column holds an e-mail address or an external id, so nobody can be told apart. Match one of them.")
        )
    if mapping.kind == "activities":
        if not known & {"email", "lead_external_id"}:
            raise MappingRefused(
                _("No column says whose activity it is: match an e-mail address or the lead's external id.")
            )
        for needed, sentence in (
            ("type", _("No column holds the type of activity.")),
            ("occurred_at", _("No column says when it happened.")),
        ):
            if needed not in known:
                raise MappingRefused(sentence)
    if FULL_NAME in known and {"first_name", "last_name"} & known:
        raise MappingRefused(_("Match either the full name or first and last name."))


def _with_evidence(mapping: Mapping, table: Table, most_rows: int | None, beat: Callable[[], None]) -> Matched:
    """Look at every row once: how many there are, which order dates have, whether numbers are bands or use a comma."""
    seen = _Seen(mapping, table.header)
    rows = 0
    for row in table.rows():
        rows += 1
        if most_rows is not None and rows > most_rows:
            raise FileRefused(_("The file has more than %(most)s rows.") % {"most": f"{most_rows:,}"})
        seen.see(row)
        if rows % BEAT_ROWS == 0:
            beat()
    if not rows:
        raise FileRefused(_("The file has a header but no rows."))
    return seen.decide(Matched(mapping, rows))


class _Seen:
    """What the cells of a file say about how they are written."""

    def __init__(self, mapping: Mapping, header: list[str]) -> None:
        self.header = header
        self.dates = {
            n: OrderEvidence()
            for n, c in mapping.columns.items()
            if c.reading == "date" and not (c.dates or mapping.dates)
        }
        self.commas = {
            n: CommaEvidence()
            for n, c in mapping.columns.items()
            if c.reading == "text" and (c.to == "revenue" or c.to.startswith("custom."))
        }
        self.bands = {
            n: BandEvidence() for n, c in mapping.columns.items() if c.to == "employees" and c.reading == "text"
        }
        self.elsewhere = OrderEvidence()
        places = {name: place for place, name in enumerate(header)}
        watched: dict[str, OrderEvidence | CommaEvidence | BandEvidence] = {**self.dates, **self.commas, **self.bands}
        self._watch = [(places[name], evidence.see) for name, evidence in watched.items()]

    def see(self, row: Row) -> None:
        if row.fault:
            return
        for place, look in self._watch:
            if text := row.cells[place].strip():
                look(text)
        if self.dates:
            for cell in row.cells:
                if "/" in cell and cell[0].isdigit():
                    self.elsewhere.see(cell)

    def decide(self, found: Matched) -> Matched:
        """The mapping completed by what was seen, with every decision in words."""
        columns = dict(found.mapping.columns)
        for name, evidence in self.dates.items():
            order = evidence.order or (self.elsewhere.order if evidence.must_ask else "")
            columns[name] = replace(columns[name], dates=order)
            if order:
                words = _("the day first") if order == "dmy" else _("the month first")
                found.notes.append(_("Dates in “%(name)s” are read with %(words)s.") % {"name": name, "words": words})
            elif evidence.must_ask:
                found.questions[name] = evidence.example
        found.notes += [*self._commas(columns), *self._bands(columns)]
        if left := [name for name, column in columns.items() if not column.to]:
            found.notes.append(_left_out(left))
        found.mapping = replace(found.mapping, columns=columns)
        return found

    def _commas(self, columns: dict[str, Column]) -> Iterator[str]:
        for name in (name for name, evidence in self.commas.items() if evidence.decimal_comma):
            columns[name] = replace(columns[name], reading="decimal_comma")
            yield _("Numbers in “%(name)s” have a decimal comma.") % {"name": name}

    def _bands(self, columns: dict[str, Column]) -> Iterator[str]:
        for name, evidence in self.bands.items():
            columns[name] = replace(columns[name], reading="band" if evidence.example else "number")
            if evidence.example:
                said = {"name": name, "band": evidence.example}
                yield _("Ranges in “%(name)s” such as “%(band)s” count as their lower bound.") % said


def _left_out(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    if more <= 0:
        return _("Left out: %(names)s.") % {"names": shown}
    return _("Left out: %(names)s and %(more)d more.") % {"names": shown, "more": more}
