"""Finding or creating the companies of a batch of leads: by domain, else by folded name (product.md §2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from .bulk import update_rows
from .intake import NewLead
from .models import Company
from .naming import company_key, domain_of_mail

#: Facts that live at the company where there is one; country and city only fill what the company does not know.
FIRM_FACTS = ("industry", "business_type", "employees", "revenue")
PLACE_FACTS = ("country", "city")
COLUMNS = ("name", "name_key", "domain", *FIRM_FACTS, *PLACE_FACTS)
_CREATING = "leads.companies"  # one transaction at a time creates companies, so that no name is created twice


@dataclass(eq=False)
class CompanyDraft:
    """A company as the batch will leave it; `pk` None: not stored yet."""

    values: dict[str, Any]
    pk: int | None = None
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return self.values != self.before

    def learn(self, row: NewLead) -> bool:
        """Take over what the row tells of the company; whether that changed anything."""
        was = dict(self.values)
        for name in FIRM_FACTS:
            told = getattr(row, name)
            if told not in ("", None):
                self.values[name] = told
        for name in PLACE_FACTS:
            self.values[name] = self.values[name] or getattr(row, name)
        if row.company and self.values["name"] == self.values["domain"]:  # named after its domain until now
            self.values |= {"name": row.company, "name_key": company_key(row.company)}
        return was != self.values


class Companies:
    """The companies a batch of leads speaks of."""

    def __init__(self, rows: Iterable[NewLead], mail_domains: Iterable[str], ids: Iterable[int | None]) -> None:
        """Load those that may be meant, locked in id order: by told domain, told name, mail domain, or id."""
        rows = list(rows)
        self.by_id: dict[int, CompanyDraft] = {}
        self.by_domain: dict[str, CompanyDraft] = {}
        self.by_name: dict[str, CompanyDraft] = {}
        self._domains = {row.domain for row in rows} | set(mail_domains)
        self._names = {company_key(row.company) for row in rows if row.company}
        self._ids = {pk for pk in ids if pk}
        self._load()

    def _load(self) -> None:
        meant = Q(domain__in=self._domains - {""}) | Q(name_key__in=self._names) | Q(id__in=self._ids)
        found = Company.objects.select_for_update(no_key=True).filter(meant).order_by("id").values("id", *COLUMNS)
        for known in found:
            pk = known.pop("id")
            if pk not in self.by_id:
                self._add(CompanyDraft(values=known, pk=pk, before=dict(known)))

    def _add(self, draft: CompanyDraft) -> None:
        if draft.pk:
            self.by_id[draft.pk] = draft
        if draft.values["domain"]:
            self.by_domain.setdefault(draft.values["domain"], draft)
        self.by_name.setdefault(draft.values["name_key"], draft)

    def meant_by(self, row: NewLead, mail_domain: str) -> CompanyDraft | None:
        """The company of the row: by its domain, else the mail's, else by name; new when there is none; None if not told.

        Two companies of one name and two told domains are two. A company found by name learns its domain.
        """
        domain = row.domain or mail_domain
        found = self.by_domain.get(domain) if domain else None
        if found is None and row.company:
            found = self.by_name.get(company_key(row.company))
            if found and row.domain and found.values["domain"] not in (None, row.domain):
                found = None
        if found is None and (row.company or domain):
            found = self._new(row.company or domain, domain)
        if found and domain and not found.values["domain"]:
            found.values["domain"] = domain
            self.by_domain[domain] = found
        return found

    def _new(self, name: str, domain: str) -> CompanyDraft:
        values = dict.fromkeys(COLUMNS, "") | {"employees": None}
        draft = CompanyDraft(values | {"name": name, "name_key": company_key(name), "domain": domain or None})
        self._add(draft)
        return draft

    @property
    def drafts(self) -> list[CompanyDraft]:
        return list(
            {id(d): d for d in (*self.by_id.values(), *self.by_domain.values(), *self.by_name.values())}.values()
        )

    def lock_if_new(self) -> bool:
        """When companies must be created: wait for others who create, look again; whether somebody was faster."""
        if all(draft.pk for draft in self.drafts):
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_CREATING])
        new = [draft for draft in self.drafts if not draft.pk]
        return Company.objects.filter(
            Q(domain__in=[d.values["domain"] for d in new if d.values["domain"]])
            | Q(name_key__in=[d.values["name_key"] for d in new if not d.values["domain"]])
        ).exists()

    def save(self, at: datetime) -> list[int]:
        """Store new and changed companies; the ids of those that were known and changed."""
        new = [draft for draft in self.drafts if not draft.pk]
        rows = Company.objects.bulk_create([Company(**d.values, created_at=at, updated_at=at) for d in new])
        for draft, row in zip(new, rows, strict=True):
            draft.pk = row.pk
        changed = [d for d in self.by_id.values() if d.pk and d.before and d.changed]
        update_rows(Company, [*COLUMNS, "updated_at"], [[d.pk, *(d.values[c] for c in COLUMNS), at] for d in changed])
        return [d.pk for d in changed if d.pk]


def mail_domain_of(row: NewLead, email_key: str) -> str:
    """The company's domain that the e-mail tells, where the row names none itself."""
    return "" if row.domain or not email_key else domain_of_mail(email_key)
