"""One lead or activity at a time, by a person's hand: create, edit, record, judge."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import act_as
from accounts.addresses import email_key
from accounts.models import User

from .intake import IntakeRefused, LeadExists, NewActivity, NewLead
from .intake_activities import record_many
from .intake_checks import check_lead
from .intake_companies import FIRM_FACTS, Companies
from .intake_leads import PLAIN, take_in
from .models import Activity, Company, Consent, Lead
from .signals import activities_recorded, facts_changed

_TOLD = {told.name for told in fields(NewLead)}
_EDITABLE = ("email", "external_id", *PLAIN, *FIRM_FACTS, "source", "campaign", "custom")


def create_one(facts: Mapping[str, Any], *, by: User, at: datetime) -> Lead:
    """A new lead; raises `LeadExists` when its e-mail or id is known. `company` may be a Company or a name."""
    company = facts.get("company")
    told = {name: value for name, value in facts.items() if name in _TOLD and value is not None}
    if isinstance(company, Company):
        told |= {"company": company.name, "domain": company.domain or ""}
    row = NewLead(**told)
    with transaction.atomic():
        refuse_known(row.email, row.external_id)
        taken = take_in([row], at=at, actor=f"user:{by.pk}")
        if taken.faults:
            raise IntakeRefused(taken.faults[0].reason)
        lead = Lead.objects.get(pk=taken.ids[0] or 0)
        if taken.outcomes[0] != "created":
            raise _exists(lead)
        if isinstance(company, Company) and lead.company_id != company.pk:
            edit(lead, {"company": company}, by=by, at=at)
    return lead


def edit(lead: Lead, facts: Mapping[str, Any], *, by: User, at: datetime) -> bool:
    """Set the named facts of a lead, blanks included; whether anything changed.

    A firm fact goes to the company where there is one; emptied, only the lead's own value goes. `company` may be a
    Company, a name (found, else created) or blank; `custom` merges, blank values remove. Raises `IntakeRefused`.
    """
    with transaction.atomic():
        act_as(f"user:{by.pk}", at)
        known = Lead.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=lead.pk)
        was = {name: getattr(known, name) for name in (*_EDITABLE, "company_id")}
        _set_company(known, facts, at)
        _set_facts(known, facts)
        _check(known, facts, at)
        company_changed = _set_firm(known, facts, at)
        changed = [name for name in was if getattr(known, name) != was[name]]
        if changed:
            known.updated_at = at
            known.save(update_fields=[*changed, "email_key", "updated_at"])
        if "consent" in changed and known.consent:
            Consent.objects.create(lead=known, status=known.consent, at=at, source=f"user:{by.pk}")
        if changed or company_changed:
            ids = list(Lead.objects.filter(company_id=known.company_id or 0).values_list("id", flat=True))
            facts_changed.send(sender=Lead, lead_ids=sorted({known.pk, *(ids if company_changed else [])}))
    lead.refresh_from_db()
    return bool(changed or company_changed)


def _set_company(lead: Lead, facts: Mapping[str, Any], at: datetime) -> None:
    if "company" not in facts:
        return
    company = facts["company"]
    if isinstance(company, Company) or not company:
        lead.company = company or None
        return
    row = NewLead(email="a@b.example", company=str(company), domain=str(facts.get("domain") or ""))
    check_lead(row, at=at)
    companies = Companies([row], [], [])
    meant = companies.meant_by(row, "")
    companies.lock_if_new()
    companies.save(at)
    lead.company = Company.objects.get(pk=meant.pk or 0) if meant else None


def _set_facts(lead: Lead, facts: Mapping[str, Any]) -> None:
    for name in ("email", "external_id", *PLAIN, "source", "campaign"):
        if name in facts:
            setattr(lead, name, (facts[name] or "").strip())
    lead.external_id = lead.external_id or None
    lead.email_key = email_key(lead.email) or None
    if "custom" in facts:
        merged = {**lead.custom, **(facts["custom"] or {})}
        lead.custom = {key: value for key, value in merged.items() if value not in ("", None)}


def _check(lead: Lead, facts: Mapping[str, Any], at: datetime) -> None:
    """Refuse what could not be taken in either, and what belongs to another lead."""
    told: dict[str, Any] = {
        name: getattr(lead, name) or "" for name in ("email", "external_id", *PLAIN, "source", "campaign")
    }
    told |= {name: facts[name] for name in FIRM_FACTS if facts.get(name) not in ("", None)}
    row = NewLead(**told, custom=lead.custom)
    check_lead(row, at=at)
    refuse_known(lead.email, lead.external_id or "", but=lead.pk)


def _set_firm(lead: Lead, facts: Mapping[str, Any], at: datetime) -> bool:
    """Put firm facts where they live; whether the company changed."""
    company, changed = lead.company, []
    for name in FIRM_FACTS:
        if name not in facts:
            continue
        blank = None if name == "employees" else ""
        told = facts[name] if facts[name] not in ("", None) else blank
        setattr(lead, name, blank if company else told)
        if company and told != blank and getattr(company, name) != told:
            setattr(company, name, told)
            changed.append(name)
    if company and changed:
        company.updated_at = at
        company.save(update_fields=[*changed, "updated_at"])
    return bool(changed)


def refuse_known(email: str, external_id: str, but: int | None = None) -> None:
    """Raise `LeadExists` when another lead has the e-mail address or the id."""
    meant = Q(email_key=email_key(email)) if email.strip() else Q(pk=None)
    if external_id.strip():
        meant |= Q(external_id=external_id.strip()) | Q(other_ids=external_id.strip())
    if "\x00" in email + external_id:
        return
    other = Lead.objects.filter(meant).exclude(pk=but or 0).first()
    other = other or Lead.objects.filter(former_addresses=email_key(email)).exclude(pk=but or 0).first()
    if other:
        raise _exists(other)


def _exists(lead: Lead) -> LeadExists:
    return LeadExists(
        _("There is a lead with this e-mail address or id already: %(lead)s.") % {"lead": lead.name}, lead.pk
    )


def record_one(
    lead: Lead, type_key: str, *, at: datetime, recorded_at: datetime, by: User | None, **details: Any
) -> Activity:
    """Store one deed of one lead; see `LeadVerbs.record`."""
    external_id = details.pop("external_id") or uuid.uuid4().hex
    row = NewActivity(
        type_key,
        at,
        lead=lead.pk,
        recorded_at=recorded_at,
        by=by.pk if by else None,
        external_id=external_id,
        **details,
    )
    recorded = record_many([row], at=recorded_at, actor=f"user:{by.pk}" if by else "system:record")
    if recorded.faults:
        raise IntakeRefused(recorded.faults[0].reason)
    return Activity.objects.select_related("type").get(source_system=row.source_system, external_id=external_id)


def judge(activity: Activity, verdict: int, *, by: User, at: datetime) -> bool:
    """Say that a person or a machine did it; the score follows. Whether the verdict changed."""
    activity.verdict = verdict
    return bool(judge_all([activity.pk], verdict, actor=f"user:{by.pk}", at=at))


def judge_all(activities: Collection[int], verdict: int, *, actor: str, at: datetime) -> int:
    """Say of many that a person or a machine did them; the scores follow. How many verdicts changed."""
    with transaction.atomic():
        act_as(actor, at)
        others = Activity.objects.filter(pk__in=activities).exclude(verdict=verdict).order_by("pk").select_for_update()
        changed = dict(others.values_list("pk", "lead"))
        Activity.objects.filter(pk__in=changed).update(verdict=verdict)
        if changed:
            activities_recorded.send(
                sender=Activity,
                activity_ids=sorted(changed),
                lead_ids=sorted(set(changed.values())),
                verdicts_changed=True,
            )
    return len(changed)
