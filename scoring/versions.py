"""The life of a model version: drafted, published, retired (product.md §3, R12)."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.furnishing import furnishes
from accounts.models import User

from . import blocks, matchers
from .definition_reading import parse
from .engine import Scored
from .lock import scoring_lock
from .models import ModelState, ScoringModel
from .models_effect import BlockEffect
from .sweep import forget_sweeps, rebuild_vectors, sweep_day

DEFAULT = Path(__file__).parent / "default_model.json"


class ModelRefused(Exception):
    """Something that cannot be done with a version; the text is a sentence for people."""


def draft(document: dict[str, Any], *, by: User | None, at: datetime) -> ScoringModel:
    """A new draft from a JSON document. Raises `ModelFault` naming everything that is wrong with it."""
    model = parse(document)
    with transaction.atomic():
        one_at_a_time()
        last = ScoringModel.objects.aggregate(last=Max("version"))["last"] or 0
        return ScoringModel.objects.create(
            version=last + 1, name=model.name, document=document, created_by=by, created_at=at, updated_at=at
        )


def publish(version: ScoringModel, *, by: User | None, at: datetime) -> Scored:
    """Make this the one published version; the former is retired, and every lead is scored anew. What that did.

    Vectors learn to tell apart what the version looks for before it counts, so no score is ever half new; a publishing
    that is cut off is ended by the next sweep, or done again. Raises `ModelRefused` when it is published or retired already
    or changes meanwhile, `TooManyClasses` when vectors cannot hold all that it tells apart.
    """
    refuse_unless_draft(version)
    with scoring_lock(alone=True):
        news = matchers.register(version.model)
    if news:
        _learn(at)
    swap(version, by, at)
    return sweep_day(at)


def _learn(at: datetime) -> None:
    try:
        rebuild_vectors(at)
    except matchers.TooManyClasses:
        matchers.keep_only(ScoringModel.objects.published().model)
        raise


def refuse_unless_draft(version: ScoringModel) -> None:
    """Raise `ModelRefused` where the version counts already, or did."""
    if version.state not in (ModelState.DRAFT, ModelState.PROPOSED):
        raise ModelRefused(
            _("%(model)s is %(state)s; only a draft can be published.")
            % {"model": version, "state": version.get_state_display().lower()}
        )


@transaction.atomic
def swap(version: ScoringModel, by: User | None, at: datetime) -> None:
    """The version counts from now on, and no score holds any more; its vectors must have learnt. Raises `ModelRefused`."""
    one_at_a_time()
    stored = ScoringModel.objects.get(pk=version.pk)
    refuse_unless_draft(stored)
    if stored.document != version.document or not matchers.knows(version.model):
        raise changed_meanwhile(stored)
    before = ScoringModel.objects.filter(state=ModelState.PUBLISHED).first()
    ScoringModel.objects.filter(state=ModelState.PUBLISHED).update(state=ModelState.RETIRED, retired_at=at)
    version.state, version.published_at, version.published_by = ModelState.PUBLISHED, at, by
    version.save(update_fields=["state", "published_at", "published_by"])
    matchers.keep_only(version.model)
    forget_sweeps()
    if before:
        BlockEffect.objects.plan(version.pk, before.pk, blocks.blocks())


def changed_meanwhile(version: ScoringModel) -> ModelRefused:
    return ModelRefused(
        _("The rules were changed meanwhile. Look at %(model)s again, then publish it.") % {"model": version}
    )


def one_at_a_time() -> None:
    """Keep others from making or publishing a version until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE scoring_scoringmodel IN SHARE ROW EXCLUSIVE MODE")


@furnishes
def ensure_default(**_signal: Any) -> None:
    """The shipped default is published where there is no version yet: after each migrate, idempotent."""
    if not ScoringModel.objects.exists():
        document = json.loads(DEFAULT.read_text(encoding="utf-8"))
        publish(draft(document, by=None, at=timezone.now()), by=None, at=timezone.now())
