"""Reminders under fire: leads fall due while sweepers, senders, workers and engines die at every point (R1 to R6; F1 to F19)."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import F
from django.utils import timezone

from handoff.models import Handoff
from handoff.tasks import remind
from outbox.models import Mail
from outbox.tasks import deliver

from . import scene
from .crew import Crew
from .orders import WINDOW, Orders, points
from .sink import Sink
from .stand import ENVIRONMENT, Stand
from .tiers import Tier

T = TypeVar("T")
MODES = {"kill": 0.8, "raise": 0.1, "sleep": 0.05, "stop": 0.05}
#: What else breaks and takes no process away, and what may take senders away wherever they are.
NO_PROCESS_DIES = ("flush", "valkey away", "valkey full")
ANYWHERE = ("workers", "brpop", "sweepers", "postgres", "postgres away", "terminate", "stop")
#: Three sweepers and two workers with two children each.
SENDERS = 7
#: Failures that wait to be met at any time.
AT_ONCE = 6
#: More would meet one and the same mail so often that it is given up, as one is whose every sender dies (quality.md R10).
SENDS_AT_ONCE = 3
#: Leads that are offered at once, and how many mails may wait before the next are.
WAVE, BACKLOG = 6, 80
#: A wave of leads falls due within these seconds.
SPAN = (2.0, 5.0)
#: How long a stopped process stays stopped: three leases (F19).
STOPPED_SECONDS = 3 * float(ENVIRONMENT["MAIL_LEASE_SECONDS"])
SETTLE_SECONDS = 120.0


@dataclass
class Proof:
    """One run over one tier; `counts` says what broke how often."""

    stand: Stand
    tier: Tier
    rng: random.Random
    orders: Orders
    sink: Sink
    crew: Crew
    counts: Counter[str] = field(default_factory=Counter)
    due: list[int] = field(default_factory=list)  # handoffs that must be reminded of
    quiet: list[int] = field(default_factory=list)  # followed up before their time
    bystanders: set[int] = field(default_factory=set)  # sessions that are not the crew's
    asked_again: set[int] = field(default_factory=set)  # mails given up while everything died, as a person would
    settled_after: float = 0.0
    seconds: float = 0.0
    points: ClassVar[tuple[str, ...]] = ("remind.", "send.")
    window: ClassVar[set[str]] = WINDOW

    def run(self) -> None:
        """Offer wave after wave and let things fail until the tier has enough of both; then wait until all is done."""
        began = time.monotonic()
        scene.everybody()
        self.bystanders = _sessions()
        self._begin()
        self._under_fire(began + self.tier.seconds)
        self.orders.take_back()
        self._settle()
        self.seconds = time.monotonic() - began

    def _begin(self) -> None:
        """Start whoever works."""
        self.crew.sweepers(3)
        for name in ("worker", "second"):
            self.crew.worker(name)
        if "beat" in self.tier.big:
            for name in ("beat", "other-beat"):
                self.crew.beat(name)

    @property
    def failures(self) -> int:
        """Kills and their like: each took a process away in the middle of something."""
        points = sum(count for (_point, mode), count in self.orders.obeyed().items() if mode != "sleep")
        return points + sum(count for what, count in self.counts.items() if what not in NO_PROCESS_DIES)

    @property
    def in_window(self) -> int:
        """Failures that may have hit between "the server has it" and "we have noted that": each may cost one mail too many."""
        at_points = sum(
            n for (point, mode), n in self.orders.obeyed().items() if point in self.window and mode != "sleep"
        )
        anywhere = sum(self.counts[what] for what in ANYWHERE)
        answers = self.sink.answered["drop"] + self.sink.answered["silent"]
        return at_points + SENDERS * anywhere + answers  # each may take all senders away

    def _under_fire(self, until: float) -> None:
        next_wave = next_big = ring = 0.0
        while (self.failures < self.tier.kills or len(self.due) < self.tier.leads) and time.monotonic() < until:
            now = time.monotonic()
            self.crew.tend()
            self._let_go_on()
            self._keep_ordered()
            if now >= next_wave:
                next_wave = now + 1.5
                self._again(self._wave)
            if now >= next_big:
                next_big = now + self.tier.big_every
                self._break_something_big()
            if now >= ring:
                ring = now + 0.4
                self._ring()
            time.sleep(0.1)

    def _wave(self) -> None:
        """Some leads more, one of six followed up before its time; none while senders that die all the time lag behind."""
        if Mail.objects.waiting().count() > BACKLOG:
            return
        number, now = WAVE, timezone.now()
        for handoff in scene.offer(number, at=now, due=[self.rng.uniform(*SPAN) for _n in range(number)]):
            if (len(self.due) + len(self.quiet)) % scene.QUIET == scene.QUIET - 1:
                scene.follow_up(handoff, at=now)
                if timezone.now() < handoff.due_at:  # in time, however slow the machine
                    self.quiet.append(handoff.pk)
            else:
                self.due.append(handoff.pk)

    def _keep_ordered(self) -> None:
        """A failure waits at some points at any time, at those first that saw the fewest."""
        waiting = [name.split("@")[0] for name in self.orders.waiting()]
        seen = Counter(point for point, _mode in self.orders.obeyed().elements())
        enough = ["send."] * (sum(name.startswith("send.") for name in waiting) >= SENDS_AT_ONCE)
        names = [
            n for n in points() if n.startswith(self.points) and n not in waiting and not n.startswith(tuple(enough))
        ]
        for name in sorted(names, key=lambda one: (seen[one], self.rng.random()))[: max(0, AT_ONCE - len(waiting))]:
            self.orders.give(name, self.rng.choices(list(MODES), list(MODES.values()))[0])

    def _let_go_on(self) -> None:
        """Stopped processes go on after three leases."""
        for pid, at in self.orders.stopped():
            if time.monotonic() - at > STOPPED_SECONDS:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def _ring(self) -> None:
        """Each task three times at once: whoever comes later finds nothing to do (F17)."""
        for task in (remind, deliver) * 3:
            with suppress(Exception):  # nobody hears it while Valkey is away
                task.apply_async(retry=False)

    def _break_something_big(self) -> None:
        if not self.tier.big:
            return
        what = self.tier.big[sum(self.counts.values()) % len(self.tier.big)]
        self.counts[what] += 1
        doing: dict[str, Callable[[], None]] = {
            "flush": self.stand.flush_valkey,
            "valkey": self.stand.kill_valkey,
            "workers": lambda: self.crew.kill(self.rng.choice(["worker", "second"])),
            "brpop": self._lose_a_message,
            "sweepers": lambda: self.crew.kill("sweepers"),
            "no beat": self._do_without_beat,
            "beat": lambda: self.crew.kill(self.rng.choice(["beat", "other-beat"])),
            "postgres": self.stand.power_cut_of_postgres,
            "valkey away": self.stand.do_without_valkey,
            "valkey full": self.stand.fill_valkey,
            "postgres away": self.stand.do_without_postgres,
            "terminate": lambda: self._again(self._terminate_somebody),
            "stop": lambda: self.orders.give("send.accepted", "stop"),
        }
        doing[what]()

    def _do_without_beat(self) -> None:
        """Nobody rings for anything for a while (F5): the sweepers do it all the same."""
        for name in ("beat", "other-beat"):
            self.crew.do_without(name, self.tier.away)

    def _lose_a_message(self) -> None:
        """A worker that waits for messages is handed one, and dies before it notes that (F11): nobody has it then."""
        name = self.rng.choice(["worker", "second"])
        self.crew.freeze(name)
        for _message in range(3):
            self._ring()
        self.crew.kill(name)

    def _again(self, work: Callable[[], T]) -> T:
        """Once more where the database was away for a moment."""
        for _attempt in range(20):
            with suppress(DatabaseError, InterfaceError):
                return work()
            connection.close()
            time.sleep(0.5)
        return work()

    def _settle(self) -> None:
        """Everything is whole again: until nothing is due and nothing waits, or patience is over."""
        began = time.monotonic()
        while time.monotonic() - began < SETTLE_SECONDS:
            self.crew.tend()
            self._let_go_on()
            self._ring()
            if self._again(self._is_done):
                break
            time.sleep(0.3)
        self.settled_after = time.monotonic() - began

    def _is_done(self) -> bool:
        """Minutes between attempts are passed over: the mail server is well again. What was given up is asked for again once."""
        now = timezone.now()
        for mail in Mail.objects.in_state(Mail.State.FAILED).exclude(pk__in=self.asked_again):
            self.asked_again.add(mail.pk)
            mail.try_again(at=now)
        Mail.objects.waiting().filter(lease_until=None, next_try_at__gt=now).update(next_try_at=now)
        ahead = Handoff.objects.filter(pk__in=self.due, remind_at=F("due_at"))
        return not ahead.exists() and not Mail.objects.waiting().exists()

    def _terminate_somebody(self) -> None:
        """End a session of the crew, whatever it is doing (F13)."""
        if pids := _sessions() - self.bystanders:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [self.rng.choice(sorted(pids))])


def _sessions() -> set[int]:
    """The other sessions of this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}
