"""Who uses a list: other lists, programs, and what other rooms keep conditions in; a list they use is not put away."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from scoring.lead_fields import kept_conditions

from .list_order import named_in
from .track import Branch, ListChange, Track

if TYPE_CHECKING:
    from .models import LeadList


def users_of(chosen: "LeadList") -> list[str]:
    """Everything in use that names the list, in words: “the list “Poles””, “the program “Warm up””, “the deadline policy …”."""
    lists = [_("the list “%(name)s”") % {"name": one.name} for one in chosen.named_by()]
    others = [words for words, conditions in kept_conditions() if chosen.pk in named_in(conditions)]
    return [*lists, *_programs(chosen.pk), *others]


def _programs(pk: int) -> Iterator[str]:
    from .models import Program, ProgramVersion  # noqa: PLC0415 - lists are asked who uses them

    open_ones = ProgramVersion.objects.that_count_or_will().select_related("program")
    naming = {one.program for one in open_ones if pk in lists_in(one.track)}
    for program in sorted(naming, key=Program.__str__):
        yield _("the program “%(name)s”") % {"name": program.name}


def lists_in(track: Track) -> set[int]:
    """The lists that a track names: who comes in by, whom it puts in or takes out of, and asks about."""
    steps = [place.step for place in track.places]
    found = {track.entry.list} if track.entry.by == "list" else set()
    found |= {step.list for step in steps if isinstance(step, ListChange)}
    asked = [step.conditions for step in steps if isinstance(step, Branch) and step.by == "conditions"]
    asked.append(track.goal.conditions if track.goal.by == "conditions" else ())
    return {pk for pk in found if pk} | {pk for conditions in asked for pk in named_in(conditions)}
