"""The track in words: a sentence for every step, for entry, goal and hours, and what differs between two versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.stages import Stage
from scoring.lead_fields import sentence_of_list

from .sending_hours import DAY_MINUTES, Hours
from .track import OWN_STAGES, Branch, Entry, Goal, ListChange, Mail, Notify, Owner, Step, Track, Wait

_HOUR = 60


@dataclass(frozen=True)
class Names:
    """What the numbers and keys of a document are called: e-mails, lists, people by id, activities by key."""

    emails: Mapping[int, str] = field(default_factory=dict)
    lists: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    activities: Mapping[str, str] = field(default_factory=dict)


def length_words(minutes: int) -> str:
    """“3 days”, “1 week”, “36 hours”, “20 minutes”."""
    for size, one, many in (
        (7 * DAY_MINUTES, "%(n)d week", "%(n)d weeks"),
        (DAY_MINUTES, "%(n)d day", "%(n)d days"),
        (_HOUR, "%(n)d hour", "%(n)d hours"),
    ):
        if minutes and minutes % size == 0:
            return ngettext(one, many, minutes // size) % {"n": minutes // size}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def time_words(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def sentence(step: Step, track: Track, names: Names) -> str:
    """What the step does, as a sentence without its full stop."""
    if isinstance(step, Wait):
        return _wait(step)
    if isinstance(step, Mail):
        return _("Send “%(email)s”") % {
            "email": _called(names.emails, step.email, _("an e-mail that is not chosen yet"))
        }
    if isinstance(step, Branch):
        return _question(step, track, names)
    if isinstance(step, ListChange):
        words = _("Put into “%(list)s”") if step.how == "put" else _("Take out of “%(list)s”")
        return words % {"list": _called(names.lists, step.list, _("a list that is not chosen yet"))}
    if isinstance(step, Notify):
        person = _called(names.people, step.person, _("a person who is not chosen yet"))
        return _("Tell %(person)s: “%(text)s”") % {"person": person, "text": step.text}
    handed = _("Hand over to sales: “%(note)s”")
    return handed % {"note": step.note} if isinstance(step, Owner) else _("The program is over")


def _wait(step: Wait) -> str:
    if step.how == "for":
        return _("Wait %(length)s") % {"length": length_words(step.minutes)}
    if step.how == "weekday":
        return _("Wait until %(day)s, %(time)s") % {"day": WEEKDAYS[step.weekday], "time": time_words(step.time)}
    day = step.day.isoformat() if step.day else _("a day that is not chosen yet")
    return _("Wait until %(day)s, %(time)s") % {"day": day, "time": time_words(step.time)}


def _question(step: Branch, track: Track, names: Names) -> str:
    if step.by == "conditions":
        return _("Is it so that %(conditions)s?") % {"conditions": sentence_of_list(step.conditions) or "…"}
    if step.by == "activity":
        return _("“%(activity)s” since coming in?") % {
            "activity": names.activities.get(step.activity, step.activity or "…")
        }
    asked = track.step(step.letter)
    email = _called(names.emails, asked.email if isinstance(asked, Mail) else None, "…")
    words = {
        "click": _("Clicked in “%(email)s”?"),
        "open": _("Opened “%(email)s”?"),
        "reply": _("Replied to “%(email)s”?"),
    }
    return words.get(step.did, words["click"]) % {"email": email}


def _called(names: Mapping[int, str], number: int | None, otherwise: str) -> str:
    return otherwise if number is None else names.get(number, f"#{number}")


def entry_sentence(entry: Entry, names: Names) -> str:
    """Who comes in, as a sentence."""
    stages = _(" or ").join(str(Stage(stage).label) for stage in entry.stages)
    if entry.by == "list":
        who = _("Leads of the list “%(list)s”") % {"list": _called(names.lists, entry.list, _("not chosen yet"))}
    elif entry.by == "stage":
        who = _("Leads that are %(stage)s") % {"stage": Stage(entry.stage).label}
        stages = ""
    elif entry.by == "form":
        who = _("Leads with “%(activity)s”") % {"activity": names.activities.get(entry.activity, entry.activity)}
    elif entry.by == "recycled":
        why = _(" because of “%(reason)s”") % {"reason": entry.reason} if entry.reason else ""
        who = _("Leads that sales sent back%(why)s") % {"why": why}
    else:
        who = _("Leads that somebody puts in by hand")
    said = [who]
    if stages and set(entry.stages) != set(OWN_STAGES):
        said.append(_("while they are %(stages)s") % {"stages": stages})
    if entry.by in ("list", "stage", "recycled"):
        said.append(_("those there now as well") if entry.present else _("from activation on"))
    said.append(_("once a cycle") if entry.again else _("once"))
    return ", ".join(said) + "."


def goal_sentence(goal: Goal) -> str:
    if goal.by == "stage":
        return _("Becomes %(stage)s, or SQL.") % {"stage": Stage(goal.stage).label}
    if goal.by == "conditions":
        return _("%(conditions)s; or becomes SQL.") % {"conditions": sentence_of_list(goal.conditions)}
    return _("Becomes SQL.")


def hours_sentence(hours: Hours) -> str:
    """“Mon, Tue 09:00–17:00 by the lead’s clock, not on holidays of PL.”"""
    zones = {"lead": _("the lead’s clock"), "company": _("the company’s clock"), "workspace": _("our clock")}
    days = ", ".join(str(WEEKDAYS[day]) for day in hours.days)
    if hours.days == (0, 1, 2, 3, 4):
        days = _("Monday to Friday")
    elif len(hours.days) == 7:
        days = _("Every day")
    said = [
        _("%(days)s, %(opens)s–%(closes)s by %(zone)s")
        % {
            "days": days,
            "opens": time_words(hours.opens),
            "closes": time_words(hours.closes),
            "zone": zones[hours.zone],
        }
    ]
    if hours.country:
        said.append(_("not on holidays of %(country)s") % {"country": hours.country})
    if hours.own_days:
        said.append(_("not on %(days)s") % {"days": ", ".join(day.isoformat() for day in hours.own_days)})
    return "; ".join(said) + "."


def whole_sentences(track: Track, names: Names) -> dict[str, str]:
    """Entry, goal, hours and share, each under its name."""
    return {
        _("Who comes in"): entry_sentence(track.entry, names),
        _("Goal"): goal_sentence(track.goal),
        _("Sending hours"): hours_sentence(track.hours),
        _("Hold-out"): _("%(share)d%% get nothing, for comparison.") % {"share": track.hold_out}
        if track.hold_out
        else _("Nobody is held out."),
    }


def differences(old: Track, new: Track, names: Names) -> list[tuple[str, str, str]]:
    """What a new version changes: (what, before, after) in words; blank before is new, blank after is gone."""
    found = [
        (what, said, after)
        for (what, said), after in zip(
            whole_sentences(old, names).items(), whole_sentences(new, names).values(), strict=True
        )
        if said != after
    ]
    for key in dict.fromkeys([*old.by_key, *new.by_key]):
        before, after = _line(old, key, names), _line(new, key, names)
        if before != after:
            found.append((_("Step"), before, after))
    if not any(what == _("Step") for what, *_rest in found) and _order(old) != _order(new):
        found.append((_("Order"), _order_words(old, names), _order_words(new, names)))
    return found


def _line(track: Track, key: str, names: Names) -> str:
    step = track.step(key)
    if step is None:
        return ""
    return sentence(replace(step, yes=(), no=()) if isinstance(step, Branch) else step, track, names)


def _order(track: Track) -> list[tuple[str, str, str]]:
    return [(place.step.key, place.branch, place.way) for place in track.places]


def _order_words(track: Track, names: Names) -> str:
    return " → ".join(_lines(track, names))


def _lines(track: Track, names: Names) -> Iterable[str]:
    return (sentence(place.step, track, names) for place in track.places)
