"""Believable leads: who they are, where they came from and how warm they will get; a pure function of a seeded random."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .calendar import at_work
from .companies import Firm, slug
from .content import SOURCES
from .market import JOBS

YEAR = timedelta(days=365)
#: How a lead will behave and how many of 1,000 average ones do; see `journeys`.
KINDS = {"passer_by": 520, "reader": 300, "comparer": 70, "buyer": 33, "job_seeker": 43, "student": 20}


@dataclass(frozen=True)
class Prospect:
    """A lead as the sample thinks of it. `fit` from 0 to 1; `proxied`: its mail program opens images by machine."""

    key: str
    kind: str
    firm: Firm
    first_name: str
    last_name: str
    email: str
    job_title: str
    seniority: str
    department: str
    phone: str
    source: str
    campaign: str
    consents: bool
    created_at: datetime
    fit: float
    proxied: bool


def prospects(seed: int, count: int, firms: list[Firm], now: datetime) -> list[Prospect]:
    """`count` leads in the order they came, with different addresses."""
    moments = sorted(_came_at(Random(f"{seed}:came:{n}"), now) for n in range(count))  # noqa: S311
    popularity = [Random(f"{seed}:size:{n}").paretovariate(1.6) for n in range(len(firms))]  # noqa: S311
    taken: set[str] = set()
    found = []
    for number, moment in enumerate(moments, start=1):
        rng = Random(f"{seed}:lead:{number}")  # noqa: S311
        # Every company is somebody's, the popular ones several people's.
        firm = firms[number - 1] if number <= len(firms) else rng.choices(firms, popularity)[0]
        found.append(_prospect(rng, f"sample-{number:04d}", firm, moment, taken))
    return found


def _came_at(rng: Random, now: datetime) -> datetime:
    """More come each month, at working hours, and some came just now."""
    past = 1 - rng.random() ** 0.72
    moment = at_work(rng, now - YEAR * past, hour=1)
    return min(moment, now - timedelta(minutes=rng.randint(5, 300)))


def _prospect(rng: Random, key: str, firm: Firm, moment: datetime, taken: set[str]) -> Prospect:
    source, _share, heat, campaigns = rng.choices(SOURCES, [row[1] for row in SOURCES])[0]
    title, seniority, department, _share, suits = rng.choices(JOBS, [row[3] for row in JOBS])[0]
    kind = _kind(rng, heat * (0.4 + 0.4 * firm.fit + 0.4 * suits))
    if kind == "student":
        title, seniority, department, suits = rng.choice(("Student", "Intern", "Researcher")), "Student", "", 0.05
    first, last = rng.choice(firm.land.first_names), rng.choice(firm.land.last_names)
    known = rng.random()
    return Prospect(
        key=key,
        kind=kind,
        firm=firm,
        first_name=first,
        last_name=last,
        email=_address(first, last, firm, taken) if rng.random() > 0.02 or source != "Trade fair" else "",
        job_title=title if known > 0.08 else "",
        seniority=seniority if known > 0.22 else "",
        department=department if known > 0.3 else "",
        phone=f"{firm.land.phone}{rng.randint(10_000_000, 99_999_999)}" if rng.random() < 0.4 else "",
        source=source,
        campaign=rng.choice(campaigns),
        consents=rng.random() < 0.72,
        created_at=moment,
        fit=(firm.fit + suits) / 2,
        proxied=rng.random() < 0.12,
    )


def _kind(rng: Random, warmth: float) -> str:
    """Warm ones compare and buy more often, cold ones pass by."""
    tilt = {"passer_by": 1 / max(warmth, 0.2), "comparer": warmth, "buyer": warmth**2}
    return rng.choices(list(KINDS), [share * tilt.get(kind, 1.0) for kind, share in KINDS.items()])[0]


def _address(first: str, last: str, firm: Firm, taken: set[str]) -> str:
    stem = f"{slug(first)}.{slug(last)}"
    address, number = f"{stem}@{firm.domain}", 2
    while address in taken:
        address, number = f"{stem}{number}@{firm.domain}", number + 1
    taken.add(address)
    return address
