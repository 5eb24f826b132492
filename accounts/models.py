"""Who people are: users with roles, teams, and the keys of machines."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from .addresses import email_key


class Role(models.TextChoices):
    """The six roles of quality.md §4; one person may hold several and rights add up."""

    MARKETER = "marketer", _("Marketer")
    MARKETING_MANAGER = "marketing_manager", _("Marketing manager")
    SALES_REP = "sales_rep", _("Sales rep")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class Team(models.Model):
    """A group of people who share a queue of handoffs and a manager."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet["User"]):
    """People, named by what the rows are."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def holding(self, *roles: str) -> Self:
        """People who hold at least one of the roles."""
        return self.filter(roles__overlap=list(roles))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people; addresses are normalised in one place (`accounts.addresses`)."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip(), email_key=email_key(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email_key=email_key(username or ""))


class User(AbstractBaseUser):
    """A person who signs in. `time_zone` is what shown times are in; stored times are UTC."""

    email = models.EmailField(_("e-mail"))
    email_key = models.CharField(max_length=254, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, verbose_name=_("roles"))
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="user_email_key_known", condition=~Q(email_key="")),
            models.CheckConstraint(
                name="user_roles_known", condition=Q(roles__contained_by=[role.value for role in Role])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    def holds(self, *roles: str) -> bool:
        """Whether the person is active and holds at least one of the roles."""
        return self.is_active and not set(roles).isdisjoint(self.roles)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Scope(models.TextChoices):
    """What a server's key may do (quality.md §4, machine principals)."""

    LEADS_READ = "leads:read", _("Read leads")
    LEADS_WRITE = "leads:write", _("Create and update leads")
    EVENTS_WRITE = "events:write", _("Send activities")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys, named by what the rows are."""

    def usable(self, now: datetime) -> Self:
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))

    def issue(self, *, name: str, scopes: list[str], by: User, expires_at: datetime | None = None) -> tuple["ApiKey", str]:
        """A new key and its secret text, which is shown once and never stored (quality.md S10)."""
        prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        key = self.create(
            name=name, prefix=prefix, digest=ApiKey.digest_of(secret), scopes=scopes, created_by=by, expires_at=expires_at
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

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
