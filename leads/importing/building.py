"""From the cells of a row to a told lead or activity."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from accounts.addresses import email_key
from leads.intake import NewActivity, NewLead
from leads.intake_companies import mail_domain_of
from leads.models import Verdict
from leads.naming import clean_domain, company_key

from . import numbers
from .columns import FULL_NAME, TYPE_NAMES, folded
from .dates import Dates
from .faults import ValueRefused
from .mapping import OPEN, Column, Mapping

#: What stands in a cell when nothing does.
PLACEHOLDERS = frozenset({"[not provided]", "(not set)", "#N/A", "\\N", "[[Unknown]]"})
_VERDICTS = {"person": 1, "human": 1, "machine": 2, "bot": 2, "proxy": 2, "scanner": 2}
Told = dict[str, Any]


class Builder:
    """Turns rows into what they tell, as a dict that JSON can hold."""

    def __init__(self, mapping: Mapping, header: list[str]) -> None:
        self.mapping = mapping
        self.constants = mapping.constants
        self.columns = [
            (place, self._reader(column, mapping), column.to)
            for place, name in enumerate(header)
            if (column := mapping.of(name)) and column.to
        ]
        said = (value for column in mapping.columns.values() for value in column.values.values())
        targets = {*self.constants, *(column.to for column in mapping.columns.values())}
        targets.update(name for value in said if type(value) is dict for name in value)
        self.opens = any(name.startswith(OPEN[mapping.kind]) for name in targets)

    def _reader(self, column: Column, mapping: Mapping) -> Callable[[str], Any]:
        """What a cell of the column says; None where it says nothing. A dict says several columns at once."""
        blank = PLACEHOLDERS | {*mapping.blank, *column.blank}
        convert = _converter(column, mapping)
        values, strip, forgiving = column.values, column.strip, column.unreadable == "blank"

        def read(text: str) -> Any:
            if text in blank:
                return None
            if strip and text.startswith(strip):
                text = text[len(strip) :]
            if text in values:
                return values[text]
            if convert is None:
                return text
            try:
                return convert(text)
            except ValueRefused:
                if forgiving:
                    return None
                raise

        return read

    def told(self, cells: list[str]) -> Told:
        """What the row tells, by target. Raises `ValueRefused`."""
        told: Told = dict(self.constants)
        for place, read, target in self.columns:
            text = cells[place].strip()
            if not text:
                continue
            if self.mapping.test_leads and text.startswith("<test lead: dummy data"):
                raise ValueRefused(_("This is a test lead of the form, not a person."))
            value = read(text)
            if value is None or value == "":
                continue
            if type(value) is dict:
                told.update(value)
            else:
                told[target] = value
        return told

    def _moment(self, told: Any) -> tuple[str, bool]:
        """A date as ISO text, and whether it was told with its time of day; constants are read here."""
        return told if type(told) is tuple else Dates(self.mapping.dates, self.mapping.zone).read(told)  # type: ignore[arg-type]


def _converter(column: Column, mapping: Mapping) -> Callable[[str], Any] | None:
    if column.reading == "date":
        return Dates(column.dates or mapping.dates, mapping.zone).read  # type: ignore[arg-type]
    return {"number": numbers.whole, "band": numbers.lower_bound, "decimal_comma": numbers.with_point}.get(
        column.reading
    )


class LeadBuilder(Builder):
    """Rows of leads."""

    def row(self, cells: list[str]) -> tuple[str, str]:
        """The key that brings colleagues and twins together, and what the row tells of the lead, as JSON."""
        told = self.told(cells)
        if self.opens and (custom := _taken_out(told, "custom.")):
            told["custom"] = custom
        if "created_at" in told:
            told["created_at"] = self._moment(told["created_at"])[0]
        if name := told.pop(FULL_NAME, ""):
            told["first_name"], _space, told["last_name"] = " ".join(name.split()).rpartition(" ")
        return _company_of(told), json.dumps(told)

    @staticmethod
    def lead(told: Told) -> NewLead:
        if "created_at" in told:
            told["created_at"] = _moment(told["created_at"])
        return NewLead(**told)


def _company_of(told: Told) -> str:
    """Which company the row is about, as far as the row tells, else which person."""
    mail, domain = email_key(told.get("email", "")), clean_domain(told["domain"]) if told.get("domain") else ""
    domain = domain or mail_domain_of(NewLead(), mail)
    if domain:
        return f"d:{domain}"[:300]
    if told.get("company"):
        return f"n:{company_key(told['company'])}"
    return f"p:{mail or told.get('external_id', '')}"[:300]


class ActivityBuilder(Builder):
    """Rows of activities."""

    def row(self, cells: list[str]) -> tuple[str, str]:
        """The key that equal rows share, and what the row tells of the activity, as JSON."""
        told = self.told(cells)
        if not told.get("occurred_at"):
            raise ValueRefused(_("There is no date."))
        told["occurred_at"], exact = self._moment(told["occurred_at"])
        told["type"] = _type_of(told.get("type", ""))
        properties = _object(told.pop("properties", ""))
        if self.opens:
            properties |= _taken_out(told, "properties.")
        if properties:
            told["properties"] = properties
        if "verdict" in told:
            told["verdict"] = _verdict(told["verdict"])
        if " " in told.get("url", "") and "subject" not in told:
            told["subject"] = told.pop("url")  # a title in the column of addresses
        if exact:
            told["nth"] = 1  # equal to the second: one deed told twice
        said = json.dumps(told)
        if "external_id" in told:
            return f"x:{told.get('source_system', '')}:{told['external_id']}"[:300], said
        return blake2b(said.encode(), digest_size=16).hexdigest(), said

    @staticmethod
    def activity(told: Told, nth: int) -> NewActivity:
        told["occurred_at"] = _moment(told["occurred_at"])
        told.setdefault("nth", nth)
        return NewActivity(**told)


@lru_cache(maxsize=10_000)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _taken_out(told: Told, prefix: str) -> Told:
    """What is told under the prefix, taken out of `told` and named without it."""
    names = [name for name in told if name.startswith(prefix)]
    return {name[len(prefix) :]: told.pop(name) for name in names}


@lru_cache(maxsize=1_000)
def _type_of(text: str) -> str:
    return TYPE_NAMES.get(folded(text), text)


def _object(text: str) -> Told:
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise ValueRefused(_("The properties are not JSON.")) from fault
    if not isinstance(value, dict):
        raise ValueRefused(_("The properties are not a JSON object."))
    return value


def _verdict(text: str) -> int:
    if text.lower() not in _VERDICTS:
        raise ValueRefused(_("The verdict can be person or machine."))
    return Verdict(_VERDICTS[text.lower()]).value
