"""Tables as CSV files that no spreadsheet takes for formulas (quality.md S18)."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any

from django.http import HttpResponse

#: What makes a spreadsheet calculate a text cell; the full-width forms are read as the plain ones by some.
_STARTS = tuple("=+-@\t\r\n\x00＝＋－＠")


def safe_cell(value: Any) -> Any:
    """The value as a cell: numbers and days stay, text that would be calculated gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, (int, float, date)):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) or text.startswith(_STARTS) else text


def csv_response(filename: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a file to save; UTF-8 with a mark, so that spreadsheets read all letters."""
    out = StringIO()
    writer = csv.writer(out)
    for row in (head, *rows):
        writer.writerow([safe_cell(value) for value in row])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
