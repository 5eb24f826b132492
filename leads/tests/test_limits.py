"""The page of limits says what the settings and the code say."""

import re
from pathlib import Path

from django.conf import settings

from leads import api_limits, intake_checks
from leads.importing import reader
from leads.permissions import MARKETER_IMPORT_ROWS

PAGE = (Path(settings.BASE_DIR) / "docs" / "limits.md").read_text()


def figures(row: str) -> list[int]:
    """The numbers in the row of the page that begins so."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {row}")]
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", line)]


def test_the_page_is_true():
    told, span = settings.API_RATE.split("/")
    assert figures("file imported in the browser") == [settings.IMPORT_MAX_BYTES, settings.IMPORT_MAX_ROWS]
    assert figures("columns") == [settings.IMPORT_MAX_COLUMNS]
    assert figures("one line") == [reader.LONGEST_LINE, reader.MOST_LINES]
    assert figures("rows a marketer") == [MARKETER_IMPORT_ROWS]
    assert figures("items in one API request") == [settings.API_BATCH_MAX, settings.DATA_UPLOAD_MAX_MEMORY_SIZE]
    assert figures("API requests of one key") == [int(told), int(span.removesuffix("seconds"))]
    assert figures("API requests with a wrong key") == [int(n) for n in re.findall(r"\d+", api_limits.REFUSED_RATE)]
    assert figures("properties") == [intake_checks.MOST_PROPERTIES]
    assert figures("rows on a page") == [settings.PAGE_ROWS]
