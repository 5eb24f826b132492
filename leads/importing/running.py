"""Running an import: match, stage, write in portions; each portion commits with its checkpoint, so a kill loses nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from leads.garbage import collected_rarely
from leads.models import Activity, CustomField, ImportFault, ImportJob, Lead

from . import staging
from .building import ActivityBuilder, LeadBuilder
from .faults import MappingRefused
from .mapping import read_mapping
from .matching import match
from .reader import Table
from .source import FileRefused, Source, look_at

Clock = Callable[[], datetime]
State = ImportJob.State
LEASE = timedelta(seconds=90)
MOST_STALLS = 5
END = 2**31 - 1  # `staged_to` when the whole file is staged
STAGE_ROWS, WRITE_ROWS = 20_000, {"leads": 2_000, "activities": 5_000}


class Overtaken(Exception):
    """Another run has taken over, or somebody cancelled: this one must write nothing more."""


def run(job_id: int, *, clock: Clock, budget: float = 80.0) -> ImportJob | None:
    """Carry the import on for about `budget` seconds; the job afterwards, or None when somebody else has it.

    Safe to call at any time and any number of times: what is written is written once (quality.md I15, R14).
    """
    job = _claimed(job_id, clock())
    if job is None:
        return None
    try:
        with collected_rarely():
            _Run(job, clock, time.monotonic() + budget).go()
    except Overtaken:
        pass
    except (FileRefused, MappingRefused) as refusal:
        _end(job, State.FAILED, clock(), problem=str(refusal)[:500])
    job.refresh_from_db()
    return job


def _claimed(job_id: int, now: datetime) -> ImportJob | None:
    """The job, leased to this run under a new number; None when it is not to be run now."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    meant = ImportJob.objects.filter(free, pk=job_id, state__in=(State.QUEUED, State.RUNNING))
    if meant.filter(stalls__gte=MOST_STALLS).exists():
        job = ImportJob.objects.get(pk=job_id)
        _end(
            job,
            State.FAILED,
            now,
            problem=_("The import stopped five times at the same place, after row %(row)d.") % {"row": job.rows_read},
        )
        return None
    taken = meant.update(
        state=State.RUNNING, attempts=F("attempts") + 1, stalls=F("stalls") + 1, lease_until=now + LEASE,
    )  # fmt: skip
    return ImportJob.objects.get(pk=job_id) if taken else None


def _end(job: ImportJob, state: str, now: datetime, problem: str = "") -> None:
    staging.forget(job.pk)
    ImportJob.objects.filter(pk=job.pk, attempts=job.attempts).exclude(state=State.CANCELLED).update(
        state=state, ended_at=now, lease_until=None, problem=problem
    )


class _Run:
    """One run of one job until it is done or its time is over."""

    def __init__(self, job: ImportJob, clock: Clock, until: float) -> None:
        self.job, self.clock, self.until = job, clock, until

    def go(self) -> None:
        if self.job.started_at is None or staging.count_staged(self.job.pk) != self.job.staged:
            self._start_afresh()
        source, mapping = self._matched()
        table = Table(source)
        self.builder = (LeadBuilder if self.job.kind == "leads" else ActivityBuilder)(mapping, table.header)
        self._make_custom_fields(mapping)
        if self._stage(table) and self._write():
            if self.job.staged > STAGE_ROWS and not self.job.dry_run:
                refresh_statistics(self.job.kind)
            _end(self.job, State.CHECKED if self.job.dry_run else State.DONE, self.clock())
        else:
            ImportJob.objects.filter(pk=self.job.pk, attempts=self.job.attempts).update(lease_until=None)

    def _start_afresh(self) -> None:
        """Begin, or stage again after a crash of the database emptied the staged rows; what is written stays written."""
        staging.forget(self.job.pk)
        ImportFault.objects.filter(job=self.job).delete()
        counts = dict.fromkeys(("created", "updated", "unchanged", "refused", "rows_read", "staged", "merged"), 0)
        self._save(**counts, staged_to=1, started_at=self.job.started_at or self.clock())

    def _matched(self) -> tuple[Source, Any]:
        """How the file is read; found once, then kept with the job."""
        told = read_mapping(self.job.mapping, self.job.kind)
        source = look_at(path_of(self.job), encoding=told.encoding, delimiter=told.delimiter)
        if self.job.reading.get("matched"):
            return source, told
        table = Table(source)
        found = match(told, table, most_rows=self.job.reading.get("most_rows"), beat=self._save)
        if found.questions:
            name, example = next(iter(found.questions.items()))
            raise MappingRefused(
                _(
                    "Dates such as “%(example)s” in “%(name)s” can be read two ways. Say whether the day or the month is first."
                )
                % {"example": example, "name": name}
            )
        notes = found.notes
        if source.assumed:
            notes.insert(
                0, _("The file does not tell its encoding; it is read as %(name)s.") % {"name": source.encoding}
            )
        reading = self.job.reading | {
            "encoding": source.encoding, "delimiter": source.delimiter, "header": table.header, "notes": notes, "matched": True,
        }  # fmt: skip
        self._save(mapping=found.mapping.to_document(), rows_total=found.rows, reading=reading)
        return source, found.mapping

    def _make_custom_fields(self, mapping: Any) -> None:
        if self.job.kind == "leads" and not self.job.dry_run:
            wanted = [c for c in mapping.columns.values() if c.to.startswith("custom.")]
            CustomField.objects.bulk_create(
                [CustomField(key=c.to[7:], label=c.name[:120]) for c in wanted], ignore_conflicts=True
            )

    def _stage(self, table: Table) -> bool:
        """Read on from the checkpoint; whether the whole file is staged now."""
        if self.job.staged_to == END:
            return True
        for portion in staging.portions(table, self.builder, after=self.job.staged_to, size=STAGE_ROWS):
            with _portion():
                staging.put(self.job.pk, portion)
                staging.note_faults(self.job.pk, portion.faults)
                self._checkpoint(refused=len(portion.faults), staged=len(portion.rows), staged_to=portion.last)
            if self._time_is_over():
                return False
        self._save(staged_to=END)
        return True

    def _write(self) -> bool:
        """Write staged rows from the checkpoint on; whether all are written."""
        size = WRITE_ROWS[self.job.kind]
        for rows in staging.staged_rows(self.job.pk, skip=self.job.merged, size=size):
            with _portion():
                outcome, counts = self._take(rows)
                if self.job.dry_run:
                    transaction.set_rollback(True)
                else:
                    self._note(rows, outcome, counts)
            if self.job.dry_run:
                with transaction.atomic():
                    self._note(rows, outcome, counts)
            if self._time_is_over() and self.job.merged < self.job.staged:
                return False
        return True

    def _take(self, rows: list[tuple[int, Any, int]]) -> tuple[Any, dict[str, int]]:
        at, actor = self.clock(), f"import:{self.job.pk}"
        if self.job.kind == "leads":
            taken = Lead.objects.take_in([LeadBuilder.lead(told) for _n, told, _nth in rows], at=at, actor=actor)
            return taken, {"created": taken.created, "updated": taken.updated, "unchanged": taken.unchanged}
        recorded = Activity.objects.record_many(
            [ActivityBuilder.activity(told, nth) for _n, told, nth in rows], at=at, actor=actor
        )
        return recorded, {"created": recorded.stored, "unchanged": recorded.duplicates}

    def _note(self, rows: list[tuple[int, Any, int]], outcome: Any, counts: dict[str, int]) -> None:
        staging.note_faults(self.job.pk, [(rows[fault.index][0], fault.reason) for fault in outcome.faults])
        self._checkpoint(**counts, refused=len(outcome.faults), merged=len(rows))

    def _checkpoint(self, *, staged_to: int | None = None, **more: int) -> None:
        """Advance the job's counts in the transaction of the work itself."""
        added = {name: getattr(self.job, name) + count for name, count in more.items()}
        read = sum(count for name, count in more.items() if name in ("created", "updated", "unchanged", "refused"))
        self._save(**added, rows_read=self.job.rows_read + read, staged_to=staged_to or self.job.staged_to)

    def _save(self, **values: Any) -> None:
        """Write to the job's row, unless another run took over or somebody cancelled."""
        mine = ImportJob.objects.filter(pk=self.job.pk, attempts=self.job.attempts, state=State.RUNNING)
        if not mine.update(**values, stalls=0, lease_until=self.clock() + LEASE):
            raise Overtaken
        for name, value in values.items():
            setattr(self.job, name, value)

    def _time_is_over(self) -> bool:
        return time.monotonic() > self.until


@contextmanager
def _portion() -> Iterator[None]:
    """A transaction that does not wait for the disk: what a power cut takes goes with its checkpoint; the job's end waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        yield


def path_of(job: ImportJob) -> Path:
    """Where the job's file lies: its own path, below MEDIA_ROOT unless absolute."""
    return Path(settings.MEDIA_ROOT) / job.file


def refresh_statistics(kind: str) -> None:
    """Tell the planner of many new rows at once."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_lead, leads_company" if kind == "leads" else "ANALYZE leads_activity")
