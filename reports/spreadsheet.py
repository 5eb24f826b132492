"""Tables as CSV files that no spreadsheet takes for formulas (quality.md S18)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse

from leads.spreadsheets import csv_lines, harmless


def safe_cell(value: Any) -> Any:
    """The value as a cell: numbers and days stay, text that would be calculated gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, (int, float, date)):
        return value
    return harmless(str(value).replace("\x00", ""))


def csv_response(filename: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a file to save; UTF-8 with a mark, so that spreadsheets read all letters."""
    lines = csv_lines([safe_cell(value) for value in row] for row in (head, *rows))
    response = HttpResponse("\ufeff" + "".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
