"""Mails to a server that answers in every way, rows that kill who takes them, and senders that are stopped (R9, R10, R11; F15, F19, F25)."""

import os
import random
import signal
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils import timezone

from outbox import mails
from outbox.delivery import RETRY_MINUTES
from outbox.models import Mail, MailQuerySet

from .checks import Finding
from .crew import Crew
from .orders import Orders
from .report import Section
from .sink import Sink
from .tiers import Scale

#: So short that nobody waits for minutes; a round ends before its lease does.
SHORT = {"SWEEP_SECONDS": "0", "MAIL_LEASE_SECONDS": "4", "MAIL_ROUND_SECONDS": "1.5", "EMAIL_TIMEOUT": "2"}
LEASE = float(SHORT["MAIL_LEASE_SECONDS"])
SENDERS = 6
#: Way to answer → how often, before the server is well again; what becomes of the mail, after how many attempts, taken how often.
WAYS = {
    "ok": (0, "sent", 1, 1),
    "421": (99, "failed", 6, 0),
    "451": (99, "failed", 6, 0),
    "550": (1, "failed", 1, 0),
    "refuse": (99, "failed", 1, 0),
    "before": (1, "sent", 2, 1),
    "silent": (1, "sent", 2, 2),
    "drop": (1, "sent", 2, 2),
    "slow": (1, "sent", 2, 1),
}
STOP_POINTS = ("send.leased", "send.connected", "send.accepted")
PATIENCE_SECONDS = 900.0
NOT_HELD_UP = 60.0
DEATHS = 5


@dataclass
class Mails:
    """One run: first every way to answer and the rows that kill, then the stopped senders."""

    scale: Scale
    rng: random.Random
    orders: Orders
    sink: Sink
    crew: Crew
    waits: dict[tuple[int, int], float] = field(default_factory=dict)  # mail, attempt → minutes until the next
    stopped: int = 0
    began: datetime = field(default_factory=timezone.now)
    seconds: float = 0.0

    def run(self) -> None:
        os.environ |= SHORT
        began = time.monotonic()
        _watch()
        self.crew.sweepers(SENDERS)
        self._decide("way", {f"mode-{way}-{times}-" if way != "refuse" else "nosuch-": self.scale.per_mode
                             for way, (times, *_rest) in WAYS.items()})  # fmt: skip
        self._until_done()
        self._decide("kills", {"poison-": self.scale.poison, "mode-ok-0-beside-": self.scale.poison * 99})
        self._until_done()
        self._stop_senders()
        self._until_done()
        self.seconds = time.monotonic() - began

    def _decide(self, key: str, many: dict[str, int]) -> None:
        places = [f"{prefix}{number}" for prefix, number_of in many.items() for number in range(number_of)]
        self.rng.shuffle(places)
        for place in places:
            mails.decide_outside(f"{place}@prove.example", subject=place, body=f"To {place}.",
                                 key=f"prove:{key}:{place}", at=timezone.now())  # fmt: skip

    def _until_done(self) -> None:
        """Minutes between attempts are passed over."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while self._waiting().exists() and time.monotonic() < ends:
            self._look()
            time.sleep(0.05)

    @staticmethod
    def _waiting() -> MailQuerySet:
        """Of these: other areas may have left mails that wait for their hour."""
        return Mail.objects.waiting().filter(dedupe_key__startswith="prove:")

    def _look(self) -> None:
        self.crew.tend()
        for pid, at in self.orders.stopped():
            if time.monotonic() - at > 3 * LEASE:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        now = timezone.now()
        self._waiting().filter(lease_until=None, next_try_at__gt=now).update(next_try_at=now)

    def _stop_senders(self) -> None:
        """One after the other is stopped for three leases with a mail in its hands, which another sends meanwhile."""
        for number in range(self.scale.stops):
            self._decide(f"stop{number}", {f"mode-ok-0-stop{number}-": 3})
            self.orders.give(STOP_POINTS[number % len(STOP_POINTS)], "stop")
            ends = time.monotonic() + 6 * LEASE
            while self.orders.waiting() and time.monotonic() < ends:
                self._look()
                if not self._waiting().exists():
                    self._decide(f"more{number}{time.monotonic()}", {f"mode-ok-0-more{number}-": 1})
                time.sleep(0.05)
        ends = time.monotonic() + 3 * LEASE + 2
        while time.monotonic() < ends:  # the last go on, and do what they do
            self._look()
            time.sleep(0.1)
        self.stopped = sum(n for (_point, mode), n in self.orders.obeyed().items() if mode == "stop")

    # --- What must be true ------------------------------------------------------------------------------------------
    def section(self) -> Section:
        self.all = list(Mail.objects.filter(dedupe_key__startswith="prove:"))
        self.waits = _waits()
        figures = {
            "mails of each way to answer, ways": f"{self.scale.per_mode}, {len(WAYS)}",
            "the mail server was asked for": ", ".join(f"{mood} {n}" for mood, n in sorted(self.sink.answered.items())),
            "minutes until the next attempt, from to": ", ".join(self._spread_of(n) for n in range(1, 6)),
            "rows that killed, senders killed": f"{self.scale.poison}, {sum(self.sink.killed.values())}",
            "mails beside them, the last after seconds": f"{self.scale.poison * 99}, {self._slowest_beside():.1f}",
            "senders stopped for three leases": str(self.stopped),
            "seconds": f"{self.seconds:.0f}",
        }
        return Section("Mails in every way", figures, self._findings())

    def _findings(self) -> list[Finding]:
        return [
            Finding("R11", "each way to answer ends as it must, after as many attempts", self._ways()),
            Finding("R11", "tried again after 1, 5, 15, 60 and 240 minutes, 20 % more or less", self._minutes()),
            Finding("R10", f"who kills is given up after {DEATHS} deaths, and seen; nobody else waits", self._poison()),
            Finding("R9", "a row is changed only by the sender of its latest attempt", _by_others()),
            Finding("F19", f"{self.scale.stops} senders were stopped",
                    [f"{self.stopped} only"] if self.stopped < self.scale.stops else []),
            Finding("I14", "nothing waits any more", [f"{mail}: waits" for mail in self.all if mail.state == "waiting"]),
        ]  # fmt: skip

    def _of(self, key: str) -> list[Mail]:
        return [mail for mail in self.all if mail.dedupe_key.startswith(f"prove:{key}:")]

    def _ways(self) -> list[str]:
        wrong = []
        for mail in self._of("way"):
            way = "refuse" if mail.to.startswith("nosuch") else mail.to.split("-")[1]
            _times, state, attempts, taken = WAYS[way]
            is_now = (mail.state, mail.attempt, len(self.sink.taken.get(mail.message_id, [])))
            if is_now != (state, attempts, taken):
                wrong.append(f"{mail.to}: {is_now} instead of {(state, attempts, taken)}")
        return wrong

    def _minutes(self) -> list[str]:
        limits = {n: (0.8 * minutes - 0.05, 1.2 * minutes + 0.01) for n, minutes in enumerate(RETRY_MINUTES, 1)}
        chosen = {mail.pk for mail in self._of("way")}
        return [
            f"mail {pk}: {wait:.1f} minutes after attempt {attempt}"
            for (pk, attempt), wait in self.waits.items()
            if pk in chosen and not limits[attempt][0] <= wait <= limits[attempt][1]
        ]

    def _spread_of(self, attempt: int) -> str:
        waits = [wait for (_pk, number), wait in self.waits.items() if number == attempt]
        return f"{min(waits):.1f} to {max(waits):.1f}" if waits else "none"

    def _slowest_beside(self) -> float:
        names = {mail.message_id: mail.created_at for mail in self._of("kills") if not mail.to.startswith("poison")}
        late = [self.sink.first_at[name] - at.timestamp() for name, at in names.items() if name in self.sink.first_at]
        return max(late, default=0.0)

    def _poison(self) -> list[str]:
        rows = [mail for mail in self._of("kills") if mail.to.startswith("poison")]
        wrong = [f"{one.to}: {one.state} after {one.attempt}, {one.problem}" for one in rows
                 if (one.state, one.attempt, bool(one.problem)) != ("failed", DEATHS, True)]  # fmt: skip
        noted = Counter(pk for pk, _attempt in self.waits)  # a sender may also lose patience before it is killed
        few = [f"{one.to}: killed {self.sink.killed[one.to]}, failed {noted[one.pk]}" for one in rows
               if self.sink.killed[one.to] + noted[one.pk] != DEATHS]  # fmt: skip
        return wrong + few + ["others waited"] * (self._slowest_beside() > NOT_HELD_UP)


def _watch() -> None:
    """Note by which session each attempt was taken, and by which it was settled."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCH)


def _waits() -> dict[tuple[int, int], float]:
    """From the moment an attempt was noted as failed for now until the next, as the database had it then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mail, attempt, extract(epoch FROM again - at)::float / 60 FROM prove_sends WHERE what = 'waiting'"
        )
        return {(mail, attempt): minutes for mail, attempt, minutes in cursor.fetchall()}


def _by_others() -> list[str]:
    """Attempts that were settled by another session than the one that took them (R9)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mail, attempt, what, session FROM prove_sends ORDER BY at")
        rows = cursor.fetchall()
    takers: dict[tuple[int, int], int] = {}
    settled: Counter[int] = Counter()
    wrong = defaultdict(list)
    for mail, attempt, what, session in rows:
        if what == "taken":
            takers[mail, attempt] = session
        else:
            settled[mail] += what == "sent"
            if takers.get((mail, attempt)) != session:
                wrong[mail].append(f"mail {mail}: attempt {attempt} settled by a stranger")
    return [line for lines in wrong.values() for line in lines] + [
        f"mail {mail}: noted as sent {n} times" for mail, n in settled.items() if n > 1
    ]


_WATCH = """
CREATE TABLE IF NOT EXISTS prove_sends (
    at timestamptz DEFAULT clock_timestamp(), mail bigint, attempt int, what text, session int DEFAULT pg_backend_pid(),
    again timestamptz
);
CREATE OR REPLACE FUNCTION prove_note_send() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.attempt > OLD.attempt THEN
        INSERT INTO prove_sends (mail, attempt, what) VALUES (NEW.id, NEW.attempt, 'taken');
    ELSIF OLD.lease_until IS NOT NULL AND NEW.lease_until IS NULL
        AND NOT (NEW.state = 'failed' AND OLD.lease_until <= clock_timestamp()) THEN
        INSERT INTO prove_sends (mail, attempt, what, again) VALUES (NEW.id, OLD.attempt, NEW.state, NEW.next_try_at);
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS prove_note_send ON outbox_mail;
CREATE TRIGGER prove_note_send AFTER UPDATE ON outbox_mail FOR EACH ROW EXECUTE FUNCTION prove_note_send();
"""
