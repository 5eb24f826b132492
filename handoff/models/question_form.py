"""Questions sent to a lead as a signed link, and what came back: qualification by a thorough form (R18)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actor import act_as
from accounts.models import User

from .. import telling
from ..refusals import FormRefused, ago
from .qualification_change import written

if TYPE_CHECKING:
    from .handoff import Handoff

SALT = "handoff.questions"
#: How long a link works, and how soon the questions may be sent once more.
LIFE = timedelta(days=21)
AGAIN_AFTER = timedelta(hours=1)


class QuestionFormQuerySet(models.QuerySet["QuestionForm"]):
    """Forms, named by what the rows are."""

    def of_link(self, token: str, now: datetime) -> Self:
        """The form a link belongs to; none for one that is forged, spoilt or too old."""
        try:
            number = signing.loads(token, salt=SALT, max_age=LIFE)
        except signing.BadSignature:
            return self.none()
        rows = self.filter(pk=number if isinstance(number, int) else None, expires_at__gt=now)
        return rows.select_related("handoff__qualification", "handoff__lead", "handoff__claimed_by", "sent_by")

    def send(self, handoff: "Handoff", *, language: str, by: User, at: datetime) -> "QuestionForm":
        """Decide the mail with the link. Raises `FormRefused` with a sentence."""
        with transaction.atomic():
            act_as(f"user:{by.pk}", at)
            type(handoff).objects.filter(pk=handoff.pk).select_for_update().get()
            self._check(handoff, at)
            form = self.create(handoff=handoff, language=language, sent_by=by, sent_at=at, expires_at=at + LIFE)
            telling.ask_lead(form, by=by, at=at)
        return form

    def _check(self, handoff: "Handoff", at: datetime) -> None:
        lead, last = handoff.lead, self.filter(handoff=handoff).order_by("-id").first()
        if handoff.closed_at:
            raise FormRefused(_("This handoff is decided, so there is nothing left to ask."))
        if not lead.email:
            raise FormRefused(_("No e-mail address is known, so the questions cannot be sent."))
        if lead.suppressed_at:
            raise FormRefused(_("This person does not want mail from us."))
        if last and at - last.sent_at < AGAIN_AFTER:
            raise FormRefused(_("The questions were sent %(ago)s.") % {"ago": ago(last.sent_at, at)})


class QuestionForm(models.Model):
    """One link, for one handoff. `answers` as they were given, by field; the link dies with the decision."""

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="question_forms")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)

    objects = QuestionFormQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.handoff_id}: {self.sent_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        return signing.dumps(self.pk, salt=SALT)

    def answer(self, answers: Mapping[str, Any], *, at: datetime) -> None:
        """Keep what the lead answered, once, and tell whoever holds the handoff. Raises `FormRefused`, `AlreadyClosed`."""
        with transaction.atomic():
            act_as(f"form:{self.pk}", at)
            said = {field: written(value) for field, value in answers.items()}
            mine = QuestionForm.objects.filter(pk=self.pk, answered_at=None)
            if not mine.update(answered_at=at, answers=said):
                raise FormRefused(_("These questions were answered already. Thank you."))
            self.handoff.qualification.take_answers_of_lead(answers, at=at)
            telling.lead_answered(self, at=at)
        self.refresh_from_db()
