"""What is done with a whole program: its draft, activation by one or two people, pause, end (product.md §6, quality.md §4)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import act_as
from leads.paging import count_at_most

from . import stopping
from .entering import candidates
from .models import EndReason, Enrolment, Program, ProgramRefused, ProgramVersion
from .program_check import blocking
from .track import Track, led_to
from .track_editing import fresh

if TYPE_CHECKING:
    from accounts.models import User

#: A program that concerns more people than this is looked at by a second person before it counts.
MOST_ALONE = 100


def keep(program: Program) -> None:
    """Save it; raises `ProgramRefused` when another took its name in the same moment."""
    try:
        with transaction.atomic():
            program.save()
    except IntegrityError as fault:
        raise ProgramRefused(_("There is a program with this name already.")) from fault


def begin(*, name: str, priority: int, by: "User", at: datetime) -> Program:
    """A new program with an empty draft."""
    with transaction.atomic():
        program = Program(name=name, priority=priority, created_by=by, created_at=at)
        program.keep()
        ProgramVersion.objects.create(program=program, number=1, document=fresh(), created_by=by, created_at=at)
    return program


def begin_draft(program: Program, *, by: "User", at: datetime) -> ProgramVersion:
    """The draft; where there is none, a copy of what counts."""
    with transaction.atomic():
        held = Program.objects.select_for_update().get(pk=program.pk)
        if not held.is_open:
            raise ProgramRefused(_("“%(program)s” has ended; copy what you need into a new one.") % {"program": held})
        if draft := held.draft():
            return draft
        last = held.versions.order_by("-number").first()
        return ProgramVersion.objects.create(
            program=held, number=last.number + 1 if last else 1, created_by=by, created_at=at,
            document=last.document if last else fresh(),
        )  # fmt: skip


def discard_draft(program: Program) -> None:
    """Throw the draft away; refused while the program has nothing else."""
    if program.current_id is None:
        raise ProgramRefused(_("This draft is all there is of the program; end the program instead."))
    program.versions.filter(activated_at=None).delete()


def concerns(program: Program, track: Track) -> int:
    """How many people the draft concerns: who would come in at once and who is on the way; counted to 1,001."""
    inside = count_at_most(Enrolment.objects.of_program(program).open())
    return inside + (count_at_most(candidates(program, track, None)) if track.entry.present else 0)


def activate(program: Program, *, by: "User", at: datetime, reason: str = "") -> bool:
    """Let the draft count. False when so many people are concerned that a second person must look first."""
    with transaction.atomic():
        act_as(f"user:{by.pk}", at)
        held = Program.objects.select_for_update().get(pk=program.pk)
        draft = held.draft()
        if draft is None or not held.is_open:
            raise ProgramRefused(_("There is no draft to activate."))
        track, _faults = draft.read()
        if problems := blocking(held, draft):
            raise ProgramRefused(" ".join(problems))
        if concerns(held, track) > MOST_ALONE and not _looked_twice(draft, by):
            ProgramVersion.objects.filter(pk=draft.pk).update(asked_by=by, asked_at=at, reason=reason[:300])
            return False
        _count_from_now(held, draft, track, by=by, at=at, reason=reason or draft.reason)
    return True


def _looked_twice(draft: ProgramVersion, by: "User") -> bool:
    if draft.asked_at is None:
        return False
    if draft.asked_by_id == by.pk:
        raise ProgramRefused(
            _("You have let it count already. It concerns more than %(n)d people: a second person must look, too.")
            % {"n": MOST_ALONE}
        )
    return True


def _count_from_now(
    program: Program, draft: ProgramVersion, track: Track, *, by: "User", at: datetime, reason: str
) -> None:
    """People stay where they are; who stood at a step that is gone moves on to the one that comes after it."""
    gone: dict[str, str] = {}
    if before := program.current:
        gone = led_to(before.track, track)
        left = Enrolment.objects.of_program(program).active().filter(step__in=list(gone))
        left.update(due_at=at, held="")
    ProgramVersion.objects.filter(pk=draft.pk).update(
        document=draft.document | {"gone": gone}, activated_by=by, activated_at=at, reason=reason[:300]
    )
    state = Program.State.ACTIVE if program.state == Program.State.DRAFT else program.state
    Program.objects.filter(pk=program.pk).update(
        current=draft, state=state, activated_at=program.activated_at or at, entered_until=None
    )
    program.refresh_from_db()


def pause(program: Program, *, at: datetime) -> None:
    with transaction.atomic():
        if not Program.objects.filter(pk=program.pk, state=Program.State.ACTIVE).update(state=Program.State.PAUSED):
            raise ProgramRefused(_("Only an active program can be paused."))
        stopping.pause(Enrolment.objects.of_program(program), at=at, with_program=True)


def resume(program: Program, *, at: datetime) -> None:
    with transaction.atomic():
        if not Program.objects.filter(pk=program.pk, state=Program.State.PAUSED).update(state=Program.State.ACTIVE):
            raise ProgramRefused(_("This program is not paused."))
        stopping.resume(Enrolment.objects.of_program(program).filter(paused_with_program=True), at=at)


def end(program: Program, *, at: datetime) -> int:
    with transaction.atomic():
        if not Program.objects.in_use().filter(pk=program.pk).update(state=Program.State.ENDED):
            raise ProgramRefused(_("This program has ended already."))
        program.versions.filter(activated_at=None).delete()
        return stopping.end(Enrolment.objects.of_program(program), EndReason.PROGRAM, at=at)
