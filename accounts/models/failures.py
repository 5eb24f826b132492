"""Wrong passwords, counted against budgets."""

from datetime import datetime
from typing import Self

from django.db import models


class SignInFailureQuerySet(models.QuerySet["SignInFailure"]):
    """Failed sign-ins, named by what the rows are."""

    def since(self, moment: datetime) -> Self:
        return self.filter(at__gt=moment)


class SignInFailure(models.Model):
    """One wrong password against one budget (`accounts.throttling`); the bucket is a keyed hash, never an address."""

    bucket = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    objects = SignInFailureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["bucket", "at"], name="signinfailure_bucket")]
