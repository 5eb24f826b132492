"""The sample company, from nothing to a year of history: one transaction, so that all of it stands or none."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leads.garbage import collected_rarely
from leads.models import Lead
from outbox.delivery import deliver

from . import last_scene, marketing_play, promises, routing_play
from .companies import firms
from .journeys import deeds_of
from .letters import letters_of
from .people import prospects
from .staff import SUE
from .writing import write_assets, write_leads, write_staff
from .year import Year


class SampleRefused(Exception):
    """The sample company cannot be made here; the text is a sentence for people."""


@dataclass(frozen=True)
class Made:
    """How much of everything there is."""

    leads: int
    deeds: int
    acts: int


def is_there() -> bool:
    """Whether the sample company lives in this database."""
    return Lead.objects.filter(external_id__startswith="sample-").exists()


def make(*, leads: int, seed: int, now: datetime, force: bool = False) -> Made:
    """Make it, up to `now`. Raises `SampleRefused` where other leads are, unless forced."""
    if not force and Lead.objects.exists():
        raise SampleRefused(
            _(
                "There are leads here that are not of the sample company, and they would be mixed. To add it all the same, give --force."
            )
        )
    with transaction.atomic(), collected_rarely():
        staff = write_staff()
        write_assets()
        people = prospects(seed, leads, firms(seed, max(1, round(leads * 0.3))), now)
        ids = write_leads(people, at=now)
        told = [
            (ids[person.key], deed)
            for person in people
            if person.key in ids
            for deed in (*deeds_of(person, seed, now), *letters_of(person, seed, now))
        ]
        told.sort(key=lambda pair: pair[1].at)
        year = Year(told, staff, {ids[p.key]: p for p in people if p.key in ids}, seed=seed, now=now)
        marketing_play.prepare(year)
        routing_play.prepare(year)
        last_scene.prepare(year)
        year.go_by()
        promises.prepare(year.sales.person(SUE), now)
        deliver(now)
    return Made(leads=len(ids), deeds=len(told), acts=year.agenda.done)
