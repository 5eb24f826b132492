"""The ledger of a lead frozen when its stage changes (product.md §3)."""

from collections.abc import Sequence
from dataclasses import replace

from leads.bulk import update_rows
from leads.models import StageMove

from .days import workspace_day
from .explain import ledgers_on
from .ledger import Ledger
from .models import ScoringModel, Snapshot

CHUNK = 2_000


def freeze(moves: Sequence[StageMove]) -> None:
    """Keep what each move's ledger says on its day, with the facts as they stand while the leads move.

    Lines that did nothing are left out; the sum stays exact.
    """
    version = ScoringModel.objects.published()
    for start in range(0, len(moves), CHUNK):
        part = [(move, workspace_day(move.at)) for move in moves[start : start + CHUNK]]
        ledgers = ledgers_on([(move.lead_id, day) for move, day in part], model=version)
        frozen = [(move, day, ledger) for (move, day), ledger in zip(part, ledgers, strict=True)]
        _mark([(move, ledger) for move, _day, ledger in frozen if move.total is None], version)
        Snapshot.objects.bulk_create(
            [Snapshot(move=move, model=version, day=day, ledger=_kept(ledger)) for move, day, ledger in frozen]
        )


def _mark(moves: Sequence[tuple[StageMove, Ledger]], version: ScoringModel) -> None:
    """A move by a person says the score of that moment too (product.md §4)."""
    for move, ledger in moves:
        move.fit, move.engagement, move.total = ledger.fit, ledger.engagement, ledger.total
        move.model_version = version.version
    figures = ["fit", "engagement", "total", "model_version"]
    update_rows(StageMove, figures, [[move.pk, *(getattr(move, name) for name in figures)] for move, _ledger in moves])


def _kept(ledger: Ledger) -> dict[str, object]:
    return replace(ledger, lines=tuple(line for line in ledger.lines if line.did_something)).to_json()
