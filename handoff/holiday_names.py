"""Public holidays by country and year, from the holidays library; a calendar asks for one year at a time."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

import holidays
from holidays.registry import COUNTRIES

_ENGLISH = "en_US"


@cache
def countries() -> dict[str, str]:
    """Code → name in English, by name."""
    named = {
        code: " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", name)) for name, code, *_more in COUNTRIES.values()
    }
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: named.get(code, code) for code in sorted(known, key=lambda code: named.get(code, code))}


def subdivisions(country: str) -> list[str]:
    """The codes of the parts of a country whose holidays differ."""
    return holidays.list_supported_countries(include_aliases=False).get(country, [])


@lru_cache(2_000)
def holidays_of(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year by name, in English where the library knows it; none for a blank country."""
    if not country:
        return {}
    language = _ENGLISH if _ENGLISH in _languages().get(country, ()) else None
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=language)
    return {day: name for day, name in sorted(found.items()) if day.year == year}


@cache
def _languages() -> dict[str, list[str]]:
    return holidays.list_localized_countries()
