"""Programs for tests: e-mails that are finished, tracks in a few words, people on them, and where they stand."""

from datetime import datetime, timedelta
from typing import Any

from leadhub.testing import NOON, make_lead, person
from nurture import entering, planning
from nurture.models import Email, EmailVersion, Enrolment, Letter, Program, ProgramVersion, StepEntry
from nurture.settling import settle
from nurture.track_editing import fresh

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALWAYS = {"zone": "workspace", "days": [0, 1, 2, 3, 4, 5, 6], "opens": 0, "closes": 1440}


def finished_email(
    name: str = "Welcome", *, topic: str = "", body: str = "Hello {{ first_name | default: 'there' }}."
) -> Email:
    """An e-mail of the library with one finished version."""
    email = Email.objects.create(name=name, topic=topic, created_at=NOON)
    EmailVersion.objects.create(
        email=email,
        number=1,
        subject="Hello",
        body=body,
        html="<p>Hello</p>",
        text="Hello",
        created_at=NOON,
        finished_at=NOON,
    )
    return email


def mail(key: str, email: Email) -> dict[str, Any]:
    return {"key": key, "kind": "email", "email": email.pk}


def wait(key: str, span: timedelta = 2 * DAY) -> dict[str, Any]:
    return {"key": key, "kind": "wait", "how": "for", "minutes": int(span.total_seconds() // 60)}


def drafted(*steps: dict[str, Any], name: str = "Warm up", priority: int = 50, **more: Any) -> Program:
    """A program with a draft, which says so much."""
    program = Program.objects.create(name=name, priority=priority, created_by=person("Mona"), created_at=NOON)
    document = {**fresh(), "hours": ALWAYS, "steps": list(steps), **more}
    ProgramVersion.objects.create(
        program=program, number=1, document=document, created_by=person("Mona"), created_at=NOON
    )
    return program


def active(*steps: dict[str, Any], at: datetime = NOON, **more: Any) -> Program:
    """A program that counts."""
    program = drafted(*steps, **more)
    version = program.versions.get()
    ProgramVersion.objects.filter(pk=version.pk).update(activated_at=at, activated_by=person("Mick"))
    Program.objects.filter(pk=program.pk).update(state="active", current=version, activated_at=at)
    program.refresh_from_db()
    return program


def enrolled(program: Program, *, at: datetime = NOON, lead: Any = None, **facts: Any) -> Enrolment:
    """A lead that has just come in."""
    lead = lead or make_lead(at=at, **{"stage": "mql"} | facts)
    assert entering.enrol(program, type(lead).objects.filter(pk=lead.pk), by="Mona", at=at) == 1
    return Enrolment.objects.get(program=program, lead=lead, ended_at=None)


def go(*moments: datetime) -> None:
    """The planner looks at each of these moments."""
    for moment in moments:
        planning.advance(moment)


def story(enrolment: Enrolment) -> list[str]:
    """What became of its steps so far: “s1 pending”, “s2 skipped: why”."""
    rows = StepEntry.objects.filter(enrolment=enrolment).order_by("id")
    return [f"{row.step} {row.outcome}" + (f": {row.reason}" if row.reason else "") for row in rows]


def place(enrolment: Enrolment) -> str:
    """Where it stands: the step that comes next, or how it ended."""
    enrolment.refresh_from_db()
    return f"ended: {enrolment.end_reason}" if enrolment.ended_at else enrolment.step


def sent(enrolment: Enrolment, state: str = Letter.State.SENT) -> None:
    """Its letters that wait are settled, as sent or otherwise."""
    waiting = Letter.objects.filter(entry__enrolment=enrolment, state=Letter.State.QUEUED)
    settle(list(waiting.values_list("pk", flat=True)), state, at=NOON, handed_at=NOON)


def letters_of(enrolment: Enrolment) -> list[Letter]:
    return list(Letter.objects.filter(lead=enrolment.lead_id).order_by("id"))
