"""Claims over HTTP: a thousand people want one lead, and web workers die while many want many (R8; F21)."""

import random
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from handoff.models import Handoff
from handoff.models.holding import Holding

from . import scene
from .checks import Finding
from .crew import Crew
from .orders import Orders
from .tiers import Tier

CONNECTIONS = 50
CLAIMANTS = 20  # of each lead while workers die
TOKEN = "p" * 32
READY_SECONDS = 60.0
#: Nobody knows what became of it: the connection broke before an answer came.
UNKNOWN = 0


@dataclass(frozen=True)
class Try:
    """One line of the history: who wanted which handoff, and what came back."""

    person: int
    handoff: int
    status: int
    said: str


@dataclass
class Claims:
    """One run; `alone` are the tries at one lead, `torn` those while web workers die."""

    tier: Tier
    rng: random.Random
    orders: Orders
    crew: Crew
    port: int = 0
    alone: list[Try] = field(default_factory=list)
    torn: list[Try] = field(default_factory=list)
    seconds: float = 0.0

    def run(self) -> None:
        scene.everybody()
        sellers = _signed_in(self.tier.claims)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.crew.web(self.port)
        self._wait_until_healthy()
        one = scene.offer(1, at=timezone.now())[0].pk
        began = time.monotonic()
        self.alone = self._try_all([(person, cookie, one) for person, cookie in sellers.items()])
        self.seconds = time.monotonic() - began
        self._while_workers_die(list(sellers.items())[:CLAIMANTS])

    def _while_workers_die(self, sellers: list[tuple[int, str]]) -> None:
        """As many leads as workers shall die, each wanted by twenty; a worker dies before or after the commit of each."""
        for number, handoff in enumerate(scene.offer(self.tier.web_kills, at=timezone.now())):
            self.orders.give("verb.committed" if number % 2 else "verb.before_commit", "kill")
            wanted = [(person, cookie, handoff.pk) for person, cookie in sellers]
            self.rng.shuffle(wanted)
            self.torn += self._try_all(wanted)
            for _attempt in range(3):  # people press again when nothing came back
                unknown = [one for one in wanted if self._outcome(one[0], one[2]) == {UNKNOWN}]
                self.torn += self._try_all(unknown)

    def _outcome(self, person: int, handoff: int) -> set[int]:
        return {one.status for one in self.torn if (one.person, one.handoff) == (person, handoff)}

    def _try_all(self, wanted: list[tuple[int, str, int]]) -> list[Try]:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return list(pool.map(lambda one: self._try(*one), wanted))

    def _try(self, person: int, cookie: str, handoff: int) -> Try:
        """Press "Claim" as that person's browser does."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        names = f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        try:
            line.request(
                "POST", f"/handoffs/{handoff}/claim/", headers={"Cookie": names, "X-CSRFToken": TOKEN, "HX-Request": "true"}
            )  # fmt: skip
            answer = line.getresponse()
            return Try(person, handoff, answer.status, answer.read().decode(errors="replace"))
        except (OSError, HTTPException):
            return Try(person, handoff, UNKNOWN, "")
        finally:
            line.close()

    def _wait_until_healthy(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends:
            line = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                line.request("GET", "/healthz")
                line.getresponse().read()
            except (OSError, HTTPException):
                time.sleep(0.2)
            else:
                return
            finally:
                line.close()
        raise TimeoutError(self.crew.said("web"))

    # --- What must be true ------------------------------------------------------------------------------------------
    def findings(self) -> list[Finding]:
        self.holders = dict(Handoff.objects.values_list("pk", "claimed_by"))
        self.chain: Counter[tuple[int, int | None]] = Counter(Holding.objects.values_list("handoff", "holder"))
        return [
            Finding("R8", "one lead: one wins, all others are told who, nobody meets an error", self._one_wins()),
            Finding(
                "I7",
                "each claim that was answered is a claim in the chain of owners, and no lead has two",
                self._ok_is_ok(),
            ),
            Finding("F21", "workers that die cost connections, never a claim", self._everybody_was_answered()),
        ]

    def _one_wins(self) -> list[str]:
        told = Counter(one.status for one in self.alone)
        faults = [] if told == {200: 1, 409: len(self.alone) - 1} else [f"answers: {dict(told)}"]
        winner = next((one.person for one in self.alone if one.status == 200), 0)
        name = User.objects.filter(pk=winner).values_list("name", flat=True).first() or "nobody"
        silent = sum(name not in one.said for one in self.alone if one.status == 409)
        return [*faults, *([f"{silent} refusals do not name {name}"] if silent else [])]

    def _ok_is_ok(self) -> list[str]:
        tries = [*self.alone, *self.torn]
        faults = [
            f"{one}: answered, but not the holder"
            for one in tries
            if one.status == 200 and self.holders[one.handoff] != one.person
        ]
        twice = Counter(handoff for handoff, _holder in self.chain.elements())
        return faults + [f"handoff {pk}: held {n} times" for pk, n in twice.items() if n != 1]

    def _everybody_was_answered(self) -> list[str]:
        errors = Counter(one.status for one in [*self.alone, *self.torn] if one.status >= 500)
        free = [pk for pk in {one.handoff for one in self.torn} if self.holders[pk] is None]
        return [f"{dict(errors)}"] * bool(errors) + [f"handoff {pk}: nobody has it" for pk in free]

    def figures(self) -> dict[str, str]:
        answers = Counter(one.status for one in self.torn)
        killed = sum(
            n for (point, mode), n in self.orders.obeyed().items() if point.startswith("verb.") and mode == "kill"
        )
        return {
            "claims of one lead, connections": f"{len(self.alone)}, {CONNECTIONS}",
            "seconds for all of them": f"{self.seconds:.1f}",
            "web workers killed in mid-claim": str(killed),
            "claims meanwhile": ", ".join(f"{status or 'no answer'}: {n}" for status, n in sorted(answers.items())),
        }


def _signed_in(number: int) -> dict[int, str]:
    """So many reps who are signed in: the key of each one's session."""
    people = scene.sellers(number)
    backend, expires = settings.AUTHENTICATION_BACKENDS[-1], timezone.now() + timedelta(hours=1)
    sessions = {person.pk: f"prove{person.pk:027d}" for person in people}
    rows = [
        Session(
            session_key=sessions[person.pk], expire_date=expires,
            session_data=SessionStore().encode(
                {SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: person.get_session_auth_hash()}
            ),
        )
        for person in people
    ]  # fmt: skip
    Session.objects.bulk_create(rows, ignore_conflicts=True)
    return sessions
