"""The ledger of a lead frozen when its stage changes (product.md §3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from leads.bulk import update_rows
from leads.models import StageMove

from .explain import ledgers_of
from .ledger import Ledger
from .models import ScoringModel, Snapshot

CHUNK = 2_000


def freeze(moves: Sequence[StageMove], day: date) -> None:
    """Keep what each move's ledger says that day, with the facts as they stand while the leads move.

    Lines that did nothing are left out; the sum stays exact.
    """
    version = ScoringModel.objects.published()
    for start in range(0, len(moves), CHUNK):
        part = moves[start : start + CHUNK]
        ledgers = ledgers_of([move.lead_id for move in part], day=day, model=version, as_facts_stand=True)
        _mark([move for move in part if move.total is None], ledgers, version)
        Snapshot.objects.bulk_create(
            [Snapshot(move=move, model=version, day=day, ledger=_kept(ledgers[move.lead_id])) for move in part]
        )


def _mark(moves: Sequence[StageMove], ledgers: dict[int, Ledger], version: ScoringModel) -> None:
    """A move by a person says the score of that moment too (product.md §4)."""
    for move in moves:
        ledger = ledgers[move.lead_id]
        move.fit, move.engagement, move.total = ledger.fit, ledger.engagement, ledger.total
        move.model_version = version.version
    figures = ["fit", "engagement", "total", "model_version"]
    update_rows(StageMove, figures, [[move.pk, *(getattr(move, name) for name in figures)] for move in moves])


def _kept(ledger: Ledger) -> dict[str, object]:
    return replace(ledger, lines=tuple(line for line in ledger.lines if line.events or line.points)).to_json()
