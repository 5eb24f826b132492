"""Read a JSON document from outside piece by piece, collecting every fault with its place instead of stopping at the first."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class Problem:
    """One fault: where it is ("rules[3].points", blank for the whole document) and a sentence for people.

    `name` is the name in an object that should not be there, where that is the fault.
    """

    path: str
    sentence: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


class DocumentFault(Exception):
    """A document cannot be used; `problems` holds all that is wrong with it, in order of reading."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


class _Refused(ValueError):
    """JSON that we refuse though it can be read; the text is a sentence."""


def load_json(text: str | bytes) -> Any:
    """The JSON value in `text`; `DocumentFault` when it is none, names a key twice, or is larger than 5 MB."""
    try:
        if len(text) > MAX_BYTES:
            raise _Refused(_("The file is larger than 5 MB."))
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_object_without_twins, parse_constant=_no_constant)
    except UnicodeDecodeError:
        sentence = _("This is not a text file in UTF-8.")
    except RecursionError:
        sentence = _("This file is nested too deeply.")
    except json.JSONDecodeError as error:
        sentence = _("This is not JSON: line %(line)d, column %(column)d.") % {
            "line": error.lineno,
            "column": error.colno,
        }
    except _Refused as error:
        sentence = str(error)
    except ValueError:
        sentence = _("A number in this file has too many digits.")
    raise DocumentFault([Problem("", sentence)]) from None


def _object_without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twin = next(key for key, _value in pairs if [k for k, _v in pairs].count(key) > 1)
        raise _Refused(_("The name “%(key)s” stands twice in one place.") % {"key": shown(twin)})
    return found


def _no_constant(name: str) -> None:
    raise _Refused(_("%(name)s is not a number.") % {"name": name})


class Place:
    """One value in a document, its path, and the list of problems that all places of the document share.

    The `as_…` methods return the checked value, or None after adding a problem; an omitted or null value gives `default`.
    """

    def __init__(self, value: Any, path: str = "", problems: list[Problem] | None = None) -> None:
        self.value = value
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems

    def wrong(self, sentence: str) -> None:
        self.problems.append(Problem(self.path, sentence))

    def __getitem__(self, key: str) -> "Place":
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Place(value, f"{self.path}.{key}" if self.path else key, self.problems)

    @property
    def given(self) -> bool:
        return self.value is not None

    def is_object(self, *known: str) -> bool:
        """Whether this is an object; unknown names in it are problems."""
        if not isinstance(self.value, dict):
            self.wrong(_("This must be an object with names and values."))
            return False
        for key in self.value:
            if key not in known:
                said = {"key": shown(key), "known": ", ".join(known)}
                sentence = _("“%(key)s” is not known here; known are %(known)s.") % said
                self.problems.append(Problem(self.path, sentence, key))
        return True

    def items(self, *, most: int, least: int = 0) -> Iterator["Place"]:
        """The places of a list; an omitted list is an empty one."""
        values = [] if self.value is None and not least else self.value
        if not isinstance(values, list):
            self.wrong(_("This must be a list."))
            return
        if len(values) < least:
            self.wrong(_("There must be at least %(least)d entries.") % {"least": least})
        if len(values) > most:
            self.wrong(
                _("There are %(count)d entries; at most %(most)d are possible.") % {"count": len(values), "most": most}
            )
            return
        for number, value in enumerate(values):
            yield Place(value, f"{self.path}[{number}]", self.problems)

    def as_text(self, *, most: int = 200, required: bool = False, default: str = "") -> str:
        """Text that is not blank and can be stored."""
        if self.value is None and not required:
            return default
        if not isinstance(self.value, str) or not self.value.strip():
            self.wrong(_("This must be a text."))
        elif len(self.value) > most:
            self.wrong(_("This text is longer than %(most)d characters.") % {"most": most})
        elif not storable(self.value):
            self.wrong(_("This text has characters that cannot be stored."))
        else:
            return self.value
        return default

    def as_choice(self, *choices: str) -> str:
        """One of a few words; blank after adding a problem."""
        if isinstance(self.value, str) and self.value in choices:
            return self.value
        self.wrong(_("This must be one of %(choices)s.") % {"choices": ", ".join(choices)})
        return ""

    def as_whole(self, least: int, most: int, *, required: bool = True) -> int | None:
        """A whole number from `least` to `most`."""
        if self.value is None and not required:
            return None
        number = finite(self.value)
        if number is None or number != number.to_integral_value() or not least <= number <= most:
            self.wrong(_("This must be a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
            return None
        return int(number)

    def as_hundredths(self, most: int, *, required: bool = False) -> int | None:
        """A number with at most two decimals between −`most` and `most`, as integer hundredths."""
        if self.value is None and not required:
            return None
        number = finite(self.value)
        if number is None or abs(number) > most or (number * 100) % 1:
            self.wrong(
                _("This must be a number from −%(most)d to %(most)d with at most two decimals.") % {"most": most}
            )
            return None
        return int(number * 100)

    def unique(self, seen: set[str], value: str) -> None:
        """`value` must not have been seen before among its like."""
        if value in seen:
            self.wrong(_("“%(value)s” is used twice.") % {"value": shown(value)})
        seen.add(value)


def storable(text: str) -> bool:
    """Whether PostgreSQL can store the text: no NUL, no lone surrogates."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def shown(text: object) -> str:
    """The text as it can be printed in a sentence: short and without lone surrogates."""
    return str(text)[:80].encode("utf-8", "replace").decode()


def finite(value: Any) -> Decimal | None:
    """The exact decimal number of a JSON number of sensible size (below 10^15), else None. Booleans are no numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if not -(10**15) < value < 10**15:
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if _short(number) else None


def _short(number: Decimal) -> bool:
    """At most 28 digits, so that arithmetic on it is exact."""
    _sign, digits, exponent = number.as_tuple()
    return len(digits) <= 28 and isinstance(exponent, int) and exponent >= -28
