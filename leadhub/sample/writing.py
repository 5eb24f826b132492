"""Writing the sample's people, leads and deeds through the same verbs as files and the API do."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password

from accounts.addresses import email_key
from accounts.models import Team, User
from leads.intake import NewActivity, NewLead
from leads.models import Asset, Lead

from .content import PIECES, SITE, WEBINARS
from .deeds import Deed
from .people import Prospect
from .staff import COLLEAGUES, PASSWORD, TEAM

ACTOR = "system:sample"
#: What tells sample leads and deeds from others.
SYSTEM = "sample"


def write_staff() -> dict[str, User]:
    """StockWise's people by e-mail; who exists already stays as they are."""
    team = Team.objects.get_or_create(name=TEAM)[0]
    password = make_password(PASSWORD)  # once: nine salted hashes would take longer than the leads
    User.objects.bulk_create(
        [
            User(
                email=c.email, email_key=email_key(c.email), name=c.name, roles=list(c.roles), time_zone=c.time_zone,
                team=team if c.sells else None, password=password,
            )
            for c in COLLEAGUES
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return {user.email: user for user in User.objects.filter(email_key__in=[email_key(c.email) for c in COLLEAGUES])}


def write_assets() -> None:
    Asset.objects.bulk_create(
        [Asset(key=p.key, kind=p.kind, url=SITE + p.path, funnel_stage=p.stage) for p in (*PIECES, *WEBINARS)],
        ignore_conflicts=True,
    )


def write_leads(prospects: Sequence[Prospect], *, at: datetime) -> dict[str, int]:
    """Take the leads in; lead id by the sample's key."""
    taken = Lead.objects.take_in([_lead(prospect) for prospect in prospects], at=at, actor=ACTOR)
    return {prospect.key: pk for prospect, pk in zip(prospects, taken.ids, strict=True) if pk}


def _lead(prospect: Prospect) -> NewLead:
    firm = prospect.firm
    return NewLead(
        email=prospect.email, external_id=prospect.key, first_name=prospect.first_name, last_name=prospect.last_name,
        job_title=prospect.job_title, seniority=prospect.seniority, department=prospect.department, phone=prospect.phone,
        company=firm.name, domain=firm.domain, industry=firm.industry, business_type=firm.business_type,
        employees=firm.employees, revenue=firm.revenue, country=firm.land.name, city=firm.city, source=prospect.source,
        campaign=prospect.campaign, created_at=prospect.created_at, consent="given" if prospect.consents else "",
    )  # fmt: skip


def activities(told: Iterable[tuple[int, Deed]], *, first: int = 0) -> list[NewActivity]:
    """The deeds as intake takes them, numbered from `first`: each is known by its number, and stored once."""
    return [
        NewActivity(
            deed.type, deed.at, lead=lead, subject=deed.subject, url=deed.url, asset=deed.asset, campaign=deed.campaign,
            properties=deed.properties, source_system=SYSTEM, recorded_at=deed.at,
            external_id=f"deed-{number}",
        )
        for number, (lead, deed) in enumerate(told, first)
    ]  # fmt: skip
