"""P9 to P11 of quality.md §6: claims by many at once, reminders found among very many, and the SLA report."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from threading import Barrier

from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from handoff.models import Handoff
from handoff.refusals import HandoffRefused
from reports.periods import Period
from reports.sla import sla_report
from reports.sla_rows import offered_in
from scoring.benchmark.clock import timed
from scoring.benchmark.data import NOW
from scoring.benchmark.promises import TODAY, Kept, in_seconds, run_sql, without

from . import handoffs

FEW, MANY, CLAIMS, ROUNDS = 10, 50, 500, 5
INDEX = "handoff_to_remind"
MILLION = 1_000_000


def promises(leads: int) -> Iterator[Kept]:
    """In order, each measured when asked for; the handoffs that stood in the database are gone afterwards."""
    sellers = handoffs.reps(MANY)
    handoffs.all_open(leads, claimed=2 * ROUNDS * CLAIMS)
    yield reminders(leads)
    yield from claims(sellers)
    handoffs.worked(leads, sellers)
    if leads >= MILLION:  # of fewer handoffs only the cost of asking a few small questions is told
        yield report(leads)


def reminders(leads: int) -> Kept:
    """The few handoffs whose moment has come, among all that are open: by their index, and by looking at each.

    A hundredfold is promised of a million; of fewer it is less in proportion, since looking at each is.
    """
    due = lambda: list(Handoff.objects.to_remind(NOW).values_list("pk")[: handoffs.DUE])  # noqa: E731 - measured twice
    fast = timed(due, 21)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {INDEX}")
        slow = timed(due, 3)
        transaction.set_rollback(True)
    said = f"{in_seconds(fast)} / {in_seconds(slow)}"
    return Kept(
        "P10",
        f"{handoffs.DUE} due reminders of {leads} open, without their index",
        said,
        slow.wall / fast.wall,
        100 * min(1.0, leads / MILLION),
        at_most=False,
    )


def claims(sellers: list[int]) -> Iterator[Kept]:
    """Claims for the same handoffs by 50 people at once and by 10: every one has one winner, and more people are not slower."""
    people = list(User.objects.filter(pk__in=sellers).order_by("pk"))
    offered = iter(list(Handoff.objects.waiting().order_by("id").values_list("pk", flat=True)[: 2 * ROUNDS * CLAIMS]))
    rates: dict[int, list[float]] = {FEW: [], MANY: []}
    doubles = 0
    for _round in range(ROUNDS):
        for clients, measured in rates.items():
            wanted = [next(offered) for _n in range(CLAIMS)]
            seconds, won = _scramble(people[:clients], wanted)
            measured.append(CLAIMS / seconds)
            doubles += sum(count != 1 for count in (won[pk] for pk in wanted))
    few, many = median(rates[FEW]), median(rates[MANY])
    share = round(median(m / f for f, m in zip(*rates.values(), strict=True)), 2)
    yield Kept(
        "P9", "claims won by none or by two", f"{2 * ROUNDS * CLAIMS} handoffs, {FEW} and {MANY} clients", doubles, 0
    )
    yield Kept(
        "P9", f"rate of {MANY} clients against {FEW}", f"{many:.0f} / {few:.0f} claims/s", share, 1, at_most=False
    )


def _scramble(people: list[User], wanted: list[int]) -> tuple[float, Counter[int]]:
    """Each person claims an equal share, and beside it some that another wants too; seconds, and how often each was won.

    As many are wanted by two whoever many people there are, so that both sides ask for the same.
    """

    def work(number: int) -> list[int]:
        try:
            connection.ensure_connection()
            begin.wait()
            mine, others = (wanted[n % len(people) :: len(people)] for n in (number, number + 1))
            mine += others[: MANY // len(people)]
            return [pk for pk in mine if _claimed(pk, people[number])]
        finally:
            connection.close()

    begin, ended = Barrier(len(people) + 1), Counter[int]()
    with ThreadPoolExecutor(len(people)) as pool:
        working = [pool.submit(work, number) for number in range(len(people))]
        begin.wait()  # until everybody is connected
        started = time.perf_counter()
        for one in working:
            ended.update(one.result())
        return time.perf_counter() - started, ended


def _claimed(pk: int, by: User) -> bool:
    """Whether this claim took it; claiming again what one holds is no claim."""
    handoff = Handoff.objects.get(pk=pk)
    if handoff.claimed_by_id == by.pk:
        return False
    try:
        handoff.claim(by=by, at=NOW)
    except HandoffRefused:
        return False
    return True


def report(leads: int) -> Kept:
    """The SLA report of 12 weeks with exact percentiles, of two years of handoffs, against counting the table."""
    weeks, zone = Period.last_days(84, TODAY), settings.WORKSPACE_ZONE
    whole = timed(lambda: sla_report(offered_in(weeks, zone), now=NOW + timedelta(seconds=1), zone=zone))
    count = timed(lambda: run_sql("SELECT count(*) FROM handoff_handoff"), before=without())
    said = f"{in_seconds(whole)} / {in_seconds(count)}"
    return Kept("P11", f"12-week SLA report of {leads} handoffs in two years, count(*)", said, whole.cpu / count.cpu, 3)
