"""Every change of an item of a qualification: from what to what, when, by whom, how verified (R18)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from accounts.models import User

from .qualification_parts import Verified, fields_of

if TYPE_CHECKING:
    from .qualification import Qualification

#: What one person types or presses within this time is one change: drafts save themselves while people type.
ONE_CHANGE = timedelta(minutes=2)


def written(value: Any) -> str:
    """A value as history keeps it: blank for nothing, days as 2026-11-22, amounts with two decimals."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


class ChangeQuerySet(models.QuerySet["QualificationChange"]):
    """Changes, named by what the rows are."""

    def of_item(self, item: str) -> Self:
        return self.filter(field__in=fields_of(item)).select_related("by")

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def latest_per_field(self) -> Self:
        """The last change of each field that was taken over."""
        return self.filter(applied=True).select_related("by").order_by("field", "-id").distinct("field")

    def note(
        self, qualification: "Qualification", values: Mapping[str, Any], *, by: User | None, at: datetime,
        how: Mapping[str, str] | None = None, applied: bool = True,
    ) -> None:  # fmt: skip
        """Note that these fields get these values; going on with one's own change of a moment ago is the same change."""
        mine = self._just_changed(qualification, values, by, at) if by else {}
        new = []
        for field, value in values.items():
            if change := mine.get(field):
                change.new, change.at, change.verified = written(value), at, _how(field, how)
                change.save(update_fields=["new", "at", "verified"])
                continue
            old = written(getattr(qualification, field))
            new.append(
                QualificationChange(
                    qualification=qualification,
                    field=field,
                    old=old,
                    new=written(value),
                    verified=_how(field, how) if by else Verified.FORM,
                    by=by,
                    by_lead=by is None,
                    at=at,
                    applied=applied,
                )
            )
        QualificationChange.objects.bulk_create(new)

    def _just_changed(
        self, qualification: "Qualification", fields: Mapping[str, Any], by: User, at: datetime
    ) -> dict[str, "QualificationChange"]:
        latest = self.filter(qualification=qualification, field__in=fields).latest_per_field()
        return {change.field: change for change in latest if change.by == by and at - change.at < ONE_CHANGE}


def _how(field: str, how: Mapping[str, str] | None) -> str:
    return next((kind for item, kind in (how or {}).items() if field in fields_of(item)), "")


class QualificationChange(models.Model):
    """One change. `by_lead`: answered by form, by the lead itself. Not `applied`: said so, but sales knew already."""

    qualification = models.ForeignKey("handoff.Qualification", on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=40)
    old = models.TextField(blank=True, default="")
    new = models.TextField(blank=True, default="")
    verified = models.CharField(max_length=8, choices=Verified.choices, blank=True, default="")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    by_lead = models.BooleanField(default=False)
    applied = models.BooleanField(default=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["qualification", "field", "-id"], name="qualification_change_latest")]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
