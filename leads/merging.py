"""Two leads that are one person become one: nothing that hangs on either is lost, points count once (quality.md D9)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import OperationalError, models
from django.utils.translation import gettext as _

from accounts.actor import act_as
from accounts.models import User

from .bulk import insert_new
from .intake_leads import again
from .merge_facts import merged_facts
from .merge_record import Record, column_of, images
from .models import Consent, FactChange, FormerAddress, Lead, OtherId
from .models.merge import LeadGone, Merge, MergeRefused, SameLead
from .signals import facts_changed, leads_merged, leads_merging


def merge(kept: Lead, gone: Lead, *, by: User, at: datetime, take: Collection[str] = ()) -> Merge:
    """Give all that hangs on `gone` to `kept`; its row is deleted and noted, so that `Merge.undo` brings it back.

    Facts of the kept lead win, its unknown ones are filled; those named in `take` are the other's (`custom.NAME` for
    custom ones). Whatever comes later under the address or an id of the lead that is gone finds the kept one.
    Raises `SameLead`, `LeadGone`, `DealsInTheWay`.
    """
    if kept.pk == gone.pk:
        raise SameLead(_("This is one and the same lead."))
    done: list[Merge] = []

    def attempt() -> None:
        done[:] = [_merge(kept.pk, gone.pk, by=by, at=at, take=take)]

    in_peace(attempt)
    kept.refresh_from_db()
    return done[0]


def in_peace(attempt: Any) -> None:
    """In one transaction, once more where another stood in the way; what stands there for long is told in words."""
    try:
        again(attempt)
    except OperationalError as busy:
        raise MergeRefused(_("Much is going on with these leads this moment. Try again in a minute.")) from busy


def _merge(kept_id: int, gone_id: int, *, by: User, at: datetime, take: Collection[str]) -> Merge:
    act_as(f"user:{by.pk}", at)
    leads_merging.send(sender=Lead, lead_ids=[kept_id, gone_id])
    kept, gone = locked([kept_id, gone_id])
    row, record = images(Lead, [gone.pk])[gone.pk], Record(kept.pk, gone.pk)
    merge = Merge(kept_id=kept.pk, gone_id=gone.pk, name=gone.name[:300], by=by, at=at)
    before = images(Lead, [kept.pk])[kept.pk]
    changed = merged_facts(kept, gone, take, latest_consent=_latest_consent([kept.pk, gone.pk]))
    # The database looks at references when the transaction ends: by then nothing hangs on the row any more.
    Lead.objects.filter(pk=gone.pk)._raw_delete(using="default")
    Lead.objects.filter(pk=kept.pk).update(**changed, updated_at=at)
    leads_merged.send(sender=Lead, record=record, kept=kept, gone=gone, at=at, by=by)
    _move_the_rest(record)
    merge.record = record.to_json() | {
        "gone": row,
        "kept": [_columns(changed), before, images(Lead, [kept.pk])[kept.pk]],
    }
    merge.save()
    _remember_how_it_was_known(merge, kept, gone, changed)
    facts_changed.send(sender=Lead, lead_ids=[kept.pk])
    return merge


def locked(ids: Iterable[int]) -> list[Lead]:
    """These leads, locked in order of id and returned as asked; raises `LeadGone`."""
    wanted = list(ids)
    rows = Lead.objects.select_for_update(of=("self",)).select_related("company").filter(pk__in=wanted)
    found = {lead.pk: lead for lead in rows.order_by("id")}
    if missing := [pk for pk in wanted if pk not in found]:
        raise LeadGone(_("Lead #%(id)d is there no more; it may have been merged meanwhile.") % {"id": missing[0]})
    return [found[pk] for pk in wanted]


def hanging_on_leads() -> list[type[models.Model]]:
    """Every model of any room that points to a lead by `lead` and that the database holds to it."""
    return [
        relation.related_model
        for relation in Lead._meta.related_objects
        if relation.field.name == "lead" and getattr(relation.field, "db_constraint", False)
    ]


def _move_the_rest(record: Record) -> None:
    """Whatever no room has moved in its own way. The history of facts stays with the facts it is about: in the record."""
    OtherId.objects.filter(lead=record.gone, origin=None).update(origin=record.gone)
    record.drop(FactChange, FactChange.objects.filter(lead=record.gone).values_list("pk", flat=True))
    for model in hanging_on_leads():
        if model is not FactChange:
            record.move(model)


def _latest_consent(lead_ids: list[int]) -> str:
    latest = Consent.objects.filter(lead__in=lead_ids).order_by("-at", "-id").first()
    return latest.status if latest else ""


def _columns(values: dict[str, Any]) -> list[str]:
    return [column_of(Lead, name) for name in values]


def _remember_how_it_was_known(merge: Merge, kept: Lead, gone: Lead, changed: dict[str, Any]) -> None:
    """The other's address and id, and the kept lead's where it took those, find the kept lead from now on."""
    names = {"email_key": [(gone.email_key, gone.pk)], "external_id": [(gone.external_id, gone.pk)]}
    for name, known in names.items():
        if changed.get(name):
            known.append((getattr(kept, name), kept.pk))
    addresses = [[key, kept.pk, merge.pk, origin] for key, origin in names["email_key"] if key]
    ids = [[one, kept.pk, merge.pk, origin] for one, origin in names["external_id"] if one]
    insert_new(FormerAddress, ["email_key", "lead_id", "merge_id", "origin"], addresses, ["email_key"])
    insert_new(OtherId, ["external_id", "lead_id", "merge_id", "origin"], ids, ["external_id"])
