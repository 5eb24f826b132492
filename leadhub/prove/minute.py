"""A thousand leads fall due within one minute, while everything runs as it does anywhere: how late is each told? (R3)"""

import os
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles

from django.db import transaction
from django.utils import timezone

from handoff import telling
from handoff.models import Handoff, Reminder
from leads.models import Lead
from outbox.models import Mail, Notice

from . import scene
from .checks import Finding
from .crew import Crew
from .report import Section
from .sink import Sink

#: As anywhere: nothing is shortened here.
PLAIN = {"SWEEP_SECONDS": "30", "MAIL_LEASE_SECONDS": "300", "MAIL_ROUND_SECONDS": "20", "EMAIL_TIMEOUT": "30"}
MINUTE, HEAD_START = 60.0, 10.0
PATIENCE_SECONDS = 200.0
TOLD, TOLD_P99, MAILED = 60.0, 45.0, 90.0


@dataclass
class Minute:
    """One run; times by the wall clock, as a person beside the machine would note them."""

    number: int
    rng: random.Random
    sink: Sink
    crew: Crew
    due: dict[str, datetime] = field(default_factory=dict)  # page of the handoff → its moment
    seen: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        os.environ |= PLAIN
        self.crew.sweepers(1)
        self.crew.worker("worker")
        self.crew.beat("beat")
        self._make_due()
        ends = time.monotonic() + HEAD_START + MINUTE + PATIENCE_SECONDS
        while time.monotonic() < ends and not self._all_is_done():
            unseen = [url for url in self.due if url not in self.seen]  # by page, as ids become visible in any order
            for url in Notice.objects.filter(kind="due", url__in=unseen).values_list("url", flat=True):
                self.seen.setdefault(url, time.time())
            time.sleep(0.5)

    def _all_is_done(self) -> bool:
        """Of these: other areas may have left mails that wait for their hour."""
        theirs = Mail.objects.waiting().filter(notices__kind="due", notices__url__in=list(self.due))
        return self.seen.keys() >= self.due.keys() and not theirs.exists()

    @transaction.atomic
    def _make_due(self) -> None:
        """Each is another seller's, so that each is another mail."""
        handoffs = scene.offer(self.number, at=timezone.now())
        sellers = scene.sellers(self.number)
        starts = timezone.now() + timedelta(seconds=HEAD_START)
        for handoff, seller in zip(handoffs, sellers, strict=True):
            moment = starts + timedelta(seconds=self.rng.uniform(0, MINUTE))
            facts = {"claimed_by": seller, "claimed_at": starts, "due_at": moment, "remind_at": moment}
            Handoff.objects.filter(pk=handoff.pk).update(**facts)
            Lead.objects.filter(pk=handoff.lead_id).update(owner=seller)
            self.due[telling.page_of(handoff)] = moment

    # --- What must be true ------------------------------------------------------------------------------------------
    def told_after(self) -> list[float]:
        """Seconds from due until somebody could see it, each; in order."""
        return sorted(at - self.due[url].timestamp() for url, at in self.seen.items() if url in self.due)

    def mailed_after(self) -> list[float]:
        """Seconds from due until the mail server had it; a mail that never came is missing."""
        names = Notice.objects.filter(kind="due", url__in=self.due).values_list("url", "mail__message_id")
        arrived = {url: self.sink.first_at.get(name or "") for url, name in names}
        return sorted(at - self.due[url].timestamp() for url, at in arrived.items() if at)

    def section(self) -> Section:
        told, mailed = self.told_after(), self.mailed_after()
        figures = {
            "leads due within one minute": str(self.number),
            "seconds from due to told, p50 / p99 / most": _spread(told),
            "seconds from due to the mail server, p50 / p99 / most": _spread(mailed),
        }
        return Section("A thousand in a minute", figures, self._findings(told, mailed))

    def _findings(self, told: list[float], mailed: list[float]) -> list[Finding]:
        late = [f"{url}: never told" for url in self.due if url not in self.seen]
        late += [f"one was told after {after:.1f} s" for after in told if after > TOLD]
        if told and _cut(told, 98) > TOLD_P99:
            late.append(f"p99 is {_cut(told, 98):.1f} s")
        slow = [f"one came after {after:.1f} s" for after in mailed if after > MAILED]
        slow += [f"{len(self.due) - len(mailed)} never came"] * (len(mailed) < len(self.due))
        early = [f"one was told {-after:.1f} s early" for after in told if after < 0]
        once = Reminder.objects.filter(kind="due", handoff__in=[int(url.split("/")[2]) for url in self.due]).count()
        notices = Notice.objects.filter(kind="due", url__in=self.due).count()
        return [
            Finding("R3", f"told within {TOLD:.0f} s of being due, 99 of 100 within {TOLD_P99:.0f}", late),
            Finding("R3", f"the mail server has each mail within {MAILED:.0f} s", slow),
            Finding("I1, I2", "one reminder and one notice each", []
                    if once == notices == self.number else [f"{once} reminders, {notices} notices"]),
            Finding("I5", "nobody is reminded early", early),
        ]  # fmt: skip


def _cut(some: list[float], hundredth: int) -> float:
    return quantiles(some, n=100, method="inclusive")[hundredth] if len(some) > 1 else some[0]


def _spread(some: list[float]) -> str:
    return f"{_cut(some, 49):.1f} / {_cut(some, 98):.1f} / {some[-1]:.1f}" if some else "none"
