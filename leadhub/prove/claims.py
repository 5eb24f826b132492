"""Claims over HTTP: a thousand people want one lead, and web workers die while many want many (R8; F21)."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from handoff.models import Handoff
from handoff.models.holding import Holding

from . import scene
from .checks import Finding
from .crew import Crew
from .orders import Orders
from .site import UNKNOWN, Site, signed_in
from .tiers import SCALES, Tier

CONNECTIONS = 50
CLAIMANTS = 20  # of each lead while workers die


@dataclass(frozen=True)
class Try:
    """One line of the history: who wanted which handoff, and what came back."""

    person: int
    handoff: int
    status: int
    said: str


@dataclass
class Claims:
    """One run; `alone` are the tries at one lead, `many` those of twenty at each of many, `torn` those while web workers die."""

    tier: Tier
    rng: random.Random
    orders: Orders
    crew: Crew
    alone: list[Try] = field(default_factory=list)
    many: list[Try] = field(default_factory=list)
    torn: list[Try] = field(default_factory=list)
    seconds: float = 0.0

    def run(self) -> None:
        scene.everybody()
        sellers = signed_in(self.tier.claims)
        self.site = Site(self.crew)
        self.site.open()
        one = scene.offer(1, at=timezone.now())[0].pk
        began = time.monotonic()
        self.alone = self._try_all([(person, cookie, one) for person, cookie in sellers.items()])
        self.seconds = time.monotonic() - began
        some = list(sellers.items())[:CLAIMANTS]
        many = [one.pk for one in scene.offer(SCALES[self.tier.name].torn, at=timezone.now())]
        self.many = self._try_all([(person, cookie, pk) for pk in many for person, cookie in some])
        self._while_workers_die(some)

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
        return Try(person, handoff, *self.site.ask(cookie, f"/handoffs/{handoff}/claim/", post=True))

    # --- What must be true ------------------------------------------------------------------------------------------
    def findings(self) -> list[Finding]:
        self.holders = dict(Handoff.objects.values_list("pk", "claimed_by"))
        self.chain: Counter[tuple[int, int | None]] = Counter(Holding.objects.values_list("handoff", "holder"))
        return [
            Finding("R8", "one lead: one wins, all others are told who, nobody meets an error", self._one_wins()),
            Finding("R8", "many leads, twenty who want each: each has one winner", self._each_has_one()),
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

    def _each_has_one(self) -> list[str]:
        won = Counter(one.handoff for one in self.many if one.status == 200)
        odd = Counter(one.status for one in self.many if one.status not in (200, 409))
        wrong = [pk for pk in {one.handoff for one in self.many} if won[pk] != 1]
        return [f"handoff {pk}: {won[pk]} winners" for pk in wrong] + [f"answers {dict(odd)}"] * bool(odd)

    def _ok_is_ok(self) -> list[str]:
        tries = [*self.alone, *self.many, *self.torn]
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
            "answers to them": ", ".join(
                f"{status}: {n}" for status, n in sorted(Counter(one.status for one in self.alone).items())
            ),
            "seconds for all of them": f"{self.seconds:.1f}",
            "leads that twenty wanted each, winners": f"{len({one.handoff for one in self.many})}, "
            f"{sum(one.status == 200 for one in self.many)}",
            "web workers killed in mid-claim": str(killed),
            "claims meanwhile": ", ".join(f"{status or 'no answer'}: {n}" for status, n in sorted(answers.items())),
        }
