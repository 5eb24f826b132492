"""What is to be known of a draft before it counts: what keeps it from that, and what one should have seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

from .entering import candidates
from .merge_values import missing_values
from .models import Email, LeadList, Program, ProgramVersion
from .track import Branch, ListChange, Mail, Notify, Place, Track, Wait
from .track_reading import KIND_WORDS


@dataclass(frozen=True)
class Finding:
    """One thing to know; `blocks` when the draft cannot count so. `step` is the key of the step, blank for the program."""

    sentence: str
    blocks: bool = False
    step: str = ""

    def __str__(self) -> str:
        return self.sentence


def blocking(program: Program, draft: ProgramVersion) -> list[str]:
    """What keeps the draft from counting, as sentences."""
    track, faults = draft.read()
    if faults:
        return [str(fault) for fault in faults]
    return [str(one) for one in _of_things(track) if one.blocks]


def findings(program: Program, draft: ProgramVersion, *, now: datetime) -> list[Finding]:
    """All of it: faults, things that are gone, hours that never open, ways nobody can go, people whose names are missing."""
    track, faults = draft.read()
    found = [Finding(str(fault), True, fault.step) for fault in faults]
    found += [*_of_things(track), *_of_hours(track, now), *_of_ways(track)]
    if not any(one.blocks for one in found):
        found += _of_people(program, track)
    return found


def _of_things(track: Track) -> list[Finding]:
    """E-mails without a finished version, lists and people that are gone."""
    finished = set(Email.objects.finished().filter(pk__in=track.emails()).values_list("pk", flat=True))
    steps = [place.step for place in track.places]
    either = {step.list for step in steps if isinstance(step, ListChange)} | {track.entry.list}
    lists = {one.pk: one for one in LeadList.objects.active().filter(pk__in=[pk for pk in either if pk])}
    told = {step.person for step in steps if isinstance(step, Notify)} - {None}
    people = set(User.objects.active().filter(pk__in=told).values_list("pk", flat=True)) if told else set()
    found: list[Finding] = []
    if track.entry.by == "list" and track.entry.list and track.entry.list not in lists:
        found.append(Finding(_("Who comes in: this list is archived or gone."), True))
    for place in track.places:
        step = place.step
        if isinstance(step, Mail) and step.email and step.email not in finished:
            found.append(_about(place, _("this e-mail has no finished version, or is archived.")))
        if isinstance(step, ListChange) and step.list and step.list not in lists:
            found.append(_about(place, _("this list is archived or gone.")))
        elif isinstance(step, ListChange) and step.list and step.how == "put" and lists[step.list].is_dynamic:
            found.append(_about(place, _("this list fills itself; nobody can be put into it.")))
        if isinstance(step, Notify) and step.person and step.person not in people:
            found.append(_about(place, _("this person is not there any more.")))
    return found


def _of_hours(track: Track, now: datetime) -> list[Finding]:
    if track.emails() and track.hours.next_open(now, settings.WORKSPACE_ZONE) is None:
        return [Finding(_("The sending hours never open: no day is left on which nothing forbids it."), True)]
    return []


def _of_ways(track: Track) -> list[Finding]:
    """Steps behind an end, questions about e-mails just sent, and branches whose ways are the same."""
    found: list[Finding] = []
    for place, following in zip(track.places, [*track.places[1:], None], strict=True):
        step = place.step
        if isinstance(step, Branch) and not step.yes and not step.no:
            found.append(_about(place, _("both ways are empty, so it changes nothing."), blocks=False))
        ends = step.kind in ("end", "owner")
        if ends and following and (following.branch, following.way) == (place.branch, place.way):
            found.append(
                _about(
                    following, _("nobody comes here: the program is over one step before."), blocks=step.kind == "end"
                )
            )
        if isinstance(step, Branch) and step.by == "letter" and not _waits_before(track, place):
            found.append(
                _about(
                    place,
                    _("it asks about an e-mail without a wait in between; almost nobody will have answered."),
                    blocks=False,
                )
            )
    return found


def _waits_before(track: Track, place: Place) -> bool:
    """Whether a wait stands between the e-mail that is asked about and the question."""
    letter = track.by_key.get(place.step.letter)  # type: ignore[attr-defined]
    if letter is None:
        return True
    return any(isinstance(one.step, Wait) for one in track.places[letter.number : place.number])


def _of_people(program: Program, track: Track) -> list[Finding]:
    """“3 people have no first name”, of those who would come in at once, for each e-mail."""
    leads = candidates(program, track, None)
    found: list[Finding] = []
    for email in Email.objects.finished().filter(pk__in=track.emails()):
        for label, count in missing_values(email.newest, leads) if email.newest else ():
            words = ngettext(
                "“%(email)s”: %(n)d person has no “%(field)s”, and the text has no fallback for it.",
                "“%(email)s”: %(n)d people have no “%(field)s”, and the text has no fallback for it.",
                count,
            )
            found.append(Finding(words % {"email": email.name, "n": count, "field": label}))
    return found


def _about(place: Place, sentence: str, *, blocks: bool = True) -> Finding:
    said: dict[str, Any] = {"number": place.number, "kind": KIND_WORDS[place.step.kind], "sentence": sentence}
    return Finding(_("Step %(number)d (%(kind)s): %(sentence)s") % said, blocks, place.step.key)
