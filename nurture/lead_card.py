"""A lead's programs as the lead page shows them: where it is, why it waits, and into which one it can be put."""

from dataclasses import dataclass

from accounts.models import User
from leads.models import Lead
from leads.permissions import LeadPermissions

from .models import Enrolment, Program
from .permissions import may_edit_programs, may_remove_people, may_see_programs
from .program_names import names_of
from .program_page import why_here
from .track import OWN_STAGES, Track

SHOWN = 5


@dataclass(frozen=True)
class LeadPrograms:
    """The newest ways through programs with the reason why each is where it is; active programs to put the lead into."""

    rows: list[tuple[Enrolment, str]]
    offered: list[Program]
    may_see: bool
    may_remove: bool


def programs_of(lead: Lead, user: User) -> LeadPrograms:
    ways = list(Enrolment.objects.of_leads([lead.pk]).for_rows()[:SHOWN])
    tracks = {one.pk: one.program.current.track if one.program.current else Track() for one in ways}
    names = names_of(tracks.values())
    on = {one.program_id for one in ways if one.ended_at is None}
    can_edit = may_edit_programs(user)
    offered = Program.objects.active() if can_edit and lead.stage in OWN_STAGES else Program.objects.none()
    return LeadPrograms(
        [(one, why_here(one, tracks[one.pk], names)) for one in ways],
        [one for one in offered[:50] if one.pk not in on],
        may_see_programs(user),
        can_edit or (may_remove_people(user) and LeadPermissions(user, lead).edit),
    )
