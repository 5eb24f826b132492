"""What `import_leads` and `import_activities` share: one file in, a report out."""

import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads.importing.fault_file import fault_lines
from leads.importing.faults import MappingRefused
from leads.importing.mapping import Mapping, load_mapping
from leads.importing.running import run
from leads.importing.source import DECLARABLE
from leads.models import ImportJob

MOST_SHOWN = 20
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


class ImportCommand(BaseCommand):
    """Import one CSV file. Importing it again changes nothing. Exit code 0 when at least one row could be used."""

    kind = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check the file and write nothing")
        parser.add_argument(
            "--mapping", default="", metavar="FILE|PRESET", help="what the columns mean (docs/imports.md)"
        )
        parser.add_argument(
            "--rest", choices=["ignore", "custom", "properties"], default="", help="what becomes of other columns"
        )
        parser.add_argument(
            "--dates", choices=["dmy", "mdy"], default="", help="what comes first in dates such as 03/04/2018"
        )
        parser.add_argument("--encoding", choices=DECLARABLE, default="")
        parser.add_argument("--delimiter", choices=DELIMITERS, default="")
        parser.add_argument("--faults", type=Path, metavar="FILE", help="write the refused rows there as CSV")

    def handle(self, **options: Any) -> None:
        job = self._job(options)
        began = time.monotonic()
        try:
            finished = run(job.pk, clock=timezone.now, budget=float("inf"))
            self._report(finished or job, time.monotonic() - began, options)
        except KeyboardInterrupt:
            job.cancel(timezone.now())
            raise CommandError("Stopped; what was written so far stays.") from None
        finally:
            if options["dry_run"]:
                job.delete()

    def _job(self, options: dict[str, Any]) -> ImportJob:
        try:
            told = load_mapping(options["mapping"], self.kind) if options["mapping"] else Mapping(self.kind)
        except MappingRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        told = replace(
            told,
            rest=options["rest"] or told.rest, dates=options["dates"] or told.dates, encoding=options["encoding"] or told.encoding,
            delimiter=DELIMITERS.get(options["delimiter"], told.delimiter),
        )  # fmt: skip
        path: Path = options["file"].absolute()
        job = ImportJob.objects.create(
            kind=self.kind, file=str(path)[:300], name=path.name[:255], bytes=path.stat().st_size if path.is_file() else 0,
            mapping=told.to_document(),
        )  # fmt: skip
        job.start(dry_run=options["dry_run"], at=timezone.now())
        return job

    def _report(self, job: ImportJob, seconds: float, options: dict[str, Any]) -> None:
        if job.state == ImportJob.State.FAILED:
            raise CommandError(job.problem)
        say = self.stdout.write
        say(f"{job.name}: {'checked, nothing written' if options['dry_run'] else 'imported'}"
            f" in {seconds:.1f} s ({job.rows_read / max(seconds, 0.001):,.0f} rows/s)")  # fmt: skip
        new = "created" if self.kind == "leads" else "stored"
        for label, count in (
            ("rows read", job.rows_read),
            (new, job.created),
            ("updated", job.updated),
            ("unchanged", job.unchanged),
            ("refused", job.refused),
        ):
            if label != "updated" or self.kind == "leads":
                say(f"  {label:<10} {count:>9,}")
        for note in job.reading.get("notes", []):
            say(f"  {note}")
        self._list_faults(job, options["faults"])
        if job.rows_read and job.refused == job.rows_read:
            raise CommandError("Every row was refused.")

    def _list_faults(self, job: ImportJob, path: Path | None) -> None:
        for fault in job.faults.all()[:MOST_SHOWN]:
            self.stdout.write(f"  row {fault.row_number}: {fault.reason}")
        if job.refused > MOST_SHOWN:
            self.stdout.write(f"  and {job.refused - MOST_SHOWN:,} more")
        if path:
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(fault_lines(job))
            self.stdout.write(f"  refused rows written to {path}")
