"""What a version was forecast to do when it was published, kept for its history; one row a block of leads (R12)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q, Sum

from .effects import Effect


class BlockEffectQuerySet(models.QuerySet["BlockEffect"]):
    """Effects of blocks, named by what the rows are."""

    def plan(self, version: int, against: int, blocks: Iterable[int]) -> None:
        """Have each block told what `version` changes against the one that counted until now."""
        BlockEffect.objects.bulk_create(
            BlockEffect(version_id=version, against_id=against, block=block) for block in blocks
        )

    def untold(self, version: int, block: int) -> "BlockEffect | None":
        """The row of a block whose effect is still to be told, with the version that counted before."""
        return self.filter(version=version, block=block, told_at=None).select_related("against").first()

    def of_versions(self, versions: Iterable[int]) -> dict[int, tuple[Effect, bool]]:
        """The effect of each of these versions that has one, and whether all of its leads were looked at; one query."""
        sums: dict[str, Any] = {name: Sum(name) for name in asdict(Effect())}
        rows = self.filter(version__in=list(versions)).values("version").order_by()
        found = rows.annotate(**sums, blocks=Count("pk"), told=Count("pk", filter=Q(told_at__isnull=False)))
        return {row["version"]: (Effect(*(row[name] for name in sums)), row["blocks"] == row["told"]) for row in found}


class BlockEffect(models.Model):
    """What publishing `version` changed in a block of leads that were scored by `against` until then.

    Planned when the version is swapped in, told once by the sweep that scores the block, and never written again.
    """

    version = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+", db_index=False)
    against = models.ForeignKey("scoring.ScoringModel", on_delete=models.CASCADE, related_name="+", db_index=False)
    block = models.IntegerField()
    told_at = models.DateTimeField(null=True)
    leads = models.IntegerField(default=0)
    mql_in = models.IntegerField(default=0)
    mql_out = models.IntegerField(default=0)
    sql_in = models.IntegerField(default=0)
    sql_out = models.IntegerField(default=0)
    total_before = models.BigIntegerField(default=0)
    total_after = models.BigIntegerField(default=0)

    objects = BlockEffectQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "block"], name="blockeffect_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.block}"

    def tell(self, effect: Effect, at: datetime) -> None:
        """Keep it; call it in the transaction that scores the block."""
        BlockEffect.objects.filter(pk=self.pk, told_at=None).update(told_at=at, **asdict(effect))
