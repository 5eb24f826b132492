"""CSV that people open in spreadsheets: no cell may act as a formula there (quality.md S18)."""

import csv
import io
from collections.abc import Iterable, Iterator

#: What makes a spreadsheet calculate a text cell; the full-width forms are read as the plain ones by some.
_FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip(" ").startswith(_FORMULA) else cell


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as CSV (RFC 4180), line by line; texts made harmless, numbers as they are."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([harmless(cell.replace("\0", "")) if isinstance(cell, str) else cell for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
