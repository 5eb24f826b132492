"""Whether a person or a machine answered a letter: several signals, judged over all answers to it together. Pure.

No single signal is proof (mautic#16263): scanners look like browsers, and people are quick. What speaks for a machine is kept in
words beside the answer, earns nothing, and anybody may say otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from crawleruseragents import is_crawler
from django.utils.translation import gettext as _

from leads.machines import is_machine

#: Nobody has opened an e-mail and read it so soon after it was handed over.
SOON = timedelta(seconds=8)
#: Links followed within such a span are followed by one hand, or by one machine.
SPAN = timedelta(seconds=5)
#: What happened so near to the hidden link happened by the same machine.
NEAR_TRAP = timedelta(seconds=60)
#: So many different links within a span are more than a person follows.
MANY = 3
#: Answers further apart than this say nothing of each other.
REACH = NEAR_TRAP


@dataclass(frozen=True)
class Seen:
    """One answer as it came: `link` is the key of a clicked link, `only_head` asked for the address without the page."""

    kind: str
    at: datetime
    link: str = ""
    user_agent: str = ""
    only_head: bool = False


def reasons(answers: Sequence[Seen], *, handed_at: datetime | None, links: int) -> list[str]:
    """For each answer to one letter why a machine gave it; blank for a person. `links` is how many links the letter has."""
    return [
        "" if one.kind == "reply" else _of_itself(one, handed_at) or _of_others(one, answers, links) for one in answers
    ]


def _of_itself(one: Seen, handed_at: datetime | None) -> str:
    if one.kind == "trap":
        return _("Followed the hidden link.")
    if not one.user_agent.strip():
        return _("Did not say which program asked.")
    if names_a_machine(one.user_agent):
        return _("Its user agent names a machine.")
    if one.only_head:
        return _("Asked for the address only.")
    if handed_at and one.kind in ("open", "click") and one.at - handed_at <= SOON:
        return _("%(seconds)d seconds after it was handed over.") % {"seconds": (one.at - handed_at).total_seconds()}
    return ""


def _of_others(one: Seen, answers: Sequence[Seen], links: int) -> str:
    if any(other.kind == "trap" for other in _within(one, answers, NEAR_TRAP)):
        return _("The hidden link was followed in the same minute.")
    if one.kind not in ("click", "leaving"):
        return ""
    near = list(_within(one, answers, SPAN))
    clicked = {other.link for other in near if other.kind == "click"}
    if clicked and any(other.kind == "leaving" for other in near):
        return _("The page for leaving and other links within seconds.")
    if len(clicked) >= min(MANY, max(links, 2)):
        return _("%(number)d different links within seconds.") % {"number": len(clicked)}
    return ""


def _within(one: Seen, answers: Iterable[Seen], span: timedelta) -> Iterable[Seen]:
    return (other for other in answers if abs(other.at - one.at) <= span)


@lru_cache(maxsize=10_000)
def names_a_machine(user_agent: str) -> bool:
    """Whether the user agent is known as a proxy's, a scanner's or a robot's."""
    return is_machine(user_agent) or bool(is_crawler(user_agent))
