"""What a lead does between coming and now: sessions, downloads, webinars, intent; a pure function of a seeded random."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from .calendar import at_work
from .content import EVENTS, INTENTS, PIECES, SITE, WEBINARS, Piece
from .deeds import Deed, taking, visits
from .people import Prospect

DAY = timedelta(days=1)


def deeds_of(prospect: Prospect, seed: int, now: datetime) -> list[Deed]:
    """All deeds of a lead up to `now` except e-mails, in order of time."""
    rng = Random(f"{seed}:journey:{prospect.key}")  # noqa: S311
    told = [*_arrival(prospect, rng), *_JOURNEYS[prospect.kind](prospect, rng)]
    return sorted((deed for deed in told if prospect.created_at <= deed.at < now), key=lambda deed: deed.at)


def _arrival(prospect: Prospect, rng: Random) -> Iterator[Deed]:
    """The first visit, as its source brings it."""
    at = prospect.created_at
    if prospect.source in ("Google Ads", "Facebook", "LinkedIn"):
        yield Deed(
            "ad_clicked",
            at,
            subject=prospect.campaign,
            campaign=prospect.campaign,
            properties={"network": prospect.source},
        )
    elif prospect.source == "Trade fair":
        yield Deed("event_attended", at, subject=prospect.campaign or EVENTS[0], campaign=prospect.campaign)
        return
    elif prospect.source == "Webinar":
        yield from _webinar(rng, rng.choice(WEBINARS), at)
    yield from visits(rng, at + timedelta(seconds=20), "top", rng.randint(1, 4))
    if prospect.consents and rng.random() < 0.3:
        yield Deed(
            "newsletter_subscribed", at + timedelta(minutes=6), subject="StockWise letter", url=f"{SITE}/newsletter"
        )


def _passer_by(prospect: Prospect, rng: Random) -> Iterator[Deed]:
    """Looks in now and then, reads a page or two, takes nothing."""
    for day in _days(rng, times=rng.randint(2, 6), apart=30):
        at = at_work(rng, prospect.created_at + DAY * day, hour=prospect.firm.land.hour)
        yield from visits(rng, at, "top", rng.randint(1, 5))


def _reader(prospect: Prospect, rng: Random) -> Iterator[Deed]:
    """Comes back every few weeks for something to read."""
    for day in _days(rng, times=rng.randint(4, 11), apart=26):
        yield from _session(prospect, rng, prospect.created_at + DAY * day, rng.choice(("top", "top", "top", "middle")))
    if rng.random() < 0.25:
        kind = rng.choice(("social_liked", "social_liked", "social_commented", "social_shared"))
        yield Deed(kind, prospect.created_at + DAY * rng.randint(2, 60), subject="Post: ABC analysis in five minutes")


def _comparer(prospect: Prospect, rng: Random) -> Iterator[Deed]:
    """Studies products and prices in a few bursts; one in ten asks for something at the end of one."""
    for start in _days(rng, times=rng.randint(2, 4), apart=75):
        yield from _burst(prospect, rng, prospect.created_at + DAY * start, sessions=rng.randint(2, 5))
        if rng.random() < 0.04:
            yield _intent(rng, prospect, prospect.created_at + DAY * (start + 12))


def _buyer(prospect: Prospect, rng: Random) -> Iterator[Deed]:
    """Warms up, compares, and asks; some take the demo back, some come back for more after a quarter."""
    begins = prospect.created_at + DAY * min(rng.expovariate(1 / 30), 150)
    yield from _burst(prospect, rng, prospect.created_at + DAY, sessions=rng.randint(1, 3))
    yield from _burst(prospect, rng, begins, sessions=rng.randint(4, 8))
    asks = begins + DAY * rng.uniform(6, 16)
    asked = _intent(rng, prospect, asks)
    yield asked
    if asked.type == "demo_requested" and rng.random() < 0.08:
        yield Deed("demo_cancelled", asked.at + DAY * rng.uniform(0.5, 2), subject="Demo", url=f"{SITE}/demo/cancel")
    if rng.random() < 0.3:
        yield from _burst(prospect, rng, asks + DAY * rng.uniform(60, 110), sessions=rng.randint(3, 6))
        yield _intent(rng, prospect, asks + DAY * rng.uniform(112, 124))


def _job_seeker(prospect: Prospect, rng: Random) -> Iterator[Deed]:
    for day in _days(rng, times=rng.randint(2, 5), apart=9):
        at = at_work(rng, prospect.created_at + DAY * day, hour=prospect.firm.land.hour)
        yield from visits(rng, at, "careers", rng.randint(2, 6))


def _student(prospect: Prospect, rng: Random) -> Iterator[Deed]:
    """Downloads everything within days, and is never a customer."""
    for day in _days(rng, times=rng.randint(3, 6), apart=5):
        at = at_work(rng, prospect.created_at + DAY * day, hour=prospect.firm.land.hour)
        yield taking(rng.choice(PIECES[:7]), at)
        yield from visits(rng, at + timedelta(minutes=1), "top", rng.randint(1, 3))


def _burst(prospect: Prospect, rng: Random, start: datetime, *, sessions: int) -> Iterator[Deed]:
    """Sessions of about two weeks, each nearer to a decision than the last."""
    for number in range(sessions):
        near = (number + 1) / sessions
        stage = "bottom" if near > 0.7 else "middle" if near > 0.3 else "top"
        yield from _session(prospect, rng, start + DAY * (14 * number / sessions + rng.random() * 2), stage)
    if rng.random() < 0.35:
        yield from _webinar(rng, rng.choice(WEBINARS), start + DAY * rng.uniform(1, 8))


def _session(prospect: Prospect, rng: Random, moment: datetime, stage: str) -> Iterator[Deed]:
    at = at_work(rng, moment, hour=prospect.firm.land.hour)
    yield from visits(rng, at, stage, min(1 + int(rng.expovariate(0.42)), 9))
    if rng.random() < 0.2:
        pieces = [piece for piece in PIECES if piece.stage == stage and piece.deed != "price_list_downloaded"]
        yield taking(rng.choice(pieces), at + timedelta(minutes=rng.randint(8, 20)))
    if stage == "bottom" and rng.random() < 0.05:
        yield Deed("cart_added", at + timedelta(minutes=22), subject="StockWise Scan, 5 devices", url=f"{SITE}/shop")


def _webinar(rng: Random, webinar: Piece, at: datetime) -> Iterator[Deed]:
    """Registered, and three of five come, on the next Thursday."""
    yield taking(webinar, at)
    if rng.random() < 0.6:
        held = (at + DAY * ((3 - at.weekday()) % 7 or 7)).replace(hour=9, minute=0, second=0, microsecond=0)
        yield Deed(
            "webinar_attended", held, subject=webinar.key, asset=webinar.key, properties={"minutes": rng.randint(8, 55)}
        )


def _intent(rng: Random, prospect: Prospect, moment: datetime) -> Deed:
    kind, _share, path = rng.choices(INTENTS, [row[1] for row in INTENTS])[0]
    at = at_work(rng, moment, hour=prospect.firm.land.hour, weekend=0.5)
    asset = PIECES[8].key if kind == "price_list_downloaded" else ""
    return Deed(
        kind, at, subject=asset or _ASKED.get(kind, ""), url=SITE + path, asset=asset, campaign=prospect.campaign
    )


_ASKED = {
    "demo_requested": "Demo of StockWise WMS",
    "contact_requested": "Please call me",
    "trial_requested": "30 days of StockWise",
    "consultation_requested": "Warehouse audit",
    "presentation_booked": "Offer presentation",
    "implementation_discussed": "Roll-out in the second quarter",
}


def _days(rng: Random, *, times: int, apart: int) -> list[float]:
    """`times` days from the beginning, on average `apart` days from one to the next."""
    day, found = 0.0, []
    for _time in range(times):
        day += rng.expovariate(1 / apart) + 1
        found.append(day)
    return found


_JOURNEYS: dict[str, Callable[[Prospect, Random], Iterator[Deed]]] = {
    "passer_by": _passer_by,
    "reader": _reader,
    "comparer": _comparer,
    "buyer": _buyer,
    "job_seeker": _job_seeker,
    "student": _student,
}
