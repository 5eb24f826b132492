"""Places in lists and programs of two leads that become one: each list holds the person once (quality.md D9)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.merge_record import Record
from leads.models import Lead

from . import letters
from .models import Enrolment, KeptOut, Letter, ListChange, Optout, Stay, StepEntry


def follow_merge(sender: type[Lead], *, record: Record, kept: Lead, gone: Lead, at: datetime, **_signal: Any) -> None:
    """Receiver of `leads_merged`: places that both have are dropped, the others move with their history; undoing a bulk
    change finds the kept one."""
    both_kinds: tuple[tuple[Any, Any], ...] = ((Stay, Stay.objects.open()), (KeptOut, KeptOut.objects.all()))
    for model, places in both_kinds:
        both = places.filter(lead=gone.pk, list__in=places.filter(lead=kept.pk).values("list"))
        record.drop(model, both.values_list("pk", flat=True))
        record.move(model)
    for change in ListChange.objects.filter(lead_ids__contains=[gone.pk]):
        ids = sorted({kept.pk if pk == gone.pk else pk for pk in change.lead_ids})
        record.change(ListChange, change.pk, lead_ids=ids)
    both_left = Optout.objects.filter(lead=gone.pk, topic__in=Optout.objects.filter(lead=kept.pk).values("topic"))
    record.drop(Optout, both_left.values_list("pk", flat=True))
    record.move(Optout)
    _share_programs(record, kept, gone, at)


def _share_programs(record: Record, kept: Lead, gone: Lead, at: datetime) -> None:
    """Ways through programs move; of two in one cycle, or under way at once, that of the kept lead stays, and writes alone."""
    own = Enrolment.objects.filter(lead=kept.pk)
    theirs = Enrolment.objects.filter(lead=gone.pk)
    twins = [
        one.pk
        for one in theirs
        for other in own
        if one.program_id == other.program_id and (one.cycle == other.cycle or not (one.ended_at or other.ended_at))
    ]
    letters.call_off(Letter.objects.filter(entry__enrolment__in=twins), why=_("Merged with another lead"), at=at)
    record.drop(StepEntry, StepEntry.objects.filter(enrolment__in=twins).values_list("pk", flat=True))
    record.drop(Enrolment, twins)
    record.move(Enrolment)
