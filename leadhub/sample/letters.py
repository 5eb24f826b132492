"""Newsletters: who opens and clicks them, and what scanners and image proxies do with them; pure, seeded."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from .content import NEWSLETTERS, SITE
from .deeds import Deed, visits
from .people import YEAR, Prospect

#: What mail programs' image proxies and companies' link scanners call themselves; intake tells them by it.
IMAGE_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
LINK_SCANNER = "Mozilla/5.0 (compatible; Mimecast link protection)"
#: How likely a letter is opened by a person.
_OPENS = {"passer_by": 0.1, "reader": 0.42, "comparer": 0.36, "buyer": 0.42, "job_seeker": 0.12, "student": 0.2}


def sendings(now: datetime) -> list[tuple[datetime, str]]:
    """Every second Tuesday of the year at 08:00, with the subject."""
    tuesday = (now - timedelta(days=(now.weekday() - 1) % 7)).replace(hour=8, minute=0, second=0, microsecond=0)
    moments = [tuesday - timedelta(days=14 * n) for n in range(27)]
    return [(at, NEWSLETTERS[n % len(NEWSLETTERS)]) for n, at in enumerate(reversed(moments)) if now - YEAR < at < now]


def letters_of(prospect: Prospect, seed: int, now: datetime) -> Iterator[Deed]:
    """Opens and clicks of one lead, up to `now`."""
    if not (prospect.consents and prospect.email):
        return
    rng = Random(f"{seed}:letters:{prospect.key}")  # noqa: S311
    interest = _OPENS[prospect.kind] * rng.uniform(0.3, 1.6)
    for at, subject in sendings(now):
        if at > prospect.created_at:
            months = (at - prospect.created_at).days / 30
            yield from (deed for deed in _letter(prospect, rng, at, subject, interest * 0.9**months) if deed.at < now)


def _letter(prospect: Prospect, rng: Random, at: datetime, subject: str, likely: float) -> Iterator[Deed]:
    link = f"{SITE}/blog/{subject.lower().replace(' ', '-').replace(',', '').replace(':', '')}"
    if prospect.proxied:
        yield Deed(
            "email_opened",
            at + timedelta(seconds=rng.randint(1, 4)),
            subject=subject,
            properties={"user_agent": IMAGE_PROXY},
        )
    if prospect.firm.scans_links:
        for second in (2, 3):
            yield Deed(
                "email_clicked",
                at + timedelta(seconds=second),
                subject=subject,
                url=link,
                properties={"user_agent": LINK_SCANNER},
            )
    if rng.random() < likely:
        opened = at + timedelta(minutes=min(rng.expovariate(1 / 300), 4000))
        yield Deed("email_opened", opened, subject=subject)
        if rng.random() < 0.24:
            yield Deed("email_clicked", opened + timedelta(seconds=40), subject=subject, url=link)
            yield from visits(rng, opened + timedelta(seconds=50), "middle", rng.randint(1, 3))
