"""The keys of machines."""

import hashlib
import secrets
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from .people import User, or_taken


class Scope(models.TextChoices):
    """What a server's key may do (quality.md §4, machine principals)."""

    LEADS_READ = "leads:read", _("Read leads")
    LEADS_WRITE = "leads:write", _("Create and update leads")
    EVENTS_WRITE = "events:write", _("Send activities")
    SCORES_READ = "scores:read", _("Read scores")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys, named by what the rows are."""

    def usable(self, now: datetime) -> Self:
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))

    def newest(self) -> Self:
        """All keys with who issued them, newest first."""
        return self.select_related("created_by").order_by("-id")

    def issue(
        self, *, name: str, scopes: list[str], by: User, expires_at: datetime | None = None
    ) -> tuple["ApiKey", str]:
        """A new key and its secret text, which is shown once and never stored (quality.md S10). Raises `Taken`."""
        prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        with or_taken(_t("A key with this name is in use; revoke it or choose another name.")):
            key = self.create(
                name=name,
                prefix=prefix,
                digest=ApiKey.digest_of(secret),
                scopes=scopes,
                created_by=by,
                expires_at=expires_at,
            )
        return key, f"lh_{prefix}_{secret}"

    def holder_of(self, text: str, now: datetime) -> "ApiKey | None":
        """The usable key whose secret this is, or None; compared in constant time."""
        mark, _sep, rest = text.partition("_")
        prefix, _sep, secret = rest.partition("_")
        if mark != "lh" or not prefix.isascii() or not prefix.isalnum() or len(prefix) > 16:
            return None
        key = self.usable(now).filter(prefix=prefix).select_related("created_by").first()
        return key if key and constant_time_compare(key.digest, ApiKey.digest_of(secret)) else None


class ApiKey(models.Model):
    """A server's key to the intake API: 256 random bits, stored as SHA-256, found by its prefix."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at=None), name="apikey_live_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    def revoke(self, *, at: datetime) -> None:
        """The key is refused from now on; repeating does nothing."""
        ApiKey.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=at)

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    def scope_labels(self) -> list[str]:
        return [str(scope.label) for scope in Scope if scope.value in self.scopes]

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
