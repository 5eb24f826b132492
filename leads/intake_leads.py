"""Taking leads in: the one way a lead is created or learns facts from a file, the API or a form (product.md §2)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import act_as
from accounts.addresses import email_key

from .bulk import insert_new, update_rows
from .intake import IntakeRefused, NewLead, Outcome, RowFault, TakenIn
from .intake_checks import check_lead
from .intake_companies import FIRM_FACTS, PLACE_FACTS, Companies, CompanyDraft, mail_domain_of
from .models import Consent, FormerAddress, Lead, OtherId
from .signals import facts_changed
from .stages import Stage

#: Told texts that overwrite what was known.
PLAIN = ("first_name", "last_name", "job_title", "seniority", "department", "phone", *PLACE_FACTS, "consent")
COLUMNS = (
    "email", "email_key", "external_id", *PLAIN, *FIRM_FACTS, "company_id", "custom",
    "source", "campaign", "latest_source", "latest_campaign",
)  # fmt: skip
_ATTEMPTS = 4
_KNOWN_SPELLING = """
    SELECT folded, (SELECT source FROM leads_lead WHERE lower(source) = folded ORDER BY id LIMIT 1) FROM unnest(%s::text[]) AS folded
"""


class _Raced(DatabaseError):
    """Another transaction created what this one was about to create."""


@dataclass(eq=False)
class LeadDraft:
    """A lead as the batch will leave it; `pk` None: not stored yet. `rows` are the positions that speak of it."""

    values: dict[str, Any]
    pk: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    company: CompanyDraft | None = None
    rows: list[tuple[int, bool]] = field(default_factory=list)
    new_ids: list[str] = field(default_factory=list)

    def learn(self, row: NewLead, key: str) -> bool:
        """Take over what the row tells of the person; whether that changed anything. First touch is kept."""
        values, was = self.values, dict(self.values)
        if key:
            values["email_key"] = key
            if email_key(values["email"]) != key:
                values["email"] = row.email
        values["external_id"] = values["external_id"] or row.external_id or None
        values |= {name: told for name in PLAIN if (told := getattr(row, name))}
        for name in ("source", "campaign"):
            if told := getattr(row, name):
                values[f"latest_{name}"] = told
                values[name] = values[name] or told
        if row.custom:
            values["custom"] = values["custom"] | {k: v for k, v in row.custom.items() if v not in ("", None)}
        return values != was

    def learn_firm(self, row: NewLead) -> bool:
        """Take over firm facts: the company holds them where there is one, so that colleagues share them."""
        was, company_changed = dict(self.values), bool(self.company and self.company.learn(row))
        for name in FIRM_FACTS:
            if (told := getattr(row, name)) not in ("", None):
                self.values[name] = (None if name == "employees" else "") if self.company else told
        return company_changed or self.values != was

    @property
    def known_pk(self) -> int:
        """The id, once stored."""
        if self.pk is None:
            raise LookupError
        return self.pk

    @property
    def changed(self) -> bool:
        company_changed = bool(self.company and self.company.pk and self.company.changed)
        return self.values != self.before or bool(self.new_ids) or company_changed


def take_in(rows: Sequence[NewLead], *, at: datetime, actor: str) -> TakenIn:
    """Create or update leads by e-mail, else by external id, as one set in one transaction; faulty rows are left out.

    Blanks never erase; several rows of one lead, and several leads of one company, become one. Taking the same rows in
    again changes nothing. Sends `facts_changed` once.
    """
    taken = TakenIn(ids=[None] * len(rows), outcomes=["refused"] * len(rows))
    good: list[tuple[int, NewLead, str]] = []
    for index, row in enumerate(rows):
        try:
            check_lead(row, at=at)
        except IntakeRefused as refusal:
            taken.faults.append(RowFault(index, str(refusal)))
        else:
            good.append((index, row, email_key(row.email) if row.email else ""))
    if good:
        spell_sources([row for _index, row, _key in good])
        again(lambda: _Batch(good, taken, at).store(actor))
        taken.faults.sort(key=lambda fault: fault.index)
    return taken


def spell_sources(rows: Sequence[NewLead]) -> None:
    """Give each told source the spelling it has already, else its most common one here: google and Google are one."""
    told = Counter(row.source for row in rows if row.source)
    if not told:
        return
    spelling = {name.lower(): name for name, _times in reversed(told.most_common())}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_SPELLING, [list(spelling)])
        spelling |= {folded: name for folded, name in cursor.fetchall() if name}
    for row in rows:
        if row.source:
            row.source = spelling[row.source.lower()]


def again(attempt: Callable[[], None]) -> None:
    """Do the attempt in a savepoint, once more when another transaction was faster or stood in the way."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            with transaction.atomic():
                attempt()
        except (_Raced, IntegrityError, OperationalError):
            if not left:
                raise
        else:
            return


class _Batch:
    """One attempt to store a batch; nothing of it stays when it raises."""

    def __init__(self, rows: Sequence[tuple[int, NewLead, str]], taken: TakenIn, at: datetime) -> None:
        self.rows, self.taken, self.at = rows, taken, at
        self.faults: list[RowFault] = []
        self.drafts: list[LeadDraft] = []
        self.by_key: dict[str, LeadDraft] = {}
        self.by_external: dict[str, LeadDraft] = {}
        self.consents: list[tuple[LeadDraft, str, str]] = []

    def store(self, actor: str) -> None:
        act_as(actor, self.at)
        self._load()
        for index, row, key in self.rows:
            try:
                self._place(index, row, key)
            except IntakeRefused as refusal:
                self.faults.append(RowFault(index, str(refusal)))
        if self.companies.lock_if_new():
            raise _Raced
        touched_companies = self.companies.save(self.at)
        self._save(touched_companies)
        self._account()

    def _load(self) -> None:
        keys = {key for _i, _row, key in self.rows if key}
        ids = {row.external_id for _i, row, _key in self.rows if row.external_id}
        others = dict(OtherId.objects.filter(external_id__in=ids).values_list("external_id", "lead_id")) if ids else {}
        former = (
            dict(FormerAddress.objects.filter(email_key__in=keys).values_list("email_key", "lead_id")) if keys else {}
        )
        meant = Q(email_key__in=keys) | Q(external_id__in=ids) | Q(id__in={*others.values(), *former.values()})
        found = list(Lead.objects.select_for_update(no_key=True).filter(meant).order_by("id").values("id", *COLUMNS))
        self.companies = Companies(
            [row for _i, row, _key in self.rows],
            [mail_domain_of(row, key) for _i, row, key in self.rows],
            [lead["company_id"] for lead in found],
        )
        for values in found:
            pk, company = values.pop("id"), self.companies.by_id.get(values["company_id"])
            self.drafts.append(LeadDraft(values=values, pk=pk, before=dict(values), company=company))
            self._know(self.drafts[-1])
        by_pk = {draft.pk: draft for draft in self.drafts}
        self.by_external |= {external: by_pk[pk] for external, pk in others.items() if pk in by_pk}
        self.by_former = {key: by_pk[pk] for key, pk in former.items() if pk in by_pk and key not in self.by_key}

    def _know(self, draft: LeadDraft) -> None:
        if draft.values["email_key"]:
            self.by_key[draft.values["email_key"]] = draft
        if draft.values["external_id"]:
            self.by_external[draft.values["external_id"]] = draft

    def _place(self, index: int, row: NewLead, key: str) -> None:
        """Give the row to the lead it speaks of. The e-mail address is the identity; an id alone moves no address."""
        by_key = self.by_key.get(key) if key else None
        if by_key is None and key in self.by_former:
            by_key, key = self.by_former[key], ""  # an address of long ago moves no address either
        by_external = self.by_external.get(row.external_id) if row.external_id else None
        draft = by_key or by_external
        if by_key and by_external and by_key is not by_external:
            raise IntakeRefused(_("The e-mail address and the external id belong to two different leads."))
        if by_external and key and by_external.values["email_key"] not in (None, key):
            raise IntakeRefused(
                _("The id %(id)s belongs to %(known)s; this row says %(told)s.")
                % {"id": row.external_id, "known": by_external.values["email"], "told": row.email}
            )
        if draft is None:
            blank: dict[str, Any] = dict.fromkeys(COLUMNS, "")
            blank |= dict.fromkeys(("email_key", "external_id", "employees", "company_id"))
            draft = LeadDraft(values=blank | {"custom": {}}, created_at=row.created_at or self.at)
            self.drafts.append(draft)
        self._learn(index, draft, row, key)

    def _learn(self, index: int, draft: LeadDraft, row: NewLead, key: str) -> None:
        consent_was = draft.values["consent"]
        told_company = bool(row.company or row.domain)
        changed = draft.learn(row, key)
        if told_company or draft.company is None:
            company = self.companies.meant_by(row, mail_domain_of(row, key))
            changed |= company is not draft.company
            draft.company = company or draft.company
        changed |= draft.learn_firm(row)
        if (
            row.external_id
            and row.external_id != draft.values["external_id"]
            and row.external_id not in self.by_external
        ):
            draft.new_ids.append(row.external_id)
            self.by_external[row.external_id] = draft
            changed = True
        draft.rows.append((index, changed))
        self._know(draft)
        if row.consent and row.consent != consent_was:
            self.consents.append((draft, row.consent, row.source))

    def _save(self, touched_companies: list[int]) -> None:
        """Write new and changed leads, and tell the other rooms once."""
        for draft in self.drafts:
            draft.values["company_id"] = draft.company.pk if draft.company else None
        new = sorted((d for d in self.drafts if d.pk is None), key=_identity)
        changed = [d for d in self.drafts if d.pk is not None and d.values != d.before]
        self._insert(new)
        update_rows(Lead, [*COLUMNS, "updated_at"], [[d.pk, *(d.values[c] for c in COLUMNS), self.at] for d in changed])
        OtherId.objects.bulk_create(
            [OtherId(external_id=i, lead_id=d.known_pk) for d in self.drafts for i in d.new_ids]
        )
        Consent.objects.bulk_create(
            [
                Consent(lead_id=d.known_pk, status=status, at=self.at, source=source[:120])
                for d, status, source in self.consents
            ]
        )
        ids = {d.pk for d in (*new, *changed) if d.pk}
        ids |= set(Lead.objects.filter(company_id__in=touched_companies).values_list("id", flat=True))
        if ids:
            facts_changed.send(sender=Lead, lead_ids=sorted(ids))

    def _insert(self, new: list[LeadDraft]) -> None:
        columns = [*COLUMNS, "stage", "cycle", "stage_since", "created_at", "updated_at", "search"]
        rows = [
            [*(d.values[c] for c in COLUMNS), Stage.LEAD.value, 1, d.created_at, d.created_at, self.at, ""] for d in new
        ]
        stored = insert_new(Lead, columns, rows, ["id", "email_key", "external_id"])
        if len(stored) < len(new) or self._are_merged(new):
            raise _Raced
        by_key, by_external = {r[1]: r[0] for r in stored if r[1]}, {r[2]: r[0] for r in stored if r[2]}
        for draft in new:
            draft.pk = by_key.get(draft.values["email_key"]) or by_external[draft.values["external_id"]]

    def _are_merged(self, new: list[LeadDraft]) -> bool:
        """Whether a lead that is new here was merged into another since we looked: nothing creates it a second time."""
        keys, ids = ([d.values[name] for d in new if d.values[name]] for name in ("email_key", "external_id"))
        known = keys and FormerAddress.objects.filter(email_key__in=keys).exists()
        return bool(known or (ids and OtherId.objects.filter(external_id__in=ids).exists()))

    def _account(self) -> None:
        """Say what became of each row: the first row of a new lead creates it; flipping there and back changes nothing."""
        for draft in self.drafts:
            fresh, differs = not draft.before, draft.changed
            for place, (index, row_changed) in enumerate(draft.rows):
                outcome: Outcome = "updated" if row_changed and differs else "unchanged"
                self.taken.outcomes[index] = "created" if fresh and place == 0 else outcome
                self.taken.ids[index] = draft.pk
        self.taken.faults.extend(self.faults)


def _identity(draft: LeadDraft) -> tuple[str, str]:
    return draft.values["email_key"] or "", draft.values["external_id"] or ""
