"""Whose activity a told row is: by the lead's id, address or external id, also those of leads that were merged away."""

from collections.abc import Iterable, Sequence

from django.db import connection

from accounts.addresses import email_key

from .intake import NewActivity
from .models import FormerAddress, Lead, Merge, OtherId

#: How often a lead may be merged away between finding and holding it before a row is refused.
_ATTEMPTS = 3


class KnownLeads:
    """The leads that some rows speak of, held until the transaction ends: none of them is merged away meanwhile.

    Holding is what the database does anyway for each row that points to a lead when the transaction ends; in order of id
    as everybody who locks leads.
    """

    def __init__(self, rows: Sequence[NewActivity]) -> None:
        self._origins: dict[int, int] = {}  # of a row, by its place in memory
        self._leads: dict[int, int] = {}
        left = list(rows)
        for attempt in range(_ATTEMPTS):
            told = self._told(left, again=attempt > 0)
            held = _hold({lead for lead, _origin in told.values()})
            for row in left:
                if (found := told.get(id(row))) and found[0] in held:
                    self._leads[id(row)], self._origins[id(row)] = found
            left = [row for row in left if id(row) in told and id(row) not in self._leads]
            if not left:
                return

    def lead_of(self, row: NewActivity) -> int | None:
        """The lead whose activity it is; None where nobody is known so."""
        return self._leads.get(id(row))

    def origin_of(self, row: NewActivity) -> int | None:
        """The lead it speaks of: another than `lead_of` where that one was merged into it."""
        return self._origins.get(id(row))

    def _told(self, rows: Sequence[NewActivity], *, again: bool) -> dict[int, tuple[int, int]]:
        """Lead and origin by row; a lead told by its id is looked for among the merged ones where it was not there at first."""
        keys = {email_key(row.email) for row in rows if row.lead is None and row.email}
        by_key, by_former = _by_address(keys) if keys else ({}, {})
        externals = {row.lead_external_id for row in rows if row.lead is None and not row.email} - {""}
        by_external = _by_external(externals) if externals else {}
        merged = _merged({row.lead for row in rows if row.lead is not None}) if again else {}
        found: dict[int, tuple[int, int] | None] = {}
        for row in rows:
            if row.lead is not None:
                found[id(row)] = merged.get(row.lead, row.lead), row.lead
            elif row.email:
                key = email_key(row.email)
                lead, former = by_key.get(key), by_former.get(key)
                found[id(row)] = (lead, former[1] if former and former[0] == lead else lead) if lead else former
            else:
                found[id(row)] = by_external.get(row.lead_external_id)
        return {place: lead for place, lead in found.items() if lead}


def _by_address(keys: Iterable[str]) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """Leads by their address; leads and origins by an address that a merge brought."""
    own = {key: pk for key, pk in Lead.objects.filter(email_key__in=keys).values_list("email_key", "id") if key}
    former = FormerAddress.objects.filter(email_key__in=keys).values_list("email_key", "lead_id", "origin")
    return own, {key: (lead, origin) for key, lead, origin in former}


def _by_external(ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    others = OtherId.objects.filter(external_id__in=ids).values_list("external_id", "lead_id", "origin")
    found = {external: (lead, origin or lead) for external, lead, origin in others}
    own = Lead.objects.filter(external_id__in=ids).values_list("external_id", "id")
    return {external: (lead, lead) for external, lead in own if external} | found


def _merged(ids: set[int]) -> dict[int, int]:
    """Of these leads those that were merged away, with the lead each is now."""
    return {pk: kept for pk in ids if (kept := Merge.objects.kept_of(pk))}


def _hold(ids: set[int]) -> set[int]:
    """Those of the leads that are there; they cannot be deleted until the transaction ends."""
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM leads_lead WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(ids)])
        return {row[0] for row in cursor.fetchall()}
