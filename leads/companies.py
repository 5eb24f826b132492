"""Companies: who may see which, finding them by name, and changing their facts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.actor import act_as
from accounts.models import User

from .models import Company, Lead
from .naming import company_key
from .paging import Order
from .permissions import sees_every_lead
from .signals import facts_changed

#: By name, as `company_by_name` indexes it; rows carry `sort_name`.
BY_NAME = Order({"sort_name": str, "pk": int})


def companies_of(user: User) -> "QuerySet[Company]":
    """The companies a person may know of: a rep's are those of the leads the rep may see."""
    companies = Company.objects.annotate(sort_name=Lower("name"))
    if sees_every_lead(user):
        return companies
    return companies.filter(Exists(Lead.objects.visible_to(user).filter(company=OuterRef("pk"))))


def companies_like(text: str, *, user: User) -> "QuerySet[Company]":
    """Those whose name holds the text (one or two characters: begins a word of it), or whose domain begins so."""
    text = text.lower().strip()
    named = (
        Q(sort_name__contains=text)
        if len(text) > 2
        else Q(sort_name__startswith=text) | Q(sort_name__contains=f" {text}")
    )
    return companies_of(user).filter(named | Q(domain__startswith=text)).order_by(Lower("name"), "pk")


def edit_company(company: Company, facts: Mapping[str, Any], *, by: User, at: datetime) -> bool:
    """Set facts of a company; the scores of its leads follow. Whether anything changed."""
    with transaction.atomic():
        act_as(f"user:{by.pk}", at)
        known = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        changed = [name for name, value in facts.items() if getattr(known, name) != value]
        if not changed:
            return False
        for name in changed:
            setattr(known, name, facts[name])
        known.name_key, known.updated_at = company_key(known.name), at
        known.save(update_fields=[*changed, "name_key", "updated_at"])
        ids = list(Lead.objects.filter(company=known).values_list("pk", flat=True))
        facts_changed.send(sender=Company, lead_ids=ids)
    company.refresh_from_db()
    return True
