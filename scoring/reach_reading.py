"""What would reach the next stage, in words: which deeds are typical here, the ways there, or why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.stages import Stage

from . import store
from .cuts import Cuts
from .definition import EngagementRule, Model, QualifiedForSales
from .forecast import still_counting
from .models import LeadScore
from .plan import Plan
from .points import signed_points
from .reach import Reach, Typical, Way, reach
from .vectors import MOST_CLASSES, Entries, unpack

#: The stage that comes next, by definition.
NEXT = {Stage.LEAD: "mql", Stage.MARKETING_QUALIFIED: "sql"}
TITLES = {"mql": "MQL", "sql": "SQL"}
#: How many ways are told, and among how many of the latest active leads deeds are counted.
SHOWN, SAMPLE = 5, 1_000
#: Days after this cannot hold a deed.
MOST_DAYS = 1 << 14


@dataclass(frozen=True)
class ReachReading:
    """What the tab says: ways in words, smallest first, or one sentence of why there is none."""

    stage: str
    ways: list[str] = field(default_factory=list)
    why_not: str = ""


def reach_in_words(
    plan: Plan, entries: Entries, fit: int, day: int, stage: str, cuts: Cuts | None = None
) -> ReachReading | None:
    """What would take a lead of this stage to the next one on the day; None where no score moves it on."""
    if stage not in NEXT or day >= MOST_DAYS:
        return None
    wanted = NEXT[Stage(stage)]
    kinds = typical(plan)
    found = reach(plan, still_counting(plan, entries, day), fit, day, wanted, kinds, cuts)
    ways = [_way(one) for one in found.ways[:SHOWN]]
    return ReachReading(TITLES[wanted], ways, "" if ways else _why_not(plan.model, wanted, fit, found, kinds))


def typical(plan: Plan) -> list[Typical]:
    """The kinds of deeds that help and that the latest active leads did, the most frequent first, each title once."""
    latest = LeadScore.objects.filter(last_active_on__isnull=False).order_by("-last_active_on", "-lead_id")
    _days, classes, counts = unpack(store.read(sorted(latest.values_list("lead_id", flat=True)[:SAMPLE])).entries)
    often = np.bincount(classes, counts, MOST_CLASSES)
    titles: dict[str, Typical] = {}
    for cls in np.argsort(-often, kind="stable")[: np.count_nonzero(often)].tolist():
        title = _title(plan, cls)
        if title:
            titles.setdefault(title, Typical(cls, title))
    return list(titles.values())


def _title(plan: Plan, cls: int) -> str:
    """What a deed of the class is called: as the rule that describes it best; blank if it gives nothing."""
    fed = [plan.rules[row] for row in np.flatnonzero(plan.matches[cls]).tolist()]
    giving = [rule for rule in fed if rule.points > 0]
    if giving:
        return max(giving, key=_closeness).title
    return _("Anything that shows commercial intent") if plan.intent[cls] else ""


def _closeness(rule: EngagementRule) -> tuple[bool, int, int]:
    return rule.count.kind != "at_least", len(rule.deed.when), rule.points


def _way(way: Way) -> str:
    """Such as: Webinar attended and Pricing page, 2 times."""
    return _(" and ").join(_times(kind.title, times) for kind, times in way)


def _times(title: str, times: int) -> str:
    if times == 1:
        return title
    return ngettext("%(rule)s, %(n)d time", "%(rule)s, %(n)d times", times) % {"rule": title, "n": times}


def _why_not(model: Model, stage: str, fit: int, found: Reach, kinds: Iterable[Typical]) -> str:
    says, title = model.definitions, TITLES[stage]
    if found.already:
        return _("It has what %(stage)s needs already.") % {"stage": title}  # fmt: skip
    if not kinds:
        return _("Nothing that leads did so far gives points by this version.")
    missing = _missing_fit_for_sql(says.sql, fit) if stage == "sql" else _missing_fit(title, says.mql.fit, fit)
    if missing:
        return missing
    mark = says.sql.total if stage == "sql" else says.mql.total
    if mark is None or found.best >= mark:
        return _("No typical deed reaches %(stage)s.") % {"stage": title}
    marks = {"best": plain(found.best), "mark": plain(mark), "stage": title}
    return _("Even the best three typical deeds give %(best)s of the %(mark)s points that %(stage)s needs.") % marks


def _missing_fit(title: str, mark: int | None, fit: int) -> str:
    if mark is None or fit >= mark:
        return ""
    words = _("Fit is %(fit)s, and %(stage)s needs %(mark)s: what somebody does adds no fit.")
    return words % {"fit": plain(fit), "mark": plain(mark), "stage": title}


def _missing_fit_for_sql(sql: QualifiedForSales, fit: int) -> str:
    """There are two ways to SQL, by score and by intent, each with a fit mark of its own; what closes both, or the first."""
    by_score, by_intent = not (sql.total is None and sql.fit is None), not (sql.intent_within_days is None and sql.intent_fit is None)  # fmt: skip
    lacks_fit = by_score and sql.fit is not None and fit < sql.fit
    lacks_intent_fit = by_intent and sql.intent_fit is not None and fit < sql.intent_fit
    if lacks_fit and lacks_intent_fit:
        marks = {"fit": plain(fit), "mark": plain(sql.fit or 0), "intent": plain(sql.intent_fit or 0)}
        return _("Fit is %(fit)s, and SQL needs %(mark)s, or %(intent)s with commercial intent: what somebody does adds no fit.") % marks  # fmt: skip
    if lacks_fit:
        return _missing_fit(_("SQL by score") if by_intent else "SQL", sql.fit, fit)
    return _missing_fit("SQL", sql.intent_fit, fit) if lacks_intent_fit and not by_score else ""


def plain(hundredths: int) -> str:
    """Points as ledgers say them, without a plus."""
    return signed_points(hundredths).removeprefix("+")
