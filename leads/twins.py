"""Leads that a new one might be: the same address exactly, or a like name at a like company."""

from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from accounts.addresses import email_key
from accounts.models import User

from .documents import storable
from .models import Lead

LIKE_COMPANY = 0.3
MOST = 3


@dataclass(frozen=True)
class Twins:
    """`same`: the lead with this very address; `hidden`: there is one, but not for this person's eyes."""

    same: Lead | None = None
    hidden: bool = False
    like: list[Lead] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.same or self.hidden or self.like)


def twins_of(*, email: str, name: str, company: str, user: User, but: int | None = None) -> Twins:
    """Leads that these facts may already be; at most three by name. `but` is the lead being edited."""
    if not storable(email + name + company):
        return Twins()
    others = Lead.objects.exclude(pk=but or 0)
    same = None
    if key := email_key(email) if email.strip() else "":
        known = others.select_related("company")
        same = known.filter(email_key=key).first() or known.filter(former_addresses=key).first()
    seen = same is not None and Lead.objects.visible_to(user).filter(pk=same.pk).exists()
    like = _like(name, company, user).exclude(pk__in=[but or 0, same.pk if same else 0])
    return Twins(same if seen else None, same is not None and not seen, list(like[:MOST]))


def _like(name: str, company: str, user: User) -> "QuerySet[Lead]":
    name, company = " ".join(name.lower().split())[:120], company.strip().lower()[:120]
    leads = Lead.objects.visible_to(user).select_related("company")
    if len(name) < 3:
        return leads.none()
    leads = leads.filter(search__trigram_word_similar=name).annotate(
        alike=TrigramWordSimilarity(name, "search"),
        firm_alike=Coalesce(TrigramSimilarity(Lower("company__name"), company), 0.0),
    )
    if company:
        leads = leads.filter(Q(company=None) | Q(firm_alike__gte=LIKE_COMPANY))
    return leads.order_by((F("alike") + F("firm_alike")).desc(), "pk")
