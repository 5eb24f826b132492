"""Who changed a reason or what qualifying asks for, when, and from what to what (R18, R22)."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User

Facts = dict[str, Any]


class SettingChangeQuerySet(models.QuerySet["SettingChange"]):
    """Changes, named by what was changed."""

    def of_reasons(self) -> Self:
        return self.filter(what="reason").select_related("by")

    def of_rules(self) -> Self:
        return self.filter(what="rules").select_related("by")


class SettingChange(models.Model):
    """One change, with all values before and after as they were stored; words are made of them when somebody reads it."""

    class What(models.TextChoices):
        REASON = "reason", _("Reason")
        RULES = "rules", _("How we qualify")

    what = models.CharField(max_length=8, choices=What.choices)
    name = models.CharField(max_length=120, blank=True)  # of the reason, or of the team; blank is the workspace
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(null=True)  # null: it is new
    after = models.JSONField(null=True)  # null: it is gone

    objects = SettingChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["what", "-id"], name="settingchange_newest")]
        constraints = [
            models.CheckConstraint(name="settingchange_what_known", condition=Q(what__in=["reason", "rules"])),
            models.CheckConstraint(
                name="settingchange_changes",
                condition=Q(before=None, after__isnull=False) | Q(after=None) | ~Q(before=F("after")),
            ),
        ]

    def __str__(self) -> str:
        return _t(self.name) if self.name else _t("The workspace")

    @classmethod
    def note(cls, what: str, name: str, before: Facts | None, after: Facts | None, *, by: User | None, at: datetime) -> None:  # fmt: skip
        """Keep it; saving what is so already is no change. Call in the transaction of the change."""
        if before != after:
            cls.objects.create(what=what, name=name, before=before, after=after, by=by, at=at)
