"""When nurture may write, pure: hours of some weekdays, by a zone, never on holidays or own days; and whose zone it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays

DAY_MINUTES = 24 * 60
#: Hours that do not open within so many days are a mistake.
MOST_DAYS = 400
ZONES = ("lead", "company", "workspace")


@dataclass(frozen=True)
class Hours:
    """Open from `opens` until `closes` (minutes of the local day) on `days` (0 is Monday); closed on a country's holidays."""

    zone: str = "lead"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: int = 9 * 60
    closes: int = 17 * 60
    country: str = ""
    own_days: tuple[date, ...] = ()

    def is_open_on(self, day: date) -> bool:
        """Whether it opens at all on this local day."""
        return (
            day.weekday() in self.days
            and day not in self.own_days
            and not (self.country and day in _holidays(self.country, day.year))
        )

    def next_open(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """The moment itself where it is open, else when it opens next, UTC; None where it does not within a year."""
        local = moment.astimezone(zone)
        day, minute = local.date(), local.hour * 60 + local.minute
        if self.is_open_on(day) and self.opens <= minute < self.closes:
            return moment
        if minute >= self.opens:
            day += timedelta(days=1)
        for _n in range(MOST_DAYS):
            if self.is_open_on(day):
                return at_local(day, self.opens, zone)
            day += timedelta(days=1)
        return None


def at_local(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment at which a clock of the zone shows so many minutes of the day, UTC."""
    hour, left = divmod(minute, 60)
    return datetime(day.year, day.month, day.day, hour, left, tzinfo=zone).astimezone(UTC)


def waited_until(
    how: str, since: datetime, zone: ZoneInfo, *, minutes: int, weekday: int, time: int, day: date | None
) -> datetime:
    """When a wait that begins now is over: after some minutes, on the next such weekday, or on a day (now, if it passed)."""
    if how == "for":
        return since + timedelta(minutes=minutes)
    if how == "date":
        return max(since, at_local(day, time, zone)) if day else since
    today = since.astimezone(zone).date()
    ahead = today + timedelta(days=(weekday - today.weekday()) % 7)
    moment = at_local(ahead, time, zone)
    return moment if moment > since else at_local(ahead + timedelta(days=7), time, zone)


@lru_cache(500)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year).items())
    except NotImplementedError:
        return {}


@cache
def countries_with_holidays() -> tuple[str, ...]:
    """The codes of the countries whose holidays are known."""
    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def zone_of(own: object, *countries: str, otherwise: ZoneInfo) -> ZoneInfo:
    """A lead's own zone where it is one of the tz database, else that of the first known country, else the other one."""
    if isinstance(own, str) and own in _zones():
        return ZoneInfo(own)
    for country in countries:
        if name := _ZONE_OF_COUNTRY.get(country.strip().casefold()):
            return ZoneInfo(name)
    return otherwise


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


#: Where most people of a country live; a lead that lives elsewhere in it can have a custom field "time_zone".
_COUNTRIES = """
Argentina,AR,America/Argentina/Buenos_Aires|Australia,AU,Australia/Sydney|Austria,AT,Europe/Vienna|Bangladesh,BD,Asia/Dhaka
Belgium,BE,Europe/Brussels|Brazil,BR,America/Sao_Paulo|Bulgaria,BG,Europe/Sofia|Canada,CA,America/Toronto|Chile,CL,America/Santiago
China,CN,Asia/Shanghai|Colombia,CO,America/Bogota|Croatia,HR,Europe/Zagreb|Cyprus,CY,Asia/Nicosia|Czech Republic,CZ,Europe/Prague
Czechia,CZ,Europe/Prague|Denmark,DK,Europe/Copenhagen|Egypt,EG,Africa/Cairo|Estonia,EE,Europe/Tallinn|Finland,FI,Europe/Helsinki
France,FR,Europe/Paris|Germany,DE,Europe/Berlin|Greece,GR,Europe/Athens|Hong Kong,HK,Asia/Hong_Kong|Hungary,HU,Europe/Budapest
Iceland,IS,Atlantic/Reykjavik|India,IN,Asia/Kolkata|Indonesia,ID,Asia/Jakarta|Ireland,IE,Europe/Dublin|Israel,IL,Asia/Jerusalem
Italy,IT,Europe/Rome|Japan,JP,Asia/Tokyo|Kenya,KE,Africa/Nairobi|Kuwait,KW,Asia/Kuwait|Latvia,LV,Europe/Riga
Lithuania,LT,Europe/Vilnius|Luxembourg,LU,Europe/Luxembourg|Malaysia,MY,Asia/Kuala_Lumpur|Malta,MT,Europe/Malta
Mexico,MX,America/Mexico_City|Morocco,MA,Africa/Casablanca|Netherlands,NL,Europe/Amsterdam|New Zealand,NZ,Pacific/Auckland
Nigeria,NG,Africa/Lagos|Norway,NO,Europe/Oslo|Pakistan,PK,Asia/Karachi|Peru,PE,America/Lima|Philippines,PH,Asia/Manila
Poland,PL,Europe/Warsaw|Portugal,PT,Europe/Lisbon|Qatar,QA,Asia/Qatar|Romania,RO,Europe/Bucharest|Russia,RU,Europe/Moscow
Saudi Arabia,SA,Asia/Riyadh|Serbia,RS,Europe/Belgrade|Singapore,SG,Asia/Singapore|Slovakia,SK,Europe/Bratislava
Slovenia,SI,Europe/Ljubljana|South Africa,ZA,Africa/Johannesburg|South Korea,KR,Asia/Seoul|Spain,ES,Europe/Madrid
Sri Lanka,LK,Asia/Colombo|Sweden,SE,Europe/Stockholm|Switzerland,CH,Europe/Zurich|Taiwan,TW,Asia/Taipei|Thailand,TH,Asia/Bangkok
Turkey,TR,Europe/Istanbul|Ukraine,UA,Europe/Kyiv|United Arab Emirates,AE,Asia/Dubai|United Kingdom,GB,Europe/London
United States,US,America/New_York|United States of America,US,America/New_York|USA,US,America/New_York|Vietnam,VN,Asia/Ho_Chi_Minh
"""
_ZONE_OF_COUNTRY: dict[str, str] = {}
for _row in _COUNTRIES.strip().replace("\n", "|").split("|"):
    _name, _code, _zone = _row.split(",")
    _ZONE_OF_COUNTRY[_name.casefold()] = _ZONE_OF_COUNTRY[_code.casefold()] = _zone
