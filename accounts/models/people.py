"""Who people are: users with roles, and teams."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..actor import act_as
from ..addresses import email_key
from ..signals import person_deactivated, sales_role_lost


class Role(models.TextChoices):
    """The six roles of quality.md §4; one person may hold several and rights add up."""

    MARKETER = "marketer", _("Marketer")
    MARKETING_MANAGER = "marketing_manager", _("Marketing manager")
    SALES_REP = "sales_rep", _("Sales rep")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class LastAdministrator(Exception):
    """The change would leave nobody who can manage people; the text is a sentence for people."""


class TeamInUse(Exception):
    """The team still has members; the text is a sentence for people."""


class Taken(Exception):
    """Somebody else took the address or name a moment ago; the text is a sentence for people."""


@contextmanager
def or_taken(sentence: str) -> Iterator[None]:
    """Turn the database's refusal of a second row with the same name into `Taken`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        raise Taken(sentence) from fault


def new_mark() -> str:
    """A random mark; sessions signed with another one have ended."""
    return secrets.token_hex(16)


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams, named by what the rows are."""

    def with_size(self) -> Self:
        """With `size`: how many active people are in the team."""
        return self.annotate(size=models.Count("members", filter=Q(members__is_active=True))).order_by("name")


class Team(models.Model):
    """A group of people who share a queue of handoffs and a manager."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def rename(self, name: str) -> None:
        """Give the team another name. Raises `Taken` when a team has it."""
        self.name = name
        with or_taken(_t("A team has this name already.")):
            self.save()

    @transaction.atomic
    def dissolve(self) -> None:
        """Delete the team. Raises `TeamInUse` while anybody, active or not, belongs to it."""
        Team.objects.select_for_update().get(pk=self.pk)
        if self.members.exists():
            raise TeamInUse(_t("“%(team)s” still has members; move them to another team first.") % {"team": self.name})
        self.delete()


class UserQuerySet(models.QuerySet["User"]):
    """People, named by what the rows are."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def holding(self, *roles: str) -> Self:
        """People who hold at least one of the roles."""
        return self.filter(roles__overlap=list(roles))

    def visible_to(self, user: "User") -> Self:
        """The people whose page a person may open: all for administrators, the own team for sales managers."""
        if user.holds(Role.ADMINISTRATOR):
            return self
        if user.holds(Role.SALES_MANAGER) and user.team_id is not None:
            return self.filter(team_id=user.team_id)
        return self.filter(pk=user.pk) if user.holds(Role.SALES_MANAGER) else self.none()

    def named(self, text: str) -> Self:
        """People whose name or address contains the text."""
        return self.filter(Q(name__icontains=text) | Q(email_key__contains=email_key(text))) if text else self

    def following(self, anchor: "User") -> Self:
        """People after the anchor, by name."""
        return self.filter(Q(name__gt=anchor.name) | Q(name=anchor.name, pk__gt=anchor.pk)).order_by("name", "pk")

    def preceding(self, anchor: "User") -> Self:
        """People before the anchor, nearest first."""
        return self.filter(Q(name__lt=anchor.name) | Q(name=anchor.name, pk__lt=anchor.pk)).order_by("-name", "-pk")

    def lock_administrators(self) -> list[int]:
        """Ids of the active administrators, locked to the end of the transaction: two cannot remove each other at once."""
        rows = self.active().holding(Role.ADMINISTRATOR).order_by("pk").select_for_update()
        return list(rows.values_list("pk", flat=True))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people; addresses are normalised in one place (`accounts.addresses`)."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip(), email_key=email_key(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def invite(self, *, email: str, **fields: Any) -> "User":
        """A person who cannot sign in until they set a password by their link (`accounts.links`). Raises `Taken`."""
        with or_taken(_t("Somebody with this e-mail address is here already.")):
            return self.create_user(email, None, **fields)

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
    session_mark = models.CharField(max_length=32, default=new_mark, editable=False)

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

    def role_labels(self) -> list[str]:
        """The roles in words, in the order of the table of roles."""
        return [str(role.label) for role in Role if role.value in self.roles]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to live: it changes with the password and with `session_mark`."""
        return salted_hmac(
            "accounts.session", self.password + self.session_mark, secret=secret, algorithm="sha256"
        ).hexdigest()

    def end_sessions(self) -> None:
        """Every session of the person, and every unused password link, ends at its next request."""
        self.session_mark = new_mark()
        self.save(update_fields=["session_mark"])

    def choose_password(self, password: str) -> None:
        """Store a new password; all sessions end. The caller has validated it (`AUTH_PASSWORD_VALIDATORS`)."""
        self.set_password(password)
        self.session_mark = new_mark()
        self.save(update_fields=["password", "session_mark"])

    @transaction.atomic
    def deactivate(self, *, by: "User", at: datetime) -> None:
        """Shut the person out at their very next request; what they held goes back (`person_deactivated`). Repeating does nothing."""
        self._keep_an_administrator()
        if not User.objects.active().filter(pk=self.pk).update(is_active=False, session_mark=new_mark()):
            return
        self.refresh_from_db()
        act_as(f"user:{by.pk}", at)
        person_deactivated.send(sender=User, person=self, by=by, at=at)

    def reactivate(self) -> None:
        """Let the person sign in again with the password they had; sessions of before stay ended."""
        self.is_active = True
        self.save(update_fields=["is_active"])

    @transaction.atomic
    def assign(self, *, name: str, roles: list[str], team: "Team | None", by: "User", at: datetime) -> None:
        """Give the person a name, roles and a team. Who stops being a sales rep gives their leads back (`sales_role_lost`)."""
        if Role.ADMINISTRATOR not in roles:
            self._keep_an_administrator()
        was = User.objects.select_for_update().get(pk=self.pk)
        self.name, self.roles, self.team = name, list(roles), team
        self.save(update_fields=["name", "roles", "team"])
        if Role.SALES_REP in was.roles and Role.SALES_REP not in roles:
            act_as(f"user:{by.pk}", at)
            sales_role_lost.send(sender=User, person=self, by=by, at=at)

    def _keep_an_administrator(self) -> None:
        if User.objects.lock_administrators() == [self.pk]:
            raise LastAdministrator(
                _t("%(name)s is the last active administrator; make somebody else administrator first.")
                % {"name": self.name}
            )
