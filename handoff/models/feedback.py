"""What follows a no: marketing's reply to whoever gave it, and the day on which a lead came back (R22, R27)."""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import act_as
from accounts.models import User

from .. import telling
from ..refusals import ReplyRefused
from .handoff import Handoff, Outcome

#: How long a reply may be.
LENGTH = 2_000


class Reply(models.Model):
    """Marketing's words to the seller who said no, kept with the handoff."""

    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="reply_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def give(cls, handoff: Handoff, *, text: str, by: User, at: datetime) -> "Reply":
        """Answer a no; whoever gave it gets a notice. Raises `ReplyRefused` where sales did not say no."""
        if handoff.outcome not in (Outcome.SENT_BACK, Outcome.DISQUALIFIED):
            raise ReplyRefused(_("Sales did not send this lead back, so there is nothing to reply to."))
        if not text.strip():
            raise ReplyRefused(_("Write a few words."))
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            reply = cls.objects.create(handoff=handoff, text=text.strip(), by=by, at=at)
            telling.replied(reply, by=by, at=at)
        return reply


class CameBack(models.Model):
    """The day came until which a lead was sent back, and marketing was told; one row per handoff, so once."""

    handoff = models.OneToOneField(Handoff, primary_key=True, on_delete=models.CASCADE, related_name="came_back")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.handoff_id}: {self.at:%Y-%m-%d}"
