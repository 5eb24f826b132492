"""What programs and their e-mails ask of a marketer today: decisions that wait, and who went through every step for nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from leads.stages import Stage
from nurture.models import EndReason, Enrolment, Letter, Program, ProgramVersion
from nurture.program_page import LATE

EXHAUSTED_DAYS = 28
#: A pause longer than this is asked about.
LONG_PAUSE = timedelta(days=7)
MOST = 8


@dataclass(frozen=True)
class Decision:
    """One thing that waits for a person, in words, and where it is decided."""

    text: str
    href: str


@dataclass(frozen=True)
class Exhausted:
    """A program, and how many went through all of it lately and are still marketing's."""

    program: Program
    people: int


def programs_today(now: datetime) -> dict[str, Any]:
    """What the card of the marketer's home shows, in three questions."""
    programs = list(Program.objects.annotate(asks=Exists(_asking())))
    counts = {row.pop("program"): row for row in people_who_stand(now)}
    found = [Exhausted(one, counts[one.pk]["exhausted"]) for one in programs if one.pk in counts]
    return {
        "decisions": list(decisions(programs, counts))[:MOST],
        "exhausted": sorted(filter(lambda one: one.people, found), key=lambda one: -one.people)[:MOST],
        "exhausted_days": EXHAUSTED_DAYS,
        "has_programs": bool(programs),
    }


def decisions(programs: Sequence[Any], counts: Mapping[int, Mapping[str, int]]) -> Iterator[Decision]:
    """What only a person can settle, the most pressing first."""
    doubtful = Letter.objects.in_state(Letter.State.UNKNOWN).count()
    if doubtful:
        words = ngettext(
            "%(n)d e-mail may or may not have left: send it again or leave it",
            "%(n)d e-mails may or may not have left: send them again or leave them",
            doubtful,
        )
        yield Decision(words % {"n": doubtful}, reverse("letters") + "?state=unknown")
    for program in programs:
        if program.asks:
            words = _t("“%(program)s” needs a second look before it counts") % {"program": program.name}
            yield Decision(words, reverse("program_check", args=[program.pk]))
    for program in programs:
        if n := counts.get(program.pk, {}).get("waiting", 0):
            yield Decision(
                _waiting(program) % {"program": program.name, "n": n}, reverse("program_page", args=[program.pk])
            )


def _waiting(program: Program) -> str:
    if program.state == Program.State.PAUSED:
        return _t("“%(program)s” is paused; people waiting in it: %(n)d")
    return _t("People in “%(program)s” who should have moved on by now: %(n)d")


def people_who_stand(now: datetime) -> "QuerySet[Any, Any]":
    """By program: how many stand still, and how many went through every step lately and are on no other way."""
    paused = Q(state=Enrolment.State.PAUSED, paused_with_program=True, paused_at__lt=now - LONG_PAUSE)
    waiting = Q(state=Enrolment.State.ACTIVE, due_at__lt=now - LATE) | paused
    exhausted = Q(end_reason=EndReason.EXHAUSTED, ended_at__gte=now - timedelta(days=EXHAUSTED_DAYS))
    exhausted &= Q(lead__stage__in=[Stage.LEAD, Stage.MARKETING_QUALIFIED])
    onward = Enrolment.objects.open().filter(lead=OuterRef("lead"))
    counted = Enrolment.objects.filter(waiting | (exhausted & ~Exists(onward))).order_by().values("program")
    return counted.annotate(
        waiting=Count("pk", filter=waiting), exhausted=Count("lead", distinct=True, filter=exhausted)
    )


def _asking() -> "QuerySet[ProgramVersion]":
    return ProgramVersion.objects.filter(program=OuterRef("pk"), activated_at=None, asked_at__isnull=False)
