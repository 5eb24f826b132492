"""The small world in which the access matrix and the bad addresses are tried: one of each thing an address names."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import ApiKey, Scope, Team, User
from leadhub.testing import CAST, make_activity, make_company, make_lead, person
from leads.models import Company, Lead
from leads.stages import Cause, Stage


@dataclass
class World:
    """One of each thing; grows with the rooms."""

    at: datetime
    rita: User
    team: Team
    key: ApiKey
    secret: str
    company: Company
    lead: Lead  # at the stage Lead: a rep may not know of it
    sql: Lead  # waiting in the pool
    cookies: dict[str, Any] = field(default_factory=dict)  # of each signed-in principal

    @classmethod
    def make(cls) -> "World":
        at = timezone.now()
        for name in CAST:
            person(name)
        key, secret = ApiKey.objects.issue(name="Website", scopes=list(Scope.values), by=person("Ada"))
        company = make_company()
        lead = make_lead("dewi@example.com", at=at, company=company)
        make_activity(lead, at=at)
        return cls(at, person("Rita"), person("Rita").team, key, secret, company, lead, cls.pooled(at))  # type: ignore[arg-type]

    @staticmethod
    def pooled(at: datetime) -> Lead:
        lead = make_lead("piotr@example.com", at=at, first_name="Piotr")
        lead.move(to=Stage.SALES_QUALIFIED, at=at, cause=Cause.PERSON, by=person("Mona"), reason="Asked for a demo")
        return lead

    def furnish(self) -> None:
        """Add the things of the rooms, each under the name of the function that makes it."""
        from . import world_of_rooms

        for name in world_of_rooms.THINGS:
            setattr(self, name, getattr(world_of_rooms, name)(self))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"The world has no {name}; furnish() adds the things of the rooms.")
