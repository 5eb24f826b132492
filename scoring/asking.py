"""Asking for a version to be published: done at once where there are few leads, else by workers, with progress (R12)."""

from datetime import datetime

from accounts.models import User
from outbox.doorbell import ring_after_commit

from . import blocks, publishing
from .models import ScoringModel
from .models_work import Publishing
from .tasks import carry_on_publishing
from .versions import ModelRefused

#: A person waits for so many blocks of leads, not for more.
FEW_BLOCKS = 1
#: So many workers are asked to share what is more.
WORKERS = 4


def publish(version: ScoringModel, *, by: User | None, at: datetime) -> Publishing:
    """Have the version published; what goes wrong later is the publishing's `problem`. Raises `ModelRefused`."""
    asked = publishing.start(version, by=by, at=at)
    if len(blocks.blocks()) > FEW_BLOCKS:
        for _worker in range(WORKERS):
            ring_after_commit(carry_on_publishing)
        return asked
    publishing.carry_on(at)
    asked.refresh_from_db()
    if asked.problem:
        raise ModelRefused(asked.problem)
    return asked
