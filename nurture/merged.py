"""Places in lists of two leads that become one: each list holds the person once (quality.md D9)."""

from typing import Any

from leads.merge_record import Record
from leads.models import Lead

from .models import KeptOut, ListChange, Stay


def follow_merge(sender: type[Lead], *, record: Record, kept: Lead, gone: Lead, **_signal: Any) -> None:
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
