"""What a person sees before an import: the columns with examples, and what each would become."""

from dataclasses import dataclass
from itertools import islice

from .importing.columns import ACTIVITIES, FULL_NAME, LEADS
from .importing.mapping import Column, Mapping, read_mapping
from .importing.matching import named
from .importing.reader import Table
from .importing.running import path_of
from .importing.source import Source, look_at
from .models import ImportJob

SAMPLE_ROWS, MOST_SAMPLES = 200, 3


@dataclass(frozen=True)
class Seen:
    """One column of the file: its name, what it is taken for, and a few of its different values."""

    place: int
    name: str
    column: Column
    samples: list[str]

    @property
    def target(self) -> str:
        """The canonical column, or blank for one of our own making."""
        return "" if "." in self.column.to else self.column.to

    @property
    def kept(self) -> bool:
        """Whether it becomes a custom field or a property."""
        return "." in self.column.to


@dataclass(frozen=True)
class Preview:
    """A file as it would be read."""

    source: Source
    mapping: Mapping
    columns: list[Seen]

    @classmethod
    def of(cls, job: ImportJob, *, encoding: str = "", delimiter: str = "") -> "Preview":
        """How the job's file looks now; raises `FileRefused` or `MappingRefused`."""
        told = read_mapping(job.mapping, job.kind)
        source = look_at(path_of(job), encoding=encoding or told.encoding, delimiter=delimiter or told.delimiter)
        table = Table(source)
        mapping = named(told, table.header)
        rows = [row.cells for row in islice(table.rows(), SAMPLE_ROWS) if not row.fault]
        columns = [
            Seen(place, name, mapping.columns[name], _samples([row[place] for row in rows]))
            for place, name in enumerate(table.header)
            if name
        ]
        return cls(source, mapping, columns)


def _samples(cells: list[str]) -> list[str]:
    different = dict.fromkeys(cell.strip()[:60] for cell in cells if cell.strip())
    return list(different)[:MOST_SAMPLES]


def targets(kind: str) -> tuple[str, ...]:
    return (*LEADS[:2], FULL_NAME, *LEADS[2:]) if kind == ImportJob.Kind.LEADS else ACTIVITIES
