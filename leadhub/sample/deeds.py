"""One deed of a lead, as the sample tells it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from .content import PAGES, SITE, Piece


@dataclass(frozen=True)
class Deed:
    """What a lead did, or a machine in its name: the user agent among the properties tells."""

    type: str
    at: datetime
    subject: str = ""
    url: str = ""
    asset: str = ""
    campaign: str = ""
    properties: dict[str, Any] = field(default_factory=dict)


def visits(rng: Random, at: datetime, stage: str, pages: int) -> list[Deed]:
    """A visit of the website: `pages` page views, half of them of the stage, a minute or two apart."""
    found = []
    for _page in range(pages):
        path = rng.choice(PAGES[stage if rng.random() < 0.6 else "top" if stage != "careers" else "careers"])
        found.append(
            Deed("page_visit", at, subject=_title(path), url=SITE + path, properties={"seconds": rng.randint(4, 240)})
        )
        at += timedelta(seconds=rng.randint(12, 190))
    return found


def taking(piece: Piece, at: datetime, campaign: str = "") -> Deed:
    return Deed(piece.deed, at, subject=piece.key, url=SITE + piece.path, asset=piece.key, campaign=campaign)


def _title(path: str) -> str:
    """What people call a page: its last word or two."""
    return path.strip("/").rsplit("/", 1)[-1].replace("-", " ").capitalize() or "Home"
