"""Issue “Nurture”: 200,000 people due in one hour are planned and their letters put in line at 2,000 a second, memory flat."""

import time
from collections.abc import Iterator

from django.db import connection

from leadhub.prove.letters import make_program
from leads.models import Lead
from nurture import entering, planning
from nurture.models import Enrolment, Letter
from scoring.benchmark.clock import peak_megabytes
from scoring.benchmark.data import NOW
from scoring.benchmark.promises import Kept

MOST = 200_000
PART = 20_000


def promises(leads: int) -> Iterator[Kept]:
    """Planning and queueing together, by one planner; then how much memory the last part took beyond the first."""
    people = min(leads, MOST)
    due = _everybody_due(people)
    began = time.monotonic()
    first = peak_megabytes(lambda: planning.advance(NOW, limit=PART))
    last = peak_megabytes(_advance_all)
    seconds = time.monotonic() - began
    queued = Letter.objects.count()
    said = f"{queued} letters of {due} due in {seconds:.1f} s"
    yield Kept("N1", "people planned and put in line a second", said, round(due / seconds), 2_000, at_most=False)
    yield Kept("N1", "due people without a letter", f"{due} / {queued}", due - queued, 0)
    yield Kept("N1", "peak memory, all parts against the first", f"{last:.0f} / {first:.0f} MB", last / first, 1.15)


def _advance_all() -> None:
    while planning.advance(NOW, limit=PART):
        pass


def _everybody_due(people: int) -> int:
    """So many leads at the first step of a program, all due at once."""
    Lead.objects.filter(pk__lte=people).update(stage="mql")
    program = make_program(NOW)
    track = program.current.track  # type: ignore[union-attr]
    entering.insert(program, track, Lead.objects.filter(pk__lte=people), at=NOW, why="Benchmark")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE nurture_enrolment, nurture_letter, nurture_stepentry")
    return Enrolment.objects.filter(due_at__lte=NOW).count()
