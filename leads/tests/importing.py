"""Importing small files in tests: the same run that commands and Celery use."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from leads.importing.mapping import load_mapping, read_mapping
from leads.importing.running import run
from leads.models import ImportJob

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def job_of(path: Path, kind: str = "leads", *, mapping: Any = None, dry_run: bool = False, **reading: Any) -> ImportJob:
    """An import of the file that is ready to run."""
    told = load_mapping(mapping, kind) if isinstance(mapping, str) else read_mapping(mapping or {}, kind)
    job = ImportJob.objects.create(
        kind=kind, file=str(path), name=path.name, mapping=told.to_document(), reading=reading
    )
    job.start(dry_run=dry_run, at=timezone.now())
    return job


def imported(path: Path, kind: str = "leads", **options: Any) -> ImportJob:
    """The file imported; the job afterwards."""
    job = run(job_of(path, kind, **options).pk, clock=timezone.now)
    assert job is not None
    return job


def counts(job: ImportJob) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused."""
    return job.created, job.updated, job.unchanged, job.refused


def reasons(job: ImportJob) -> dict[int, str]:
    return dict(job.faults.values_list("row_number", "reason"))
