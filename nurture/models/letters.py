"""What leaves for leads, at most once each, and what comes back of it (quality.md §1 and §3, R24)."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from leads.models import Activity, Lead, Verdict
from leads.permissions import sees_own_leads

from ..permissions import may_read_all_letters
from .emails import EmailVersion

if TYPE_CHECKING:
    from accounts.models import User


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, named by what the rows are."""

    def visible_to(self, user: "User") -> Self:
        """Those that a person may read (quality.md §4): marketing and managers all, a rep those of own leads."""
        if may_read_all_letters(user):
            return self
        return self.filter(lead__owner=user) if sees_own_leads(user) else self.none()

    def of(self, lead: Lead) -> Self:
        return self.filter(lead=lead)

    def in_state(self, *states: str) -> Self:
        """Those in one of the states; all of them for none."""
        return self.filter(state__in=states) if states else self

    def waiting(self) -> Self:
        """Not in anybody's hands and not settled: what may still be called off."""
        return self.filter(state__in=[Letter.State.QUEUED, Letter.State.DEFERRED])

    def due(self, at: datetime) -> Self:
        """Their time has come and nobody has them, or whoever took them died before handing them over."""
        free = Q(state__in=["queued", "deferred"]) | Q(state="leased", lease_until__lte=at)
        return self.filter(free, next_try_at__lte=at)

    def in_turn(self) -> Self:
        """Without those before which another of the same way through a program is not settled yet (quality.md I13)."""
        same = {"lead": OuterRef("lead"), "entry__enrolment": OuterRef("entry__enrolment"), "pk__lt": OuterRef("pk")}
        return self.exclude(Exists(Letter.objects.unsettled().filter(**same)))

    def abandoned(self, at: datetime) -> Self:
        """Handed over by a sender that did not live to say what became of them."""
        return self.filter(state=Letter.State.HANDED, lease_until__lte=at)

    def unsettled(self) -> Self:
        return self.filter(state__in=["queued", "leased", "handed", "deferred"])

    def shown_whole(self) -> Self:
        """With all that a page about them reads."""
        return self.select_related("lead", "version__email")

    def with_answers(self) -> Self:
        """With their hits, and the activity of each, in one question more."""
        return self.prefetch_related(models.Prefetch("hits", Hit.objects.select_related("activity")))


class Letter(models.Model):
    """One e-mail to one lead: the row is there before the mail is, and its `key` is there once, whoever tries again.

    Handed over at most once: `handed` is committed before the words leave, so that a sender that dies leaves `unknown`,
    which nobody sends again by itself. `values` are the merge values it is written with; it can be shown again exactly.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        LEASED = "leased", _("Being sent")
        HANDED = "handed", _("Handed over")
        SENT = "sent", _("Sent")
        SHOWN = "shown", _("Shown here only")  # no mail server: nothing leaves
        DEFERRED = "deferred", _("Deferred")
        FAILED = "failed", _("Failed")
        SUPPRESSED = "suppressed", _("Not sent")
        UNKNOWN = "unknown", _("Doubtful")

    key = models.CharField(max_length=100, unique=True)
    lead = models.ForeignKey(Lead, null=True, on_delete=models.CASCADE, related_name="letters", db_index=False)
    version = models.ForeignKey(EmailVersion, on_delete=models.PROTECT, related_name="letters", db_index=False)
    variant = models.CharField(max_length=1, default="a")  # which subject: a or b
    to = models.EmailField(max_length=320)
    domain = models.CharField(max_length=255)  # of the address, for throttling
    is_test = models.BooleanField(default=False)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True, default="")  # why it failed or was not sent
    attempt = models.PositiveSmallIntegerField(default=0)
    first_attempt = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # sent, failed, suppressed or found doubtful

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="letter_variant_known", condition=Q(variant__in=["a", "b"])),
            models.CheckConstraint(
                name="letter_state_known",
                condition=Q(
                    state__in=[
                        "queued", "leased", "handed", "sent", "shown", "deferred", "failed", "suppressed", "unknown",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="letter_lease_in_hands", condition=Q(lease_until=None) ^ Q(state__in=["leased", "handed"])
            ),
            models.CheckConstraint(
                name="letter_handed_has_moment",
                condition=~Q(state__in=["handed", "sent", "unknown"]) | Q(handed_at__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state__in=["queued", "deferred", "leased", "handed"]),
                name="letter_due",
            ),
            models.Index(fields=["lead", "-id"], name="letter_of_lead"),
            models.Index(fields=["version", "variant"], name="letter_of_version"),
            models.Index(fields=["-id"], condition=Q(state__in=["unknown", "failed"]), name="letter_doubtful"),
            models.Index(fields=["domain"], condition=Q(state__in=["queued", "deferred"]), name="letter_of_domain"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def may_be_resent(self) -> bool:
        return self.state in (self.State.UNKNOWN, self.State.FAILED)

    def resend(self, *, at: datetime) -> bool:
        """Put a doubtful or failed letter in line again, under the same Message-ID; False when it is neither (any more).

        A doubtful one may arrive twice then: a person decides that, nobody else. The attempt number goes on counting.
        """
        from ..settling import unsettle  # noqa: PLC0415 - it imports the models

        mine = Letter.objects.filter(pk=self.pk, state__in=[self.State.UNKNOWN, self.State.FAILED])
        return unsettle(mine, at=at)


class Hit(models.Model):
    """One answer to a letter: an open, a click, a bounce …; machines' are kept with the reason and earn nothing (D10)."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Opened")
        CLICK = "click", _("Clicked")
        TRAP = "trap", _("Followed the hidden link")
        LEAVING = "leaving", _("Looked at the page for leaving")
        UNSUBSCRIBE = "unsubscribe", _("Unsubscribed")
        BOUNCE = "bounce", _("Bounced")
        COMPLAINT = "complaint", _("Complained")
        REPLY = "reply", _("Replied")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="hits", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    link = models.CharField(max_length=8, blank=True, default="")  # key of the link in the version's list
    at = models.DateTimeField()
    user_agent = models.CharField(max_length=300, blank=True, default="")
    verdict = models.SmallIntegerField(choices=Verdict.choices, default=Verdict.PERSON)
    why = models.CharField(max_length=200, blank=True, default="")  # why a machine
    key = models.CharField(max_length=40, blank=True, default="")  # of a mail that came back: it is noted once
    activity = models.OneToOneField(
        Activity, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="hit_of_mail_once")]
        indexes = [models.Index(fields=["letter", "at"], name="hit_of_letter")]

    @property
    def is_machine(self) -> bool:
        """What a person said of the activity outweighs what was found out."""
        return (self.activity.verdict if self.activity else self.verdict) == Verdict.MACHINE


class Quota(models.Model):
    """How many letters were handed over in the present minute: to one domain, or, under a blank one, in all."""

    domain = models.CharField(primary_key=True, max_length=255)
    minute = models.DateTimeField()
    handed = models.PositiveIntegerField()


class Suppression(models.Model):
    """An address that is never written to again, kept as a keyed hash so that erasure keeps it too (D6)."""

    class Why(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed from everything")
        BOUNCED = "bounced", _("The address does not take mail")
        COMPLAINED = "complained", _("Complained about mail from us")
        ERASED = "erased", _("Erased")
        PERSON = "person", _("Put there by a person")

    address_hash = models.CharField(max_length=64, unique=True)
    why = models.CharField(max_length=40, choices=Why.choices)
    at = models.DateTimeField()


class Optout(models.Model):
    """A lead that left one topic of e-mails; leaving all is a suppression."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="optouts", db_index=False)
    topic = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "topic"], name="optout_once")]
