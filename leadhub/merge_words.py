"""What becomes of two leads that are merged, in sentences, before anybody confirms it."""

from django.utils.translation import gettext as _

from handoff.models import Handoff
from leads.merge_facts import further
from leads.models import Lead
from leads.models.merge import UNDO_DAYS


def what_becomes_of(kept: Lead, gone: Lead) -> list[str]:
    """The sentences above the facts."""
    said = [
        _("Everything that hangs on either lead stays: activities, lists, consents, handoffs, the history of stages."),
        *_addresses(gone),
        *_stage(kept, gone),
    ]
    if kept.suppressed_at or gone.suppressed_at:
        said.append(_("No e-mail goes to this person: one of the two did not want any."))
    return [*said, _("It can be undone for %(days)d days.") % {"days": UNDO_DAYS}]


def _addresses(gone: Lead) -> list[str]:
    known = ", ".join(filter(None, (gone.email, gone.external_id)))
    return [_("What comes in later for %(known)s finds the kept lead.") % {"known": known}] if known else []


def _stage(kept: Lead, gone: Lead) -> list[str]:
    """Where it will stand, and which of two open handoffs goes on."""
    ahead = further(kept, gone)
    said = []
    if kept.stage != gone.stage:
        said.append(_("It stands at %(stage)s, the further of the two.") % {"stage": ahead.get_stage_display()})
    open_ones = list(Handoff.objects.open().filter(lead__in=[kept, gone]).select_related("lead", "claimed_by"))
    behind = [one for one in open_ones if one.lead_id != ahead.pk]
    if behind and len(open_ones) > 1:
        said.append(
            _("Of the two open handoffs that of %(ahead)s goes on; the other is withdrawn.") % {"ahead": _who(ahead)}
        )
    elif behind:
        said.append(_("The open handoff of %(lead)s is withdrawn.") % {"lead": behind[0].lead.name})
    return said


def _who(lead: Lead) -> str:
    return f"{lead.name} ({lead.owner.name})" if lead.owner else lead.name
