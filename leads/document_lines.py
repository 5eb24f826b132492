"""Where in a JSON text each value stands, so that a problem can name its line. Never raises, however broken the text is."""

import re
from dataclasses import dataclass, field

#: A string (also one that does not end), one of the six signs, or whatever else stands there: a number, true, NaN.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_DEEPEST = 200
_MOST_DIGITS = 4_000


@dataclass
class _Box:
    """An object or list that is being read: its path, and the name or number of what comes next."""

    path: str
    is_list: bool
    number: int = 0
    name: str = ""
    names: set[str] = field(default_factory=set)
    awaits_name: bool = False

    def __post_init__(self) -> None:
        self.awaits_name = not self.is_list

    @property
    def next_path(self) -> str:
        if self.is_list:
            return f"{self.path}[{self.number}]"
        return f"{self.path}.{self.name}" if self.path else self.name


@dataclass(frozen=True)
class Spot:
    """A place in a text; both count from 1."""

    line: int
    column: int


class Lines:
    """The places of a JSON text by path, as `Problem.path` writes them: "rules[3].points"."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: dict[str, int] = {"": 0}
        #: Where a name stands twice, something is no JSON number, or nesting is too deep: the first of these.
        self.oddity: int | None = None
        self._read()

    def spot(self, path: str, name: str = "") -> Spot:
        """Where the value at the path stands; what is missing is looked for in what should hold it."""
        inner = f"{path}.{name}" if path and name else path or name
        while inner and inner not in self._starts:
            inner = inner[: max(inner.rfind("."), inner.rfind("["), 0)]
        return self.spot_at(self._starts[inner])

    def spot_at(self, offset: int) -> Spot:
        line = self.text.count("\n", 0, offset) + 1
        return Spot(line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1)

    def _read(self) -> None:
        boxes: list[_Box] = []
        for found in _TOKEN.finditer(self.text):
            mark, box = found[0], boxes[-1] if boxes else None
            if mark in "{[" and len(boxes) < _DEEPEST:
                boxes.append(_Box(self._begin(box, found.start()), mark == "["))
            elif mark in "{[":
                self._odd(found.start())
                break
            elif mark in "}]":
                boxes[-1:] = []
            elif mark in ":,":
                self._separate(box, mark)
            elif box and box.awaits_name:
                self._name(box, mark, found.start())
            else:
                self._begin(box, found.start())
                self._look(mark, found.start())

    @staticmethod
    def _separate(box: _Box | None, mark: str) -> None:
        if box:
            box.number += mark == ","
            box.awaits_name = mark == "," and not box.is_list

    def _begin(self, box: _Box | None, offset: int) -> str:
        """A value begins here; inside an object its name did already. Its path."""
        path = box.next_path if box else ""
        self._starts.setdefault(path, offset)
        return path

    def _name(self, box: _Box, mark: str, offset: int) -> None:
        box.name = mark.strip('"')
        if box.name in box.names:
            self._odd(offset)
        box.names.add(box.name)
        self._starts.setdefault(box.next_path, offset)

    def _look(self, mark: str, offset: int) -> None:
        if mark.strip("-") in ("NaN", "Infinity") or (len(mark) > _MOST_DIGITS and mark[0] != '"'):
            self._odd(offset)

    def _odd(self, offset: int) -> None:
        if self.oddity is None:
            self.oddity = offset
