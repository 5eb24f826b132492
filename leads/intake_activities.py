"""Recording activities: the one way a deed is stored, whether one by a rep's hand or a million from a file."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import act_as

from .bulk import insert_new
from .intake import IntakeRefused, NewActivity, Recorded, RowFault
from .intake_checks import check_activity
from .known_leads import KnownLeads
from .machines import is_machine
from .models import Activity, ActivityType, Asset, FunnelStage, Rerouted, Verdict
from .signals import activities_recorded

COLUMNS = (
    "lead_id", "type_id", "occurred_at", "recorded_at", "subject", "url", "asset_id", "campaign", "funnel_stage",
    "properties", "source_system", "external_id", "verdict", "recorded_by_id",
)  # fmt: skip


def record_many(rows: Sequence[NewActivity], *, at: datetime, actor: str) -> Recorded:
    """Store activities as one set in one transaction; each once by (source system, external id), faulty rows left out.

    Refused are unknown types and leads, deeds before 2000 and those more than a day ahead of `at`, the moment of
    recording. A machine's deeds are kept as such. Sends `activities_recorded` once.
    """
    recorded = Recorded(ids=[None] * len(rows), outcomes=["refused"] * len(rows))
    with transaction.atomic(savepoint=False):
        act_as(actor, at)
        _Batch(rows, recorded, at).store()
    return recorded


class _Batch:
    """The rows of one call and what they speak of."""

    def __init__(self, rows: Sequence[NewActivity], recorded: Recorded, at: datetime) -> None:
        self.rows, self.recorded, self.at = rows, recorded, at
        self.types = {row[0]: row[1:] for row in ActivityType.objects.values_list("key", "id", "funnel_stage")}
        self.good: list[int] = []
        self.seen: Counter[str] = Counter()

    def store(self) -> None:
        self._each(range(len(self.rows)), self._check)
        self._find_leads()
        self._each(self.good, self._resolve)
        self._find_assets()
        told = {index: self._columns(self.rows[index]) for index in self.good}
        # Sorted by lead, so that one lead's deeds lie together on disk (architecture.md §4).
        stored = insert_new(
            Activity,
            COLUMNS,
            sorted(told.values(), key=lambda row: row[0]),
            ["id", "source_system", "external_id", "lead_id"],
        )
        self._account(told, {(system, external): pk for pk, system, external, _lead in stored})
        self._reroute()
        if stored:
            activities_recorded.send(
                sender=Activity,
                activity_ids=sorted(row[0] for row in stored),
                lead_ids=sorted({row[3] for row in stored}),
                verdicts_changed=False,
            )

    def _each(self, indexes: Iterable[int], check: Callable[[NewActivity], None]) -> None:
        """Keep the rows that pass the check as `good`, and the others as faults."""
        passed = []
        for index in indexes:
            try:
                check(self.rows[index])
            except IntakeRefused as refusal:
                self.recorded.faults.append(RowFault(index, str(refusal)))
            else:
                passed.append(index)
        self.good = passed

    def _check(self, row: NewActivity) -> None:
        check_activity(row, at=self.at)
        if row.type not in self.types:
            raise IntakeRefused(_("“%(type)s” is no type of activity.") % {"type": row.type[:60]})
        if row.funnel_stage and row.funnel_stage not in FunnelStage.values:
            raise IntakeRefused(_("The funnel stage can be top, middle or bottom."))

    def _find_leads(self) -> None:
        self.known = KnownLeads([self.rows[index] for index in self.good])

    def _resolve(self, row: NewActivity) -> None:
        row.lead = self.known.lead_of(row)
        if row.lead is None:
            raise IntakeRefused(_unknown_lead(row))

    def _find_assets(self) -> None:
        """The assets named, created where they are new."""
        names = {self.rows[index].asset for index in self.good} - {""}
        self.assets = self._known_assets(names)
        if missing := sorted(names - self.assets.keys()):
            Asset.objects.bulk_create([Asset(key=name) for name in missing], ignore_conflicts=True)
            self.assets |= self._known_assets(missing)

    def _known_assets(self, names: Any) -> dict[str, tuple[int, str]]:
        if not names:
            return {}
        return {
            key: (pk, stage)
            for key, pk, stage in Asset.objects.filter(key__in=names).values_list("key", "id", "funnel_stage")
        }

    def _columns(self, row: NewActivity) -> tuple[Any, ...]:
        type_id, type_stage = self.types[row.type]
        asset_id, asset_stage = self.assets.get(row.asset, (None, ""))
        return (
            row.lead, type_id, _iso(row.occurred_at), _iso(row.recorded_at or self.at), row.subject, row.url, asset_id, row.campaign,
            row.funnel_stage or asset_stage or type_stage, row.properties, row.source_system,
            row.external_id or self._digest(row), row.verdict or verdict_of(row), row.by,
        )  # fmt: skip

    def _digest(self, row: NewActivity) -> str:
        """The id of a deed that came without one: its content, and its running number among equal ones."""
        digest = content_digest(row, self.known.origin_of(row))
        if row.nth:
            return f"{digest}-{row.nth}"
        self.seen[digest] += 1
        return f"{digest}-{self.seen[digest]}"

    def _account(self, told: dict[int, tuple[Any, ...]], stored: dict[tuple[str, str], int]) -> None:
        for index, columns in told.items():
            pk = stored.pop((columns[10], columns[11]), None)
            self.recorded.ids[index] = pk
            self.recorded.outcomes[index] = "stored" if pk else "duplicate"

    def _reroute(self) -> None:
        """Note what came under the name of a lead that was merged away, so that an undo takes it back there."""
        ids = [(self.recorded.ids[index], self.known.origin_of(self.rows[index])) for index in self.good]
        elsewhere = [
            (pk, origin) for (pk, origin), index in zip(ids, self.good, strict=True) if origin != self.rows[index].lead
        ]
        Rerouted.objects.bulk_create(
            [
                Rerouted(activity_id=pk, origin=origin)
                for pk, origin in elsewhere
                if pk is not None and origin is not None
            ]
        )


@lru_cache(maxsize=1_000)
def _iso(moment: datetime) -> str:
    return moment.isoformat()


def content_digest(row: NewActivity, lead: int | None) -> str:
    """What an activity without an id says of a lead, as 32 hexadecimal digits; equal rows have equal digests."""
    said = (
        lead, row.type, row.occurred_at.timestamp(), row.subject, row.url, row.asset, row.campaign, row.funnel_stage,
        sorted(row.properties.items()) if row.properties else (),
    )  # fmt: skip
    return blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def verdict_of(row: NewActivity) -> int:
    """Person, unless the user agent among the properties names itself a machine."""
    agent = row.properties.get("user_agent") if row.properties else None
    return Verdict.MACHINE.value if isinstance(agent, str) and is_machine(agent) else Verdict.PERSON.value


def _unknown_lead(row: NewActivity) -> str:
    if row.email:
        return _("No lead has the e-mail address %(email)s.") % {"email": row.email[:100]}
    if row.lead_external_id:
        return _("No lead has the id %(id)s.") % {"id": row.lead_external_id[:100]}
    return _("Neither an e-mail address nor an id says whose activity this is.")
