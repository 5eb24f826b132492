"""What is true of one person of whom two leads told: who wins for each fact, where the lead stands, what it may be sent."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Lead
from .stages import Stage

PERSON = ("first_name", "last_name", "job_title", "seniority", "department", "phone")
FIRM = ("industry", "business_type", "employees", "revenue", "country", "city")
#: What somebody may choose for the kept lead, in the order in which it is shown.
CHOICES = ("email", "external_id", *PERSON, "company", *FIRM, "consent")
#: How far along a stage is: who sells or bought is further than who left, who left further than who has not begun.
FURTHER = (
    Stage.LEAD,
    Stage.DISQUALIFIED,
    Stage.LOST,
    Stage.MARKETING_QUALIFIED,
    Stage.SALES_QUALIFIED,
    Stage.OPPORTUNITY,
    Stage.CUSTOMER,
)


@dataclass(frozen=True)
class Choice:
    """One fact of both leads side by side; `taken` is "kept" or "gone"."""

    name: str
    label: Any
    kept: Any
    gone: Any
    taken: str

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return self.kept not in ("", None) and self.gone not in ("", None) and self.kept != self.gone


def choices(kept: Lead, gone: Lead, take: Collection[str] = ()) -> list[Choice]:
    """Every fact that either lead knows, with whose the kept one will have: its own, or the other's where it has none."""
    found = []
    for name in (*CHOICES, *(f"custom.{key}" for key in sorted({*kept.custom, *gone.custom}))):
        mine, theirs = known(kept, name), known(gone, name)
        if _blank(mine) and _blank(theirs):
            continue
        takes = _blank(mine) or (name in take and not _blank(theirs))
        found.append(Choice(name, _label(name), mine, theirs, "gone" if takes else "kept"))
    return found


def known(lead: Lead, name: str) -> Any:
    """A fact as people see it: the lead's own, else its company's."""
    if name.startswith("custom."):
        return lead.custom.get(name.removeprefix("custom."))
    own = getattr(lead, name)
    return getattr(lead.company, name) if name in FIRM and _blank(own) and lead.company else own


def further(kept: Lead, gone: Lead) -> Lead:
    """The one of the two that is further along; at the same stage the one that somebody owns, else the one longer there."""

    def rank(lead: Lead) -> tuple[int, bool, float]:
        return FURTHER.index(Stage(lead.stage)), lead.owner_id is not None, -lead.stage_since.timestamp()

    return max((kept, gone), key=rank)


def merged_facts(kept: Lead, gone: Lead, take: Collection[str], *, latest_consent: str) -> dict[str, Any]:
    """The columns of the kept lead that change, with their new values."""
    taken = [one.name for one in choices(kept, gone, take) if one.taken == "gone"]
    values: dict[str, Any] = {}
    if own := {name.removeprefix("custom.") for name in taken if name.startswith("custom.")}:
        values["custom"] = {**kept.custom, **{key: gone.custom[key] for key in own}}
    for name in (name for name in taken if not name.startswith("custom.")):
        values[name] = known(gone, name)
    if "email" in values:
        values["email_key"] = gone.email_key
    if "company" in values:  # what the firm's facts are: those of the company that is taken
        values |= {name: getattr(gone, name) for name in FIRM if name not in values and _blank(getattr(kept, name))}
    values |= _touches(kept, gone) | _standing(kept, gone)
    if latest_consent:
        values["consent"] = latest_consent
    return {name: value for name, value in values.items() if getattr(kept, name) != value}


def _touches(kept: Lead, gone: Lead) -> dict[str, Any]:
    """First touch is the earlier lead's, latest touch the later one's (product.md §2)."""
    first, last = sorted((kept, gone), key=lambda lead: (lead.created_at, lead.pk))
    return {
        "created_at": first.created_at,
        "source": first.source or last.source,
        "campaign": first.campaign or last.campaign if first.source or not last.source else last.campaign,
        "latest_source": last.latest_source or first.latest_source,
        "latest_campaign": last.latest_campaign or first.latest_campaign,
    }


def _standing(kept: Lead, gone: Lead) -> dict[str, Any]:
    """The stage of the one further along, with its owner; either side's "no e-mail" holds (D6)."""
    ahead = further(kept, gone)
    return {
        "stage": ahead.stage,
        "stage_since": ahead.stage_since,
        "owner_id": ahead.owner_id,
        "cycle": max(kept.cycle, gone.cycle),
        "cooling_until": max(filter(None, (kept.cooling_until, gone.cooling_until)), default=None),
        "suppressed_at": min(filter(None, (kept.suppressed_at, gone.suppressed_at)), default=None),
    }


def _label(name: str) -> Any:
    if name.startswith("custom."):
        return name.removeprefix("custom.")
    return {"company": _("Company")}.get(name) or Lead._meta.get_field(name).verbose_name.capitalize()  # type: ignore[union-attr]


def _blank(value: Any) -> bool:
    return value in ("", None)
