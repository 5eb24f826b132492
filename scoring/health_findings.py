"""What to look at among the rules, said in plain words: dead, idle, saturated, capped away, twin, and against expectation (R11)."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .health_figures import EVERYBODY, Figures, RuleFigures
from .health_intervals import Interval

#: A rule whose deeds nobody did for so many days is dead.
DEAD_DAYS = 90
#: So much of what a rule earns may be lost before it is named.
CAPPED = 0.8
#: From this share on two rules say the same.
TWIN = 0.95
#: Shares are named from so many leads on.
FEWEST_LEADS = 10
DEAD, IDLE, SATURATED, CAPPED_AWAY, TWINS, AGAINST = "dead", "idle", "saturated", "capped", "twin", "against"
ORDER = (AGAINST, CAPPED_AWAY, TWINS, SATURATED, DEAD, IDLE)


@dataclass(frozen=True)
class Finding:
    """One thing to look at, in words, with the rule that it is about."""

    kind: str
    key: str
    title: str
    text: str


def findings(of: Figures) -> list[Finding]:
    """Everything worth a look, kind by kind; nothing where no lead has been read."""
    said, found = set[frozenset[str]](), list[Finding]()
    for rule in of.rules if of.leads else ():
        pair = frozenset((rule.key, rule.partner))
        twin = "" if pair in said else _twin(rule)
        said |= {pair} if twin else set()
        texts = {
            **_silent(rule, of.day_number), SATURATED: _saturated(rule), CAPPED_AWAY: _capped(rule), TWINS: twin,
            AGAINST: _against(rule),
        }  # fmt: skip
        found += [Finding(kind, rule.key, rule.title, text) for kind, text in texts.items() if text]
    return sorted(found, key=lambda one: ORDER.index(one.kind))


def lift_in_words(rule: RuleFigures) -> tuple[str, str]:
    """In two lines: "2.1 times" and "1.4 to 3.2", or that it cannot be told, and why."""
    times = rule.lift.times
    if times is None:
        return _("cannot be told:"), _("n is small")
    return _("%(times)s times") % _numbers(times), _("%(low)s to %(high)s") % _numbers(times)


def _numbers(times: Interval) -> dict[str, str]:
    return {"times": f"{times.value:.2g}", "low": f"{times.low:.2g}", "high": f"{times.high:.2g}"}


def _silent(rule: RuleFigures, today: int) -> dict[str, str]:
    """Why a rule fires for nobody, if it is so."""
    if rule.is_fit:
        return {} if rule.leads else {DEAD: _("Matches nobody.")}
    if rule.last_day < 0:
        return {DEAD: _("Has never fired: nobody ever did what it looks for.")}
    if rule.last_day <= today - DEAD_DAYS:
        said = _("Never fired in %(days)d days: what it looks for was last done on %(day)s.")
        return {DEAD: said % {"days": DEAD_DAYS, "day": _day(rule.last_on)}}
    if not rule.leads:
        said = _(
            "Gives nobody anything now: what it looks for was last done on %(day)s, but too seldom or too long ago."
        )
        return {IDLE: said % {"day": _day(rule.last_on)}}
    return {}


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _is_saturated(rule: RuleFigures) -> bool:
    return rule.leads >= FEWEST_LEADS and (rule.share or 0) >= EVERYBODY


def _saturated(rule: RuleFigures) -> str:
    if not _is_saturated(rule):
        return ""
    return _("Fires for everybody (%(share)s): it tells no lead from another.") % {"share": _percent(rule.share)}


def _capped(rule: RuleFigures) -> str:
    own, lost = rule.own_cap_took or 0, rule.lost or 0
    if rule.leads < FEWEST_LEADS or max(own, lost) < CAPPED:
        return ""
    if own >= CAPPED:
        said = _("%(share)s of what it gives is capped away by its own cap.")
        return said % {"share": _percent(own)}
    said = _("%(share)s of what it gives reaches no score: caps or floors of its group or axis are in the way.")
    return said % {"share": _percent(lost)}


def _twin(rule: RuleFigures) -> str:
    if rule.either < FEWEST_LEADS or (rule.overlap or 0) < TWIN:
        return ""
    said = ngettext(
        "Fires together with %(other)s in %(share)s: for %(both)d of %(either)d lead with either.",
        "Fires together with %(other)s in %(share)s: for %(both)d of %(either)d leads with either.",
        rule.either,
    )
    return said % {
        "other": rule.partner_title, "share": _percent(rule.overlap), "both": rule.both, "either": rule.either,
    }  # fmt: skip


def _against(rule: RuleFigures) -> str:
    """A rule that gives points to leads whom sales takes less often, or takes them from leads whom it takes more often."""
    times = rule.lift.times
    if times is None or not (times.high < 1 if rule.points > 0 else times.low > 1 and rule.points < 0):
        return ""
    said = _("Works against its points: sales accepts leads with it %(times)s times as often as others (%(low)s to %(high)s, n = %(n)d).")  # fmt: skip
    return said % {**_numbers(times), "n": rule.n}


def _percent(share: float | None) -> str:
    """Whole per cent, never rounded up to all of it."""
    percent = 100 * (share or 0)
    return f"{99 if 99 <= percent < 100 else round(percent)} %"
