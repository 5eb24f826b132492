"""What the numbers in tracks are called: e-mails, lists, people, activities, each kind asked for once."""

from collections.abc import Iterable

from accounts.models import User
from leads.models import ActivityType

from .models import Email, LeadList
from .track import Branch, ListChange, Mail, Notify, Track
from .track_words import Names


def names_of(tracks: Iterable[Track]) -> Names:
    """The names that the words of these tracks need; nothing is asked for what none of them mentions."""
    known = list(tracks)
    steps = [place.step for track in known for place in track.places]
    emails = {step.email for step in steps if isinstance(step, Mail) and step.email}
    lists = {step.list for step in steps if isinstance(step, ListChange) and step.list}
    lists |= {track.entry.list for track in known if track.entry.list}
    people = {step.person for step in steps if isinstance(step, Notify) and step.person}
    deeds = {step.activity for step in steps if isinstance(step, Branch)} | {track.entry.activity for track in known}
    return Names(
        dict(Email.objects.filter(pk__in=emails).values_list("pk", "name")) if emails else {},
        dict(LeadList.objects.filter(pk__in=lists).values_list("pk", "name")) if lists else {},
        {person.pk: person.name for person in User.objects.filter(pk__in=people)} if people else {},
        {kind.key: str(kind) for kind in ActivityType.objects.filter(key__in=deeds)} if deeds - {""} else {},
    )
