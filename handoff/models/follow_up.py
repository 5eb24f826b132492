"""A logged call, meeting or e-mail to the lead: the only thing that stops the clock (R17, R20)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.models import Activity


class FollowUp(models.Model):
    """One contact by sales (R20); the first one of a handoff stops its clock. Its deed is the activity.

    `token` names the form that was posted: a second press of the same form is the same follow-up.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")
        EMAIL = "email", _("E-mail")

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        LEFT_MESSAGE = "left_message", _("Left a message")

    handoff = models.ForeignKey("handoff.Handoff", on_delete=models.CASCADE, related_name="follow_ups", db_index=False)
    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="follow_up")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    notes = models.TextField(_("notes"), blank=True, default="")
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    next_on = models.DateField(_("on"), null=True, blank=True)
    recorded_at = models.DateTimeField()
    token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(name="followup_kind_known", condition=Q(kind__in=["call", "meeting", "email"])),
            models.CheckConstraint(
                name="followup_result_known", condition=Q(result__in=["reached", "no_answer", "left_message"])
            ),
            models.CheckConstraint(name="followup_happened", condition=Q(at__lte=F("recorded_at"))),
        ]
        indexes = [models.Index(fields=["handoff", "-at"], name="followup_of_handoff")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
