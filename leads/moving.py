"""Moves of stage that are told together: whoever follows them works on one set instead of on many."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from .signals import stages_changed

if TYPE_CHECKING:
    from .models import StageMove

_waiting: "ContextVar[list[StageMove] | None]" = ContextVar("moves_waiting", default=None)


@contextmanager
def told_together() -> Iterator[None]:
    """Moves written inside are told to their followers at the end, as one set; call it in a transaction.

    Until then no ledger is frozen and no list, program or handoff knows of them. A move that was taken back
    meanwhile, with the savepoint it was made in, is not told. A hand-over with a note for sales is told at once.
    """
    if _waiting.get() is not None:
        yield
        return
    moves: list[StageMove] = []
    token = _waiting.set(moves)
    try:
        yield
    finally:
        _waiting.reset(token)
    if moves:
        model = type(moves[0])
        there = set(model.objects.filter(pk__in=[move.pk for move in moves]).values_list("pk", flat=True))
        tell([move for move in moves if move.pk in there])


def tell_now(move: "StageMove") -> None:
    """Tell this one before what its followers read of it changes; nothing where it was told already."""
    together = _waiting.get()
    if together is not None and move in together:
        together.remove(move)
        _send([move])


def tell(moves: "list[StageMove]", *, note: str = "") -> None:
    """Tell moves that were just written, now or together with others."""
    together = _waiting.get()
    if together is not None and not note:
        together += moves
    elif moves:
        _send(moves, note)


def _send(moves: "list[StageMove]", note: str = "") -> None:
    stages_changed.send(sender=type(moves[0]), moves=moves, at=max(move.at for move in moves), note=note)
