"""A seller's seat: how much they take, when they work; and the times they are away (quality.md §4: out-of-office, capacity)."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from ..hours import at_work

MOST_WEIGHT, MOST_CAPACITY = 100, 5_000


class Seat(models.Model):
    """What routing knows of a seller. Who has no row takes by weight 1, as much as comes, at any hour."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seat")
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MaxValueValidator(MOST_WEIGHT)],
        help_text=_("The share of this seller: 2 gets twice as many as 1; 0 gets none by turns."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_CAPACITY)],
        help_text=_("So many open handoffs at most are given by routing; blank is no limit."),
    )
    week = models.JSONField(_("working hours"), default=list, blank=True)  # as of a calendar; no window: any hour

    class Meta:
        constraints = [
            models.CheckConstraint(name="seat_weight_sane", condition=Q(weight__lte=MOST_WEIGHT)),
        ]

    def __str__(self) -> str:
        return f"{self.weight}"

    @classmethod
    def of(cls, person: User) -> "Seat":
        """The person's seat; a fresh one, not saved, where there is none."""
        return cls.objects.filter(person=person).first() or cls(person=person)

    def is_at_work(self, at: datetime) -> bool:
        """Whether `at` lies in the working hours, in the person's own zone."""
        return at_work(at, self.person.zone, self.week)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences, named by when they are."""

    def at(self, moment: datetime) -> Self:
        """Those going on at the moment."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=moment), starts_at__lte=moment)

    def not_over(self, now: datetime) -> Self:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now)).order_by("starts_at", "id")

    def overlapping(self, starts_at: datetime, ends_at: datetime | None) -> Self:
        later = self.filter(Q(ends_at=None) | Q(ends_at__gt=starts_at))
        return later.filter(starts_at__lt=ends_at) if ends_at else later

    def to_begin(self, now: datetime) -> Self:
        """Those that have begun and whose leads were not given back yet."""
        return self.filter(begun_at=None, starts_at__lte=now)


class Absence(models.Model):
    """Somebody away from `starts_at` until `ends_at` (None: until further notice). `begun_at`: when their leads were given back."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences", db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(name="absence_has_length", condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")))
        ]
        indexes = [
            models.Index(fields=["person", "-starts_at"], name="absence_of_person"),
            models.Index(fields=["starts_at"], condition=Q(begun_at=None), name="absence_to_begin"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d}"
