"""Letters under fire: people go through a program while whoever plans and sends dies between every two states (R2, I4, I11, I13)."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.utils import timezone

from leads.models import Lead
from leads.stages import Cause, Stage
from nurture import entering, tasks
from nurture.leaving import Why, leave_everything
from nurture.models import Email, EmailVersion, Enrolment, Letter, Program, ProgramVersion
from nurture.track_editing import fresh
from nurture.writing import compose

from . import scene
from .handoffs import MODES, Proof
from .orders import LETTER_WINDOW, points
from .sink import NOBODY

#: So short that a proof need not wait; a server that hangs is given up before the lease ends.
LETTER_ENVIRONMENT = {
    "MAIL_LEASE_SECONDS": "4", "MAIL_ROUND_SECONDS": "1.5", "EMAIL_TIMEOUT": "3", "SWEEP_SECONDS": "0",
    "NURTURE_PER_DOMAIN": "1000000", "NURTURE_PER_MINUTE": "1000000", "NURTURE_CAP": "1000",
}  # fmt: skip
BODY = "Hello {{ first_name | default: 'there' }}. [Read on](https://www.example.com/guide)"
STEPS = ("s1", "s2", "s3")
WAVE, BACKLOG, AT_ONCE = 6, 40, 5
#: Of so many people one becomes SQL on the way, one unsubscribes, one has an address that nobody is at.
SQL_OF, LEAVES_OF, NOBODY_OF = 5, 6, 9


@dataclass
class LetterProof(Proof):
    """One run; `due` are enrolments, `gone` says of leads when they became SQL or unsubscribed."""

    gone: dict[int, datetime] = field(default_factory=dict)
    program: Program | None = None
    asked: float = 0.0
    points: ClassVar[tuple[str, ...]] = ("letter.", "plan.")
    window: ClassVar[set[str]] = LETTER_WINDOW

    def _begin(self) -> None:
        self.program = make_program(timezone.now())
        self.crew.sweepers(3)
        if self.tier.name != "smoke":
            self.crew.worker("worker")
            self.crew.worker("second")

    def _wave(self) -> None:
        """Some people more on the program, and some of those on it leave."""
        now = timezone.now()
        self._pass_time(now)
        self._let_leave(now)
        if Letter.objects.unsettled().count() > BACKLOG or len(self.due) >= self.tier.leads * 2:
            return
        leads = scene.make_leads(WAVE, now)
        for lead in leads[:: NOBODY_OF - WAVE]:
            Lead.objects.filter(pk=lead.pk).update(
                email=f"{NOBODY}-{lead.email}", email_key=f"{NOBODY}-{lead.email_key}"
            )
        if self.program:
            entering.enrol(self.program, Lead.objects.filter(pk__in=[lead.pk for lead in leads]), by="Proof", at=now)
        self.due += Enrolment.objects.filter(lead__in=leads).values_list("pk", flat=True)

    def _let_leave(self, now: datetime) -> None:
        """People leave at any moment, also while their letter is in somebody's hands."""
        open_letters = Letter.objects.exclude(lead__in=list(self.gone)).select_related("lead").order_by("?")[:2]
        for letter in open_letters:
            if letter.lead is None:
                continue
            if letter.lead.pk % SQL_OF == 0 and letter.lead.stage == Stage.LEAD:
                letter.lead.move(to=Stage.SALES_QUALIFIED, at=timezone.now(), cause=Cause.PERSON, by=scene.person("Mona"), reason="Proof")  # fmt: skip
                self.gone[letter.lead.pk] = timezone.now()
            elif letter.lead.pk % LEAVES_OF == 0:
                leave_everything(letter, Why.UNSUBSCRIBED, at=timezone.now())
                self.gone[letter.lead.pk] = timezone.now()

    def _pass_time(self, now: datetime) -> None:
        """Waits and minutes between attempts are passed over; a step comes once the letter before it is settled."""
        busy = Letter.objects.unsettled().values("lead")
        Enrolment.objects.filter(state="active", due_at__gt=now).exclude(lead__in=busy).update(due_at=now)
        Letter.objects.filter(state="deferred", next_try_at__gt=now).update(next_try_at=now)

    def _keep_ordered(self) -> None:
        """A failure waits at some points at any time, at those first that saw the fewest."""
        waiting = [name.split("@")[0] for name in self.orders.waiting()]
        seen = {name: 0 for name in points() if name.startswith(self.points) and name not in waiting}
        for (point, _mode), number in self.orders.obeyed().items():
            if point in seen:
                seen[point] += number
        modes = {"kill": 1.0} if self.tier.name == "smoke" else MODES
        for name in sorted(seen, key=lambda one: (seen[one], self.rng.random()))[: max(0, AT_ONCE - len(waiting))]:
            self.orders.give(name, self.rng.choices(list(modes), list(modes.values()))[0])

    def _ring(self) -> None:
        if self.tier.name == "smoke":
            return
        for task in (tasks.advance_programs, tasks.deliver_letters) * 3:
            with suppress(Exception):  # nobody hears it while Valkey is away
                task.apply_async(retry=False)

    def _is_done(self) -> bool:
        """Everybody came to the end of the program or left it, and every letter is settled."""
        self._pass_time(timezone.now())
        return not Enrolment.objects.filter(state="active").exists() and not Letter.objects.unsettled().exists()


def make_program(at: datetime) -> Program:
    """Three e-mails with a wait between each two, for whoever is put on it."""
    steps: list[dict[str, object]] = []
    for number, key in enumerate(STEPS):
        if number:
            steps.append({"key": f"w{number}", "kind": "wait", "how": "for", "minutes": 60})
        steps.append({"key": key, "kind": "email", "email": _email(f"Letter {number}", at).pk})
    hours = {"zone": "workspace", "days": list(range(7)), "opens": 0, "closes": 1440}
    program = Program.objects.create(name="Proof", created_at=at, state=Program.State.ACTIVE)
    version = ProgramVersion.objects.create(
        program=program, number=1, document={**fresh(), "hours": hours, "steps": steps}, created_at=at, activated_at=at
    )
    Program.objects.filter(pk=program.pk).update(current=version, activated_at=at)
    program.refresh_from_db()
    return program


def _email(name: str, at: datetime) -> Email:
    email = Email.objects.create(name=name, created_at=at)
    composed = compose(BODY)
    links = [{"key": link.key, "url": link.url, "asset": None} for link in composed.letter.links]
    EmailVersion.objects.create(
        email=email, number=1, subject=name, body=BODY, html=composed.html, text=composed.text, links=links,
        created_at=at, finished_at=at,
    )  # fmt: skip
    return email
