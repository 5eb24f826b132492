"""How each person wants to be reached by mail: at once, once a day or not at all, and not in the quiet hours."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .quiet import How, leaves_at


class MailChoiceQuerySet(models.QuerySet["MailChoice"]):
    """Choices, named by whose they are."""

    def of(self, people: Collection[int]) -> "dict[int, MailChoice]":
        """Each person's choice; who never chose gets mail at once, at any hour."""
        known = {choice.person_id: choice for choice in self.filter(person__in=people)}
        return {pk: known.get(pk) or MailChoice(person_id=pk) for pk in people}


class MailChoice(models.Model):
    """One person's choice; quiet hours in minutes of the day in the person's own zone. Notices in LeadHub come always."""

    HOW = [
        (How.NOW.value, _("At once; several at the same time in one mail")),
        (How.DAILY.value, _("Once a day, at 8 in the morning")),
        (How.NONE.value, _("Never: only inside LeadHub")),
    ]

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail_choice")
    how = models.CharField(_("mail"), max_length=5, choices=HOW, default=How.NOW.value)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_until = models.PositiveSmallIntegerField(null=True)

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="mailchoice_how_known", condition=Q(how__in=["now", "daily", "none"])),
            models.CheckConstraint(
                name="mailchoice_quiet_whole",
                condition=Q(quiet_from=None, quiet_until=None)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False, quiet_from__lt=1440, quiet_until__lt=1440)
                    & ~Q(quiet_from=F("quiet_until"))
                ),
            ),
        ]

    def leaves_at(self, zone: ZoneInfo, at: datetime) -> datetime | None:
        """When what is decided `at` leaves by mail; None where this person wants none."""
        quiet = None if self.quiet_from is None or self.quiet_until is None else (self.quiet_from, self.quiet_until)
        return leaves_at(self.how, quiet, zone, at)
