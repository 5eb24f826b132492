"""People at work while Valkey is away or full, and while PostgreSQL is cut off again and again (R4, R5; F9, F10, F12)."""

import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from handoff import telling
from handoff.models import Handoff
from outbox.models import Notice

from . import scene
from .checks import Finding
from .crew import Crew
from .minute import PLAIN, TOLD
from .report import Section
from .site import UNKNOWN, Site, signed_in
from .stand import Stand
from .tiers import Scale

USERS = 20
PAGES = ("/inbox/", "/leads/", "/handoffs/{pk}/", "/handoffs/{pk}/claim/")
THINKS = (0.4, 1.6)  # seconds between what one person does and the next
DUE = 20
HEALTHY = 10.0
BETWEEN = 4.0


@dataclass(frozen=True)
class Asked:
    """One line of the history."""

    phase: str
    person: int
    path: str
    status: int


@dataclass
class Outages:
    """One run: Valkey away, then full, then power cuts of PostgreSQL; all the while twenty people work."""

    scale: Scale
    rng: random.Random
    stand: Stand
    crew: Crew
    phase: str = "before"
    history: list[Asked] = field(default_factory=list)
    offers: list[int] = field(default_factory=list)
    due: dict[str, float] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    back_after: list[float] = field(default_factory=list)
    pids: tuple[dict[str, int], dict[str, int]] = ({}, {})  # who lived before, and after all of it
    _ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        os.environ |= PLAIN
        scene.everybody()
        people = signed_in(USERS)
        self.offers = [one.pk for one in scene.offer(60 + 40 * self.scale.cuts, at=timezone.now())]
        self.site = Site(self.crew)
        self.site.open()
        self.crew.sweeper()
        self.crew.worker("worker")
        self.crew.beat("beat")
        before = self.crew.pids()
        users = [threading.Thread(target=self._work, args=[*one]) for one in people.items()]
        for user in users:
            user.start()
        try:
            self._without_valkey()
            self._cuts()
            self.pids = before, self.crew.pids()
        finally:
            self._ended.set()
            for user in users:
                user.join()

    def _work(self, person: int, cookie: str) -> None:
        """One person: opens a list, a lead, claims, and so on."""
        rng = random.Random(person)  # noqa: S311 - shared out, not secret
        while not self._ended.is_set():
            path = rng.choice(PAGES).format(pk=rng.choice(self.offers))
            phase, cuts = self.phase, len(self.back_after)
            status, _words = self.site.ask(cookie, path, post=path.endswith("claim/"), seconds=30)
            if phase == "between" and (self.phase, len(self.back_after)) != (phase, cuts):
                phase = "postgres"  # the power went while it was under way
            self.history.append(Asked(phase, person, path, status))
            self._ended.wait(rng.uniform(*THINKS))

    def _without_valkey(self) -> None:
        """Leads fall due meanwhile; they are told all the same."""
        for handoff in scene.offer(
            DUE, at=timezone.now(), due=[self.rng.uniform(3, self.scale.away) for _n in range(DUE)]
        ):
            self.due[telling.page_of(handoff)] = handoff.due_at.timestamp()
        self.phase = "valkey"
        if self.stand.valkey:
            self.stand.valkey.stop()
        self._watch_told(self.scale.away)
        if self.stand.valkey:
            self.stand.valkey.start()
        self.stand.fill_valkey()
        self._watch_told(TOLD)
        self.phase = "between"

    def _watch_told(self, seconds: float) -> None:
        """So long, or until all are told once Valkey is back."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and (seconds == self.scale.away or len(self.told) < len(self.due)):
            for url in Notice.objects.filter(kind="due", url__in=self.due).values_list("url", flat=True):
                self.told.setdefault(url, time.time())
            time.sleep(0.5)

    def _cuts(self) -> None:
        for _number in range(self.scale.cuts):
            time.sleep(BETWEEN)
            self.phase = "postgres"
            self.stand.power_cut_of_postgres()
            began = time.monotonic()
            while self.site.ask("", "/healthz", seconds=5)[0] != 200 and time.monotonic() - began < 5 * HEALTHY:
                time.sleep(0.1)
            self.back_after.append(time.monotonic() - began)
            self.phase = "between"
        time.sleep(BETWEEN)
        connection.close()

    # --- What must be true ------------------------------------------------------------------------------------------
    def section(self) -> Section:
        late = [self.told[url] - at for url, at in self.due.items() if url in self.told]
        figures = {
            "people at work, seconds without Valkey, power cuts": f"{USERS}, {self.scale.away:.0f}, {self.scale.cuts}",
            "answers while Valkey is away and full": self._answers("valkey"),
            "answers while PostgreSQL is cut off / between": f"{self._answers('postgres')} / {self._answers('between')}",
            "processes before, and of these still there after all of it": f"{len(self.pids[0])}, {self._living()}",
            "told without Valkey, most seconds after due": f"{len(late)} of {len(self.due)}, {max(late, default=0):.1f}",
            "seconds until well again after a cut, most": f"{max(self.back_after, default=0):.1f}",
            "claims that were answered": str(len(self._won())),
        }
        return Section("Work during outages", figures, self._findings(late))

    def _answers(self, phase: str) -> str:
        found = Counter(one.status for one in self.history if one.phase == phase)
        return ", ".join(f"{status or 'none'} {n}" for status, n in sorted(found.items())) or "nothing"

    def _won(self) -> list[Asked]:
        return [one for one in self.history if one.path.endswith("claim/") and one.status == 200]

    def _living(self) -> int:
        return len(self.pids[0].items() & self.pids[1].items())

    def _findings(self, late: list[float]) -> list[Finding]:
        before, after = self.pids
        bad = [one for one in self.history if one.phase == "valkey" and (one.status >= 500 or one.status == UNKNOWN)]
        missed = [f"told {seconds:.0f} s after due" for seconds in late if seconds > TOLD]
        missed += ["somebody was not told"] * (len(late) < len(self.due))
        holders = dict(Handoff.objects.filter(pk__in=self.offers).values_list("pk", "claimed_by"))
        lost = [f"{one}: lost" for one in self._won() if holders[int(one.path.split("/")[2])] != one.person]
        slow = [f"well again after {seconds:.1f} s" for seconds in self.back_after if seconds > HEALTHY]
        dead = [f"{name} is not there any more" for name, pid in before.items() if after.get(name) != pid]
        return [
            Finding("R4", "without Valkey no page fails", [str(one) for one in bad]),
            Finding("R4", f"without Valkey everybody is told within {TOLD:.0f} s of being due", missed),
            Finding("R5, I8", "each claim that was answered is in the database after the power cuts", lost),
            Finding(
                "R5",
                f"the web is well within {HEALTHY:.0f} s of PostgreSQL, and every process is the one it was",
                slow + dead,
            ),
        ]
