"""A merge taken back: the lead that was gone is there again, with all that came from it (quality.md D9)."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import act_as
from accounts.models import User

from .merge_record import put_back, set_back, worked_on_since, write_again
from .merging import in_peace, locked
from .models import Activity, FormerAddress, Lead, OtherId
from .models.merge import UNDO_DAYS, LeadGone, Merge, Rerouted, UndoRefused
from .signals import facts_changed, leads_merging, leads_parted

#: Where the kept lead stands: taken back only as it was left by the merge.
STANDING = ("stage", "stage_since", "owner_id", "cycle")
WHAT = {
    "handoff_handoff": _("a handoff that came with it was worked on"),
    "handoff_opportunity": _("a deal that came with it was worked on"),
}


def part(merge: Merge, *, by: User, at: datetime) -> Lead:
    """Everything as before the merge, but for what happened since: that stays with the kept lead.

    Deeds that came under the old address or id go back with the lead. Facts that somebody changed since stay changed.
    Raises `UndoRefused`, `LeadGone`.
    """
    in_peace(lambda: _part(merge.pk, by=by, at=at))
    merge.refresh_from_db()
    return Lead.objects.get(pk=merge.gone_id)


def _part(pk: int, *, by: User, at: datetime) -> None:
    act_as(f"user:{by.pk}", at)
    merge = Merge.objects.get(pk=pk)
    leads_merging.send(sender=Lead, lead_ids=[merge.kept_id, merge.gone_id])
    try:
        locked([merge.kept_id])
    except LeadGone as gone:
        raise UndoRefused(_("The lead it was merged into was merged itself: undo that first.")) from gone
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=pk)
    _refuse(merge, at)
    _facts_back(merge)
    FormerAddress.objects.filter(merge=merge).delete()
    OtherId.objects.filter(merge=merge).delete()
    write_again(Lead, [merge.record["gone"]])
    put_back(merge.record, gone=merge.gone_id)
    _later_deeds_back(merge)
    Merge.objects.filter(pk=pk).update(undone_at=at, undone_by=by)
    both = [merge.kept_id, merge.gone_id]
    leads_parted.send(sender=Lead, lead_ids=both, at=at)
    facts_changed.send(sender=Lead, lead_ids=both)


def _refuse(merge: Merge, at: datetime) -> None:
    if merge.undone_at:
        raise UndoRefused(_("This was undone already."))
    if not merge.can_be_undone(at):
        raise UndoRefused(_("A merge can be undone for %(days)d days; these are over.") % {"days": UNDO_DAYS})
    columns, _before, after = merge.record["kept"]
    watched = [name for name in columns if name in STANDING]
    note: dict[str, Any] = {
        "changed": [],
        "watched": [["leads_lead", merge.kept_id, watched, after]] if watched else [],
    }
    if worked_on_since(note):
        raise UndoRefused(_("The lead has moved on since: its stage or owner changed after the merge."))
    if found := worked_on_since(merge.record):
        what = WHAT.get(found[0], _("what came with it was changed"))
        raise UndoRefused(_("It cannot be undone any more: %(what)s since.") % {"what": what})
    _refuse_where_its_names_are_taken(merge)


def _refuse_where_its_names_are_taken(merge: Merge) -> None:
    """Another lead than the kept one, or the kept one by somebody's hand since, may have the address or the id now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r->>'email_key', r->>'external_id' FROM (SELECT %s::jsonb) AS x (r)", [merge.record["gone"]]
        )
        key, external = cursor.fetchone()
    taken = Lead.objects.filter(
        (Q(email_key=key) & ~Q(email_key=None)) | (Q(external_id=external) & ~Q(external_id=None))
    )
    columns = merge.record["kept"][0]
    given = merge.kept_id if {"email", "external_id"} & set(columns) else 0
    if other := taken.exclude(pk=given).first():
        raise UndoRefused(_("Its e-mail address or id belongs to %(lead)s now.") % {"lead": other.name})


def _facts_back(merge: Merge) -> None:
    """What the merge set on the kept lead, but for what somebody changed since."""
    columns, before, after = merge.record["kept"]
    same = [
        name
        for name in columns
        if not worked_on_since({"changed": [], "watched": [["leads_lead", merge.kept_id, [name], after]]})
    ]
    set_back(Lead, merge.kept_id, same, before)


def _later_deeds_back(merge: Merge) -> None:
    """Deeds since the merge that came under a name of the lead that was gone."""
    addresses, ids = (
        model._base_manager.filter(lead=merge.gone_id, origin__isnull=False).values_list("origin", flat=True)
        for model in (FormerAddress, OtherId)
    )
    origins = {merge.gone_id, *addresses, *ids}
    later = Rerouted.objects.filter(origin__in=origins, activity__lead=merge.kept_id).values("activity")
    Activity.objects.filter(pk__in=later).update(lead=merge.gone_id)
    Rerouted.objects.filter(origin=merge.gone_id).delete()
    OtherId.objects.filter(lead=merge.gone_id, origin=merge.gone_id).update(origin=None)
