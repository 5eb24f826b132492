"""Being in a list, as a condition that lists, deadlines and filters may name."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from leads.conditions import Condition, Field
from scoring.lead_fields import Asked, register_asked

from .list_order import IN_LIST, ids_of_value
from .models import LeadList, Stay


def is_in(condition: Condition) -> Q:
    """Whether the lead is in one of the named lists, or in none of them; "known" asks for any list in use."""
    stays = Stay.objects.open().filter(lead=OuterRef("pk"))
    if condition.op in ("known", "unknown"):
        stays = stays.filter(list__in=LeadList.objects.active())
    else:
        stays = stays.filter(list__in=ids_of_value(condition.value))
    found = Q(Exists(stays))
    return ~found if condition.op in ("is_not", "not_in", "unknown") else found


def lists_offered() -> list[tuple[str, str]]:
    """All lists, as (number, name); the archived ones last, for conditions that name one already."""
    names = list_names()
    rows = sorted(LeadList.objects.all(), key=lambda one: (one.archived_at is not None, one.name.casefold()))
    return [(str(one.pk), names[str(one.pk)]) for one in rows]


def list_names() -> dict[str, str]:
    """What all lists are called; an archived one says that it is."""
    rows = LeadList.objects.values_list("pk", "name", "archived_at")
    return {
        str(pk): str(_("%(name)s (archived)") % {"name": name}) if archived else name for pk, name, archived in rows
    }


def register() -> None:
    """Teach the language the field; called once when the room opens."""
    words = {
        "is": _("it is in the list “%(value)s”"),
        "in": _("it is in one of the lists “%(value)s”"),
        "is_not": _("it is not in the list “%(value)s”"),
        "not_in": _("it is in none of the lists “%(value)s”"),
        "known": _("it is in a list"),
        "unknown": _("it is in no list"),
    }
    register_asked(Field(IN_LIST, _("List"), "listed"), Asked(is_in, lists_offered, list_names, words))
