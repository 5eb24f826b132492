"""What must be true after a proof, read from the database, the mail server and the history (quality.md §3.3)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from django.db.models import Max

from handoff import telling
from handoff.models import Handoff, Reminder
from leadhub.prove.handoffs import Proof
from outbox.models import Mail, Notice

from .orders import points


@dataclass(frozen=True)
class Finding:
    """One invariant: what it says, and what speaks against it; nothing where it holds."""

    name: str
    says: str
    faults: list[str]


@dataclass
class Left:
    """What a proof of reminders left in the database."""

    proof: Proof

    def __post_init__(self) -> None:
        proof = self.proof
        known = Handoff.objects.in_bulk([*proof.due, *proof.quiet])
        self.due = {telling.page_of(known[pk]): known[pk] for pk in proof.due}
        self.quiet = {telling.page_of(known[pk]): known[pk] for pk in proof.quiet}
        self.reminders = Counter(Reminder.objects.filter(kind="due").values_list("handoff", "due_at"))
        self.notices: Counter[tuple[str, int]] = Counter()
        self.told_at: dict[str, datetime] = {}
        for url, recipient, at in Notice.objects.filter(kind="due").values_list("url", "recipient", "created_at"):
            self.notices[url, recipient] += 1
            self.told_at[url] = max(at, self.told_at.get(url, at))
        self.mails = list(Mail.objects.all())

    def findings(self) -> list[Finding]:
        """Every invariant, in order."""
        checks: list[tuple[str, str, Callable[[], list[str]]]] = [
            ("I1", "each lead that fell due has exactly one reminder", self._one_reminder),
            ("I2", "exactly one notice for each person told", self._one_notice),
            ("I3", "every mail has left; no lease is left", self._every_mail_is_settled),
            (
                "I4",
                "sent mails = mails taken; too many only from failures in the window; same words",
                self._mails_taken,
            ),
            ("I5", "nobody is reminded early", self._nothing_early),
            ("I6", "nobody is reminded of what was followed up in time", self._nothing_needless),
            ("I8", "everything acknowledged is in the database", self._nothing_lost),
            ("I14", "nothing waits any more", self._nothing_stuck),
            ("points", f"every fault point was passed at least {self.proof.tier.hits} times", self._every_point),
        ]
        checks.append(("enough", f"at least {self.proof.tier.kills} failures of processes", self._enough))
        return [Finding(name, says, check()) for name, says, check in checks]

    def _one_reminder(self) -> list[str]:
        found = {one.pk: self.reminders[one.pk, one.due_at] for one in self.due.values()}
        return [f"handoff {pk}: {count} reminders" for pk, count in found.items() if count != 1]

    def _one_notice(self) -> list[str]:
        told = {url for url, _person in self.notices}
        many = [f"{url}: person {who} told {n} times" for (url, who), n in self.notices.items() if n != 1]
        return many + [f"{url}: nobody was told" for url in self.due if url not in told]

    def _every_mail_is_settled(self) -> list[str]:
        wrong = [mail for mail in self.mails if mail.state != Mail.State.SENT or mail.lease_until]
        return [f"mail {mail.pk}: {mail.state} {mail.problem}" for mail in wrong]

    def _mails_taken(self) -> list[str]:
        sent, taken = {mail.message_id for mail in self.mails if mail.sent_at}, self.proof.sink.taken
        faults = [f"{one}: sent, and never taken" for one in sent - taken.keys()]
        faults += [f"{one}: taken with different words" for one, bodies in taken.items() if len(set(bodies)) > 1]
        if self.proof.sink.duplicates > self.proof.in_window:
            faults.append(
                f"{self.proof.sink.duplicates} mails too many from {self.proof.in_window} failures in the window"
            )
        return faults

    def _nothing_early(self) -> list[str]:
        return [
            f"{url}: told {self.due[url].due_at - at} early"
            for url, at in self.told_at.items()
            if url in self.due and at < self.due[url].due_at
        ]

    def _nothing_needless(self) -> list[str]:
        return [f"{url}: told although followed up" for url, _person in self.notices if url in self.quiet]

    def _nothing_lost(self) -> list[str]:
        return [f"{url}: the follow-up is lost" for url, one in self.quiet.items() if one.first_follow_up_at is None]

    def _nothing_stuck(self) -> list[str]:
        waiting = Mail.objects.waiting().count()
        last = Handoff.objects.filter(pk__in=self.proof.due).aggregate(last=Max("due_at"))["last"]
        due = Handoff.objects.filter(pk__in=self.proof.due, remind_at__lte=last).count() if last else 0
        return [f"{waiting} mails and {due} handoffs wait"] if waiting or due else []

    def _every_point(self) -> list[str]:
        passed = self.proof.orders.passed()
        names = [name for name in points() if name.startswith(("remind.", "send."))]
        return [f"{name}: {passed[name]} times" for name in names if passed[name] < self.proof.tier.hits]

    def _enough(self) -> list[str]:
        failures = self.proof.failures
        return [f"{failures} failures only"] if failures < self.proof.tier.kills else []

    def lateness(self) -> tuple[float, float, float]:
        """Seconds from due to told: median, the 99th of a hundred, the most."""
        late = sorted(
            (at - self.due[url].due_at).total_seconds() for url, at in self.told_at.items() if url in self.due
        )
        if len(late) < 2:
            return (0.0, 0.0, 0.0)
        cuts = quantiles(late, n=100)
        return cuts[49], cuts[98], late[-1]
