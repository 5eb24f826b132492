"""What the pages of e-mails show: a version as a reader would see it, its hints, links, figures, and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from leads.models import Asset, Lead
from leads.models.lead_queries import LeadQuerySet
from leads.numbers import id_of
from leads.permissions import sees_personal_data

from .letter_hints import hints_of
from .merge_language import MergeFault
from .merge_values import examples, merge_fields, values_of
from .models import EmailVersion
from .models.emails import TYPED
from .permissions import may_write_emails
from .word_diff import word_diff
from .writing import NOWHERE, Written, write

LOOKS = ("desktop", "phone", "dark", "text")
#: Leads offered at once, and assets to choose from.
MOST_FOUND, MOST_ASSETS = 8, 200
#: Stands for nobody: every value is unknown.
NOBODY = "nobody"


@dataclass(frozen=True)
class View:
    """How a version is looked at: as what, as whom, with which subject."""

    look: str
    lead: Lead | None
    blank: bool
    variant: str

    def query(self, **changed: Any) -> str:
        """The same view, or another, as the end of an address."""
        who = NOBODY if self.blank else self.lead.pk if self.lead else ""
        said = {"as": self.look, "lead": who, "variant": self.variant} | changed
        return urlencode({name: value for name, value in said.items() if value})


def view_of(asked: Mapping[str, str], user: User) -> View:
    """What an address asks to see. Leads that the person may not read, or see, are nobody's business: an example stands in."""
    said = asked.get("lead", "")
    lead = leads_for(user).filter(pk=pk).first() if (pk := id_of(said)) else None
    look = asked.get("as", "")
    return View(look if look in LOOKS else LOOKS[0], lead, said == NOBODY, "b" if asked.get("variant") == "b" else "a")


def leads_for(user: User) -> LeadQuerySet:
    """The leads as whom a person may look at a letter: those they may see, with their names."""
    return Lead.objects.visible_to(user) if sees_personal_data(user) else Lead.objects.none()


def values_for(view: View) -> dict[str, str]:
    """The merge values of a view: the lead's, nobody's, or those of an example."""
    if view.lead:
        return values_of([view.lead.pk])[view.lead.pk]
    fields = merge_fields()
    return dict.fromkeys(fields, "") if view.blank else examples(fields)


class _Shown:
    """Addresses for plain text that is only looked at: where each link will lead in the end."""

    pixel = trap = unsubscribe = preferences = "…"

    def __init__(self, version: EmailVersion) -> None:
        self.urls = {link["key"]: link["url"] for link in version.links}

    def link(self, key: str, /) -> str:
        return self.urls.get(key, "…")


def written_for(version: EmailVersion, view: View) -> tuple[Written | None, str]:
    """The letter of a view; or why it cannot be written, as a sentence."""
    try:
        addresses = _Shown(version) if view.look == "text" else NOWHERE
        return write(version, values_for(view), addresses=addresses, variant=view.variant), ""
    except MergeFault as fault:
        return None, str(fault)


def preview(version: EmailVersion, view: View, user: User) -> dict[str, Any]:
    """All that stands beside the words of a version: the letter, who reads it, hints, links."""
    written, problem = written_for(version, view)
    return {
        "email": version.email, "version": version, "view": view, "written": written, "problem": problem,
        "looks": [{"key": key, "label": label, "query": view.query(**{"as": key})} for key, label in _looks()],
        "as_example": view.query(lead=""), "as_nobody": view.query(lead=NOBODY), "mail_query": view.query(),
        "as_a": view.query(variant=""), "as_b": view.query(variant="b"),
        "faults": [] if version.finished_at else version.faults(), "hints": hints_of(version), "links": links_of(version),
        "can_test": may_write_emails(user), "may_choose_lead": sees_personal_data(user), "can_write": may_write_emails(user) and not version.finished_at,
        "back": page_of(version), "assets": Asset.objects.all()[:MOST_ASSETS] if may_write_emails(user) else [],
    }  # fmt: skip


def _looks() -> list[tuple[str, str]]:
    return [("desktop", _("Desktop")), ("phone", _("Phone")), ("dark", _("Dark")), ("text", _("Plain text"))]


def page_of(version: EmailVersion) -> str:
    """The page that shows a version: the editor's for a draft, its own for others."""
    if version.finished_at is None:
        return reverse("email_edit", args=[version.email_id])
    return reverse("email_version", args=[version.email_id, version.number])


def links_of(version: EmailVersion) -> list[dict[str, Any]]:
    """The links of a version with the asset that each counts as."""
    wanted = [link["asset"] for link in version.links if link["asset"]]
    assets = Asset.objects.in_bulk(wanted) if wanted else {}
    return [{"key": link["key"], "url": link["url"], "asset": assets.get(link["asset"])} for link in version.links]


def changes_between(older: EmailVersion, newer: EmailVersion) -> list[dict[str, Any]]:
    """What differs between two versions, field by field, word by word."""
    labels = {field.name: field.verbose_name for field in EmailVersion._meta.fields}
    pairs = [(name, getattr(older, name), getattr(newer, name)) for name in TYPED]
    return [
        {"label": labels[name], "runs": word_diff(before, after)} for name, before, after in pairs if before != after
    ]
