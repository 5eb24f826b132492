"""The rows of a table, one at a time, each with its number; a broken row is named and the rest read on."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .source import FileRefused, Source

LONGEST_LINE = 1_000_000  # characters
MOST_LINES = 1_000  # of one row: more means a quotation mark that nobody closed
MOST_BROKEN_QUOTES = 100
csv.field_size_limit(LONGEST_LINE)


class Row(NamedTuple):
    """One row of the file: `number` counts rows as a spreadsheet does, the header being 1; `fault` says why it is unusable."""

    number: int
    cells: list[str]
    fault: str = ""


class _Lines:
    """The lines of a file, those of the row in hand remembered so that they can be read again."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.again, self.taken = stream, deque[str](), list[str]()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.stream.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.taken.append(line)
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            self._skip_rest()
            raise csv.Error(_("the line is longer than 1,000,000 characters"))
        if len(self.taken) > MOST_LINES:
            raise csv.Error(_("a quotation mark is not closed"))
        return line

    def _skip_rest(self) -> None:
        while (rest := self.stream.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            pass


class Table:
    """A table: its header at once, its rows as a stream. Raises `FileRefused` for what is wrong with the file as a whole."""

    def __init__(self, source: Source) -> None:
        self.source = source
        first = next((row for row in self._all() if row.cells or row.fault), None)
        if first is None:
            raise FileRefused(_("The file is empty."))
        if first.fault:
            raise FileRefused(_("The header cannot be read: %(why)s") % {"why": first.fault})
        self.header_number = first.number
        self.header = [cell.strip().replace("\x00", "") for cell in first.cells]
        while self.header and not self.header[-1]:
            self.header.pop()
        self._check_header()

    def _check_header(self) -> None:
        folded = [name.casefold() for name in self.header if name]
        twin = next((name for name in self.header if name and folded.count(name.casefold()) > 1), None)
        if not folded:
            raise FileRefused(_("The first row names no columns."))
        if len(self.header) > settings.IMPORT_MAX_COLUMNS:
            raise FileRefused(
                _("The file has %(count)d columns; at most %(most)d can be read.")
                % {"count": len(self.header), "most": settings.IMPORT_MAX_COLUMNS}
            )
        if any("@" in name and "." in name.rpartition("@")[2] for name in self.header):
            raise FileRefused(_("The first row is not a header: it holds an e-mail address."))
        if twin:
            raise FileRefused(_("Two columns are named “%(name)s”. Rename one of them.") % {"name": twin[:80]})

    def rows(self) -> Iterator[Row]:
        """The rows below the header; blank ones left out. The first row comes out even when there is only one column."""
        width, blank_before = len(self.header), False
        for row in self._all():
            if row.number <= self.header_number:
                continue
            text = "" if row.fault else "".join(row.cells)
            if not row.fault and (not text or text.isspace()):
                blank_before = True
            elif row.fault or (len(row.cells) == width and width > 1 and "\x00" not in text):
                blank_before = False
                yield row
            else:
                yield self._fitted(row, width, blank_before)
                blank_before = blank_before and len(row.cells) == 1

    def _fitted(self, row: Row, width: int, blank_before: bool) -> Row:
        """The row with as many cells as the header has, or with the reason why it has not."""
        cells = row.cells
        if len(cells) == 1 and width > 1:
            if (unwrapped := self._unwrapped(cells[0])) and len(unwrapped) == width:
                return Row(row.number, unwrapped)
            if blank_before and width > 2:
                return Row(row.number, cells, _("This is a footer line, not a row of the table."))
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        if len(cells) != width:
            said = ngettext(
                "The row has %(count)d cell where the header has %(width)d.",
                "The row has %(count)d cells where the header has %(width)d.",
                len(cells),
            )
            return Row(row.number, cells, said % {"count": len(cells), "width": width})
        if any("\x00" in cell for cell in cells):
            return Row(row.number, cells, _("The row holds NUL characters."))
        return Row(row.number, cells)

    def _unwrapped(self, cell: str) -> list[str]:
        """The cells of a row that was quoted as a whole, as some exports do with rows that hold quotation marks."""
        try:
            return next(csv.reader([cell], delimiter=self.source.delimiter, strict=True), [])
        except csv.Error:
            return []

    def _all(self) -> Iterator[Row]:
        """Every row with its number, broken ones with their fault; after a broken one the next line is a row again."""
        with self.source.text() as stream:
            lines, number, broken = _Lines(stream), 0, 0
            reader = csv.reader(lines, delimiter=self.source.delimiter, strict=True)
            while True:
                lines.taken.clear()
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as fault:
                    broken += 1
                    if broken > MOST_BROKEN_QUOTES:
                        raise FileRefused(
                            _("Quotation marks are broken in more than 100 rows of this file.")
                        ) from fault
                    yield Row(number, lines.taken[:1], _broken(fault))
                    lines.again.extendleft(reversed(lines.taken[1:]))
                    reader = csv.reader(lines, delimiter=self.source.delimiter, strict=True)
                else:
                    yield Row(number, cells)


def _broken(fault: csv.Error) -> str:
    said = str(fault)
    if "unexpected end" in said or "expected after" in said:
        said = _("a quotation mark is not closed")
    return _("The row cannot be read: %(why)s.") % {"why": said}
