"""The refused rows of an import as a table: number, reason, and the row as it stands in the file, to mend and send again."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from leads.models import ImportJob
from leads.spreadsheets import csv_lines

from .faults import MappingRefused
from .mapping import read_mapping
from .reader import Table
from .running import path_of
from .source import FileRefused, look_at


def fault_lines(job: ImportJob) -> Iterator[str]:
    """The lines of the fault file; the file is read again, so nothing of it needs to be kept. Without it, reasons only."""
    reasons = dict(job.faults.values_list("row_number", "reason"))
    try:
        if not job.file:
            raise FileRefused
        told = read_mapping(job.mapping, job.kind)
        table = Table(look_at(path_of(job), encoding=told.encoding, delimiter=told.delimiter))
    except (FileRefused, MappingRefused):
        return csv_lines([[_("Row"), _("Reason")], *([number, reason] for number, reason in sorted(reasons.items()))])
    return csv_lines(_rows(table, reasons))


def _rows(table: Table, reasons: dict[int, str]) -> Iterator[list[object]]:
    yield [_("Row"), _("Reason"), *table.header]
    for row in table.rows():
        if row.number in reasons:
            yield [row.number, reasons[row.number], *row.cells]
