"""What must be true of letters after a proof, read from the database and the mail server (quality.md R2, I4, I11, I13, I14)."""

from collections import Counter, defaultdict
from datetime import timedelta

from nurture.models import EndReason, Enrolment, Letter, StepEntry, Suppression
from nurture.suppressions import address_hash

from .checks import Finding
from .letters import STEPS, LetterProof
from .orders import LETTER_WINDOW, points
from .report import Section

#: Leaving takes effect within a second (quality.md D7).
EFFECTIVE = timedelta(seconds=1)


class LettersLeft:
    """What a proof of letters left behind."""

    def __init__(self, proof: LetterProof) -> None:
        self.proof, self.taken = proof, proof.sink.taken
        self.letters = list(Letter.objects.select_related("entry__enrolment").order_by("id"))
        self.states = Counter(letter.state for letter in self.letters)

    def findings(self) -> list[Finding]:
        """Every invariant, in order."""
        every = (
            ("R2", "no letter was taken twice, whatever died", self._none_twice()),
            ("I4", "sent = taken, but for doubts; doubts only from failures in the window", self._taken_is_sent()),
            ("I11", "nothing left for an address that was suppressed before", self._none_suppressed()),
            ("I13", "one letter a step, steps in order, none after the program ended for the lead", self._in_order()),
            ("ledger", "each person × step is sent, skipped with a reason, or pending as doubtful", self._accounted()),
            ("I14", "nothing waits any more", self._nothing_stuck()),
            ("points", f"every fault point was passed at least {self.proof.tier.hits} times", self._every_point()),
            ("enough", f"at least {self.proof.tier.kills} failures of processes", self._enough()),
        )
        return [Finding(name, says, faults) for name, says, faults in every]

    def _none_twice(self) -> list[str]:
        return [f"{one}: taken {len(bodies)} times" for one, bodies in self.taken.items() if len(bodies) > 1]

    def _taken_is_sent(self) -> list[str]:
        by_id = {letter.message_id: letter for letter in self.letters}
        faults = [
            f"{one}: sent, and never taken" for one, it in by_id.items() if it.state == "sent" and one not in self.taken
        ]
        faults += [
            f"{one}: taken, and {by_id[one].state}" for one in self.taken if by_id[one].state not in ("sent", "unknown")
        ]
        if self.states["unknown"] > self.proof.in_window:
            faults.append(f"{self.states['unknown']} doubts from {self.proof.in_window} failures in the window")
        return faults

    def _none_suppressed(self) -> list[str]:
        since = dict(Suppression.objects.values_list("address_hash", "at"))
        left = [(one, since.get(address_hash(one.to))) for one in self.letters if one.handed_at]
        return [
            f"letter {one.pk} left {one.handed_at - at} after its address was suppressed"
            for one, at in left
            if at and one.handed_at and one.handed_at > at + EFFECTIVE and one.message_id in self.taken
        ]

    def _in_order(self) -> list[str]:
        ways: dict[int, list[Letter]] = defaultdict(list)
        for letter in self.letters:
            ways[letter.entry.enrolment_id].append(letter)
        faults = []
        for pk, letters in ways.items():
            left = sorted((one for one in letters if one.handed_at), key=lambda one: one.handed_at or one.created_at)
            steps = [one.entry.step for one in left]
            if steps != sorted(set(steps), key=STEPS.index):
                faults.append(f"enrolment {pk}: {steps}")
            way = letters[0].entry.enrolment  # whose last letter may leave after its last step
            ended = way.end_reason != EndReason.EXHAUSTED and way.ended_at
            faults += [f"letter {one.pk} left after its program ended" for one in left if ended and _after(one, ended)]
        return faults

    def _accounted(self) -> list[str]:
        wrong = []
        for entry in StepEntry.objects.filter(kind="email").select_related("letter"):
            state = entry.letter.state if entry.letter else ""
            said = {"sent": state == "sent", "skipped": bool(entry.reason), "pending": entry.is_doubtful}
            if not said.get(entry.outcome, False):
                wrong.append(f"entry {entry.pk}: {entry.outcome} {entry.reason}, its letter {state}")
        doubled = Counter((one.entry.enrolment_id, one.entry.step) for one in self.letters)
        return wrong + [f"{place}: {count} letters" for place, count in doubled.items() if count > 1]

    def _nothing_stuck(self) -> list[str]:
        waiting = Letter.objects.unsettled().count()
        on_the_way = Enrolment.objects.filter(state="active").count()
        return [f"{waiting} letters and {on_the_way} people wait"] if waiting or on_the_way else []

    def _every_point(self) -> list[str]:
        passed = self.proof.orders.passed()
        names = [name for name in points() if name.startswith(self.proof.points)]
        return [f"{name}: {passed[name]} times" for name in names if passed[name] < self.proof.tier.hits]

    def _enough(self) -> list[str]:
        return [f"{self.proof.failures} failures only"] if self.proof.failures < self.proof.tier.kills else []

    def section(self) -> Section:
        """The figures and the findings."""
        proof, obeyed = self.proof, self.proof.orders.obeyed()
        modes = sorted({mode for _point, mode in obeyed})
        in_window = sum(n for (point, mode), n in obeyed.items() if point in LETTER_WINDOW and mode != "sleep")
        figures = {
            "people on the program / who left it on the way": f"{len(proof.due)} / {len(proof.gone)}",
            "failures in all": str(proof.failures),
            "at fault points": ", ".join(
                f"{mode} {sum(n for (_p, m), n in obeyed.items() if m == mode)}" for mode in modes
            ),
            "between “handed” and the answer noted": str(in_window),
            "besides": ", ".join(f"{what} {count}" for what, count in sorted(proof.counts.items())) or "nothing",
            "letters": ", ".join(f"{state} {count}" for state, count in sorted(self.states.items())),
            "taken by the mail server / too many": f"{sum(map(len, self.taken.values()))} / {proof.sink.duplicates}",
            "the mail server answered": ", ".join(f"{mood} {n}" for mood, n in sorted(proof.sink.answered.items())),
            "seconds under fire and after / until all was done": f"{proof.seconds:.0f} / {proof.settled_after:.0f}",
        }
        return Section("Letters under fire", figures, self.findings())


def _after(letter: Letter, ended: object) -> bool:
    return bool(letter.handed_at and letter.handed_at > ended + EFFECTIVE)  # type: ignore[operator]
