"""Believable companies: a pure function of a seeded random."""

import unicodedata
from dataclasses import dataclass
from random import Random

from .market import INDUSTRIES, LANDS, SIZES, Land


@dataclass(frozen=True)
class Firm:
    """A company; `fit` from 0 to 1 is how well warehouse software suits it. None and blank mean that nobody knows."""

    name: str
    domain: str
    land: Land
    city: str
    industry: str
    business_type: str
    employees: int | None
    revenue: str
    fit: float
    scans_links: bool


def firms(seed: int, count: int) -> list[Firm]:
    """`count` companies with different names and domains."""
    rng = Random(f"{seed}:firms")  # noqa: S311
    found: dict[str, Firm] = {}
    while len(found) < count:
        land = rng.choices(LANDS, [land.share for land in LANDS])[0]
        name = _name(rng, land)
        while slug(name) in found:
            name = f"{name} {rng.choice(('Group', 'Plus', 'Trade', 'East', 'West', 'One', land.cities[0]))}"
        found[slug(name)] = _firm(rng, name, land)
    return list(found.values())


def _name(rng: Random, land: Land) -> str:
    words = [rng.choice(land.firm_words), rng.choice(land.firm_ends)]
    if rng.random() < 0.35:
        words.insert(1, rng.choice(land.firm_words))
    return " ".join(dict.fromkeys(words))


def _firm(rng: Random, name: str, land: Land) -> Firm:
    industry, kind, _share, suits = rng.choices(INDUSTRIES, [row[2] for row in INDUSTRIES])[0]
    (least, most), _share, revenue = rng.choices(SIZES, [row[1] for row in SIZES])[0]
    known = rng.random()
    return Firm(
        name=name,
        domain=f"{slug(name)}.example",
        land=land,
        city=rng.choice(land.cities),
        industry=industry if known > 0.14 else "",
        business_type=kind if known > 0.28 else "",
        employees=rng.randint(least, most) if known > 0.22 else None,
        revenue=revenue if known > 0.4 else "",
        fit=suits * (0.3 if most < 10 else 0.7 if most < 50 else 1.0),
        scans_links=rng.random() < 0.08,
    )


def slug(text: str) -> str:
    """ASCII letters, digits and hyphens, for addresses."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss"))
    return "-".join(
        "".join(c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c))
        .lower()
        .split()
    )
