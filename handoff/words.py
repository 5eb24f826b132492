"""Sentences about reasons and gates that people read, and the refusals made of them."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .gate import KNOWN, MET, Gate, Missing
from .refusals import ReasonRefused

if TYPE_CHECKING:
    from .models import Handoff, Reason

ITEM_NAMES: dict[str, Any] = {
    "budget": gettext_lazy("budget"),
    "authority": gettext_lazy("authority"),
    "need": gettext_lazy("need"),
    "timeline": gettext_lazy("timeline"),
    "metrics": gettext_lazy("metrics"),
    "economic_buyer": gettext_lazy("the economic buyer"),
    "decision_criteria": gettext_lazy("the decision criteria"),
    "decision_process": gettext_lazy("the decision process"),
    "identify_pain": gettext_lazy("the pain"),
    "champion": gettext_lazy("the champion"),
}
#: A date to come back lies within this time.
LONGEST_COOLING = timedelta(days=3 * 366)


def missing_sentence(missing: list[Missing]) -> str:
    """“To accept: log a call, meeting or e-mail; find out budget and timeline; need is answered no.”"""
    parts = [_("log a call, a meeting or an e-mail")] if any(m.item == "follow_up" for m in missing) else []
    unknown = [str(ITEM_NAMES[m.item]) for m in missing if m.lacks == KNOWN and m.item in ITEM_NAMES]
    unmet = [str(ITEM_NAMES[m.item]) for m in missing if m.lacks == MET]
    if unknown:
        parts.append(_("find out %(items)s") % {"items": get_text_list(unknown, _("and"))})
    if unmet:
        parts.append(_("%(items)s must be met at least partly") % {"items": get_text_list(unmet, _("and"))})
    return _("Before this lead can be accepted: %(parts)s.") % {"parts": "; ".join(parts)}


def gate_sentence(gate: Gate) -> str:
    """“A follow-up is on record; authority is known; budget, need and timeline are met at least partly.”"""
    known, met = ([str(ITEM_NAMES[item]) for item in gate.asked(what)] for what in (KNOWN, MET))
    parts = [_("a follow-up is on record")] if gate.needs_follow_up else []
    if known:
        parts.append(_("known: %(items)s") % {"items": get_text_list(known, _("and"))})
    if met:
        parts.append(_("met at least partly: %(items)s") % {"items": get_text_list(met, _("and"))})
    return capfirst("; ".join(parts)) + "." if parts else _("Nothing is asked: whoever holds a lead may accept it.")


def reason_line(reason: "Reason", text: str) -> str:
    """“No budget: next year at the earliest”"""
    return ": ".join(filter(None, (str(reason), text.strip())))


def reason_choice(reason: "Reason") -> str:
    """“No need (what the lead did counts half from then on)”: a choice says what it does to the score."""
    if not reason.cuts:
        return str(reason)
    after = {"halve": _("what the lead did counts half from then on"), "reset": _("what the lead did counts no more")}
    return f"{reason} ({after[reason.engagement]})"


def check_reason(
    handoff: "Handoff", reason: "Reason", *, fits: bool, text: str, return_on: date | None, today: date | None
) -> None:
    """Raise `ReasonRefused` unless the reason fits the decision and has the words, date and attempts it asks for.

    `today` is the workspace's day where a date may be given; None where no date belongs to the decision.
    """
    name = {"reason": reason}
    if not fits or not reason.is_active:
        raise ReasonRefused(_("“%(reason)s” is not a reason for this.") % name)
    if reason.asks_for_text and not text.strip():
        raise ReasonRefused(_("“%(reason)s” needs a few words.") % name)
    if today and reason.asks_for_date and return_on is None:
        raise ReasonRefused(_("“%(reason)s” needs the date when the lead should come back.") % name)
    if today and return_on and not today < return_on <= today + LONGEST_COOLING:
        raise ReasonRefused(_("The date to come back lies after today and within three years."))
    if reason.attempts and (logged := handoff.follow_ups.count()) < reason.attempts:
        needed = ngettext("%(n)d attempt", "%(n)d attempts", reason.attempts) % {"n": reason.attempts}
        said = _("“%(reason)s” needs %(needed)s on record; %(logged)d so far.")
        raise ReasonRefused(said % (name | {"needed": needed, "logged": logged}))
