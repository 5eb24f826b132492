"""Things of the rooms above, each made by the function of its name, in this order."""

from datetime import timedelta
from typing import TYPE_CHECKING

from handoff.models import (
    Absence,
    DeadlineChange,
    Handoff,
    Queue,
    Reason,
    RoutingRule,
    RuleSet,
    SlaChange,
    SlaPolicy,
    WorkCalendar,
)
from leadhub.testing import make_lead, person
from leads.models import ActivityType, Asset, CustomField, ImportJob, Lead, Merge
from leads.stages import Cause, Stage
from nurture import entering, programs
from nurture.letters import NewLetter, queue
from nurture.models import Email, EmailVersion, Enrolment, Hit, LeadList, Letter, ListChange, Program
from outbox.models import Hook, HookMessage, Mail, Notice
from scoring import versions
from scoring.models import ScoringModel

if TYPE_CHECKING:
    from .world import World

THINGS = [
    "activity_type",
    "asset",
    "custom_field",
    "import_job",
    "warm",
    "list_change",
    "letter",
    "welcome",
    "program",
    "way",
    "offered",
    "held",
    "reason",
    "tray",
    "route",
    "away",
    "work_calendar",
    "fast_track",
    "sla_change",
    "notice",
    "mail",
    "hook",
    "hook_message",
    "draft",
    "group_key",
    "rule_key",
    "merge",
]


def activity_type(_world: "World") -> ActivityType:
    return ActivityType.objects.get(key="page_visit")


def asset(_world: "World") -> Asset:
    return Asset.objects.create(key="Price list 2026")


def custom_field(_world: "World") -> CustomField:
    return CustomField.objects.create(key="region", label="Region")


def import_job(_world: "World") -> ImportJob:
    return ImportJob.objects.create(
        kind="leads", name="leads.csv", file="imports/none.csv", rows_total=10, created_by=person("Mona")
    )


def warm(world: "World") -> LeadList:
    return LeadList.objects.create(
        name="Warm", kind=LeadList.Kind.STATIC, created_by=person("Mona"), created_at=world.at
    )


def list_change(world: "World") -> ListChange:
    return ListChange.objects.create(
        list=world.warm, added=True, by=person("Mona"), at=world.at, lead_ids=[world.lead.pk]
    )


def letter(world: "World") -> Letter:
    """A doubtful one, clicked by somebody."""
    email = Email.objects.create(name="Welcome", created_at=world.at)
    version = EmailVersion.objects.create(email=email, number=1, created_at=world.at, finished_at=world.at)
    new = NewLetter("welcome", world.lead, version, world.at)
    made = Letter.objects.get(pk=queue([new], at=world.at)["welcome"])
    Letter.objects.update(state="unknown", handed_at=world.at, settled_at=world.at)
    Hit.objects.create(letter=made, kind="click", at=world.at)
    return made


def welcome(world: "World") -> Email:
    """A finished e-mail with a draft of its next version."""
    mona = person("Mona")
    email = Email.objects.begin(name="News", topic="news", by=mona, at=world.at)
    said = {"subject": "Welcome", "body": "See [prices](https://example.com/prices), {{ first_name }}."}
    if draft := email.draft:
        draft.save_draft(said, by=mona, at=world.at)
        draft.finish(by=mona, at=world.at)
    email.start_draft(by=mona, at=world.at)
    return email


def program(world: "World") -> Program:
    """An active program with a draft beside it."""
    made = programs.begin(name="Warm up", priority=50, by=person("Mona"), at=world.at)
    steps = [{"key": "s1", "kind": "wait", "how": "for", "minutes": 60}, {"key": "s2", "kind": "end"}]
    draft = made.draft()
    draft.write(draft.document | {"steps": steps, "made": 2})  # type: ignore[union-attr]
    made.activate(by=person("Mick"), at=world.at)
    made.refresh_from_db()
    made.begin_draft(by=person("Mona"), at=world.at)
    return made


def way(world: "World") -> Enrolment:
    """The lead's way through the program."""
    entering.enrol(world.program, Lead.objects.only_this(world.lead), by="Mona", at=world.at)
    return Enrolment.objects.get(lead=world.lead)


def offered(world: "World") -> Handoff:
    return Handoff.objects.get(lead=world.sql)


def held(world: "World") -> Handoff:
    lead = make_lead("ayu@example.com", at=world.at)
    lead.move(to=Stage.SALES_QUALIFIED, at=world.at, cause=Cause.PERSON, by=person("Mona"), reason="Asked for a demo")
    handoff = Handoff.objects.get(lead=lead)
    handoff.claim(by=person("Rita"), at=world.at)
    return handoff


def reason(_world: "World") -> Reason:
    return Reason.objects.order_by("pk")[0]


def tray(_world: "World") -> Queue:
    return Queue.objects.create(name="Tray")


def route(world: "World") -> RoutingRule:
    draft = RuleSet.objects.begin_draft(by=person("Sue"), at=world.at)
    return RoutingRule.objects.create(rule_set=draft, position=1, name="All to the team", mode="push", team=world.team)


def away(world: "World") -> Absence:
    begins = world.at + timedelta(days=2)
    return Absence.objects.create(person=world.rita, starts_at=begins, said_by=world.rita, said_at=world.at)


def work_calendar(_world: "World") -> WorkCalendar:
    return WorkCalendar.objects.create(name="Office", zone="Europe/Warsaw", week=[[[600, 1080]]] * 5 + [[], []])


def fast_track(world: "World") -> SlaPolicy:
    wanted = [{"field": "sql_cause", "op": "is", "value": "intent"}]
    target = {"kind": "working", "minutes": 60, "calendar": world.work_calendar}
    return SlaPolicy.objects.create(name="Fast track", position=1, conditions=wanted, **target)


def sla_change(world: "World") -> SlaChange:
    change = SlaChange.objects.create(what="policy", name="Fast track", at=world.at, by=person("Sue"), after={})
    later = world.held.due_at + timedelta(hours=1)
    facts = {"at": world.at, "by": person("Sue"), "why": "Fast track", "old_due": world.held.due_at, "new_due": later}
    DeadlineChange.objects.create(change=change, handoff=world.held, **facts)
    return change


def notice(world: "World") -> Notice:
    return Notice.objects.create(recipient=person("Rita"), text="x", url="/inbox/", dedupe_key="x", created_at=world.at)


def mail(world: "World") -> Mail:
    details = {
        "to": "rita@leadhub.example",
        "subject": "x",
        "body": "x",
        "recipient": person("Rita"),
        "created_at": world.at,
    }
    return Mail.objects.create(**details, message_id="1", dedupe_key="1", next_try_at=world.at, state=Mail.State.FAILED)


def hook(world: "World") -> Hook:
    hook = Hook(label="CRM", url="https://crm.example.com/", created_at=world.at)
    hook.renew_secret()
    return hook


def hook_message(world: "World") -> HookMessage:
    details = {"event": "test", "body": {}, "message_id": "msg_1", "created_at": world.at, "next_try_at": world.at}
    return HookMessage.objects.create(hook=world.hook, state=HookMessage.State.FAILED, **details)


def draft(world: "World") -> ScoringModel:
    return versions.draft(ScoringModel.objects.published().document, by=person("Mick"), at=world.at)


def group_key(world: "World") -> str:
    return next(group["key"] for group in world.draft.document["groups"] if group["axis"] == "fit")


def rule_key(world: "World") -> str:
    return next(rule["key"] for rule in world.draft.document["rules"] if rule["group"] == world.group_key)


def merge(world: "World") -> Merge:
    """A lead at the stage Lead that another one was merged into."""
    kept, gone = make_lead(at=world.at), make_lead(at=world.at, first_name="Twin")
    return kept.merge(gone, by=person("Mona"), at=world.at)
