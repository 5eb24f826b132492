"""All that the Score tab says of one lead on one day: the ledger, what time alone will do, what would reach the next stage."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.models import FactChange, Lead
from leads.stages import Stage

from . import matchers
from .days import end_of
from .definition import ENGAGEMENT, FIT, Model
from .forecast import HORIZON
from .lead_path import LeadPath
from .ledger import Ledger, Line
from .models import Snapshot
from .points import exact_points, whole_points
from .reach_reading import ReachReading, reach_in_words
from .sentences import line_of, type_labels
from .vectors import DayOutOfRange, date_of, scoring_day


@dataclass(frozen=True)
class LeadReading:
    """A lead's score on a day by one version; `future` and `reach` are told of today only."""

    ledger: Ledger
    rows: list[dict[str, Any]]
    stage: str
    future: str = ""
    reach: ReachReading | None = None

    @property
    def total(self) -> Decimal:
        return exact_points(self.ledger.total)

    @property
    def shown_total(self) -> int:
        return whole_points(self.ledger.total)


def read(path: LeadPath, day: date) -> LeadReading:
    """What the tab shows of a day; raises `DayOutOfRange`."""
    ledger, model, stage = path.ledger_on(day), path.model, path.stage_on(day)
    if day != path.today:
        return LeadReading(ledger, _rows(ledger, model, path.today), stage)
    reach = None
    if matchers.knows(model):
        reach = reach_in_words(path.plan, path.entries, ledger.fit, ledger.day, path.lead.stage, path.cuts)
    return LeadReading(ledger, _rows(ledger, model, path.today), stage, _future(path, ledger), reach)


def frozen(snapshot: Snapshot) -> LeadReading:
    """What the ledger said when the stage changed, as it was kept."""
    kept: Any = snapshot.ledger
    days = {name: _day_number(kept[name]) for name in ("day", "last_active", "last_intent")}
    ledger = Ledger(
        fit=_hundredths(kept["fit"]), engagement=_hundredths(kept["engagement"]), label=kept["label"],
        lines=tuple(_kept_line(line) for line in kept["lines"]), **days,
        cuts=tuple((_day_number(one["day"]), one["share"]) for one in kept.get("cuts", ())),
    )  # fmt: skip
    return LeadReading(ledger, _rows(ledger, snapshot.model.model, snapshot.day), snapshot.move.to_stage)


def _kept_line(line: dict[str, Any]) -> Line:
    said = {name: line[name] for name in ("kind", "axis", "group", "key", "title", "events")}
    uncut = _hundredths(line["uncut"]) if "uncut" in line else None
    return Line(**said, before=_hundredths(line["before"]), after=_hundredths(line["after"]), uncut=uncut)


def _hundredths(points: float) -> int:
    return round(points * 100)


def _day_number(day: str | None) -> int:
    return scoring_day(date.fromisoformat(day)) if day else -1


def _rows(ledger: Ledger, model: Model, today: date) -> list[dict[str, Any]]:
    """The ledger as its component shows it: axes with their sums, groups, the rules that did something, caps."""
    labels, rules = type_labels(), {rule.key: rule for rule in model.rules}
    rows: list[dict[str, Any]] = []
    for axis, title, points in ((FIT, _("Fit"), ledger.fit), (ENGAGEMENT, _("Engagement"), ledger.engagement)):
        said = " ".join(cuts_in_words(ledger, today)) if axis == ENGAGEMENT else ""
        rows.append({"kind": "axis", "text": title, "detail": said, "points": exact_points(points)})
        for group in model.groups_of(axis):
            lines = [
                line for line in ledger.lines if line.axis == axis and line.group == group.key and line.kind != "axis"
            ]
            shown = [
                _row(line, line_of(rules[line.key], labels).what if line.kind == "rule" and line.key in rules else "")
                for line in lines
                if line.did_something
            ]
            rows += [{"kind": "group", "text": group.title}, *shown] if shown else []
        rows += [_row(line, "") for line in ledger.lines if line.kind == "axis" and line.axis == axis]
    return rows


def _row(line: Line, what: str) -> dict[str, Any]:
    if line.kind != "rule":
        return {"kind": "cap", "text": line.title, "points": exact_points(line.points)}
    parts = [what]
    if line.uncut is not None:
        parts.append(_("%(points)s if it counted in full") % {"points": exact_points(line.uncut)})
    if line.capped:
        parts.append(_("%(points)s before the rule's cap") % {"points": exact_points(line.before)})
    return {
        "kind": "rule",
        "text": line.title,
        "detail": " · ".join(filter(None, parts)),
        "events": line.events,
        "points": exact_points(line.points),
    }


def cuts_in_words(ledger: Ledger, today: date) -> list[str]:
    """A sentence for each time that sales sent the lead back in such a way that what it did before counts less since then."""
    words = {
        50: _("What the lead did up to %(day)s counts half since sales sent it back that day."),
        0: _("What the lead did up to %(day)s counts no more since sales sent it back that day."),
    }
    return [words[share] % {"day": day_in_words(date_of(day) or today, today)} for day, share in ledger.cuts]


def _future(path: LeadPath, ledger: Ledger) -> str:
    """What time alone will do with the stage, as one sentence; blank where it is not the score that decides."""
    stage, says = path.lead.stage, path.model.definitions
    if stage not in (Stage.LEAD, Stage.MARKETING_QUALIFIED):
        return ""
    if path.moves_ahead:
        return _move_in_words(path, ledger)
    if stage == Stage.LEAD or says.mql.leave_total is None:
        return ""
    return _("If nothing happens it stays MQL for the next %(days)d days.") % {"days": HORIZON}


def _move_in_words(path: LeadPath, ledger: Ledger) -> str:
    move, leave = path.moves_ahead[0], path.model.definitions.mql.leave_total
    on = {"day": day_in_words(path.marks[len(path.moved)].day, path.today), "stage": Stage(move.after).label}
    if move.after != Stage.LEAD and path.cools_until == path.marks[len(path.moved)].day:
        return _("It becomes %(stage)s on %(day)s, when the time for which sales sent it back is over.") % on
    if move.after != Stage.LEAD:
        return _("If nothing happens it becomes %(stage)s on %(day)s, when points taken from it fade.") % on
    if leave is not None and ledger.total < leave:
        return (
            _("The score is under the leave mark already; after the minimum stay it is a lead again on %(day)s.") % on
        )
    return _("If nothing happens it falls below MQL on %(day)s.") % on


def day_in_words(day: date, today: date) -> str:
    """ "14 March", with the year where it is another one."""
    return date_format(day, "j F" if day.year == today.year else "j F Y")


def day_asked(text: str, today: date) -> date:
    """The day in "2026-11-21", today where nothing is asked; raises `DayOutOfRange` with a sentence for anything else."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise DayOutOfRange(_("Give the day as 2026-11-21.")) from None
    scoring_day(day)
    return day


def facts_changed_since(lead: Lead, day: date) -> bool:
    """Whether facts of the lead or its company changed after the day, so that the score of that day used the old ones."""
    changes = FactChange.objects.filter(at__gt=end_of(day))
    return changes.filter(lead=lead).exists() or (
        lead.company_id is not None and changes.filter(company=lead.company_id).exists()
    )


def days_around(day: date) -> tuple[date, date]:
    """A week before and after, for the buttons beside the day."""
    return day - timedelta(days=7), day + timedelta(days=7)
