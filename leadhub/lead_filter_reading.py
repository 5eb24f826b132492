"""A request's filter, with the names of the people and lists it speaks of, and without what the person may not ask."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from leads.permissions import sees_personal_data
from nurture.models import LeadList
from scoring.lead_fields import LIST_FIELDS, asks_who

from .lead_filter import ME, NOBODY, LeadFilter, Names


@dataclass(frozen=True)
class Asked:
    """What one request wants of the list, after looking up the people and lists it names."""

    wanted: LeadFilter
    names: Names
    chosen: LeadList | None

    @classmethod
    def read(cls, params: QueryDict, user: User) -> "Asked":
        wanted = _without_personal(LeadFilter.read(params, LIST_FIELDS), user)
        names: dict[tuple[str, str], str] = {}
        if wanted.owner == ME:
            names["owner", ME] = user.name
        if wanted.owner not in ("", ME, NOBODY):
            owner = User.objects.filter(pk=int(wanted.owner)).first()
            if owner:
                names["owner", wanted.owner] = owner.name
            else:
                wanted = wanted.without("owner", _("There is nobody with the number %(id)s.") % {"id": wanted.owner})
        chosen = LeadList.objects.filter(pk=wanted.list).first() if wanted.list else None
        if chosen:
            names["list", str(chosen.pk)] = chosen.name
        elif wanted.list:
            wanted = wanted.without("list", _("There is no list with the number %(id)s.") % {"id": wanted.list})
        return cls(wanted, names, chosen)


def _without_personal(wanted: LeadFilter, user: User) -> LeadFilter:
    """What may not be read may not be found by guessing either."""
    if sees_personal_data(user):
        return wanted
    if wanted.q:
        wanted = wanted.without("q", _("Leads cannot be searched by name here, because names are hidden from you."))
    if any(asks_who(condition) for condition in wanted.where):
        wanted = wanted.without("where", _("Leads cannot be chosen by personal data, because it is hidden from you."))
    return wanted
