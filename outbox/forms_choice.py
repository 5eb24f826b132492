"""The form of one's own mail choice; it checks and never writes."""

from datetime import time
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from .models import MailChoice

_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MailChoiceForm(forms.Form):
    """How and when mail comes. `facts()` is what is kept."""

    how = forms.ChoiceField(label=_("Reminders by mail"), choices=MailChoice.HOW, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_CLOCK)
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=_CLOCK, help_text=_("In your own time zone. Mail waits until then.")
    )

    def __init__(self, data: Any = None, *, choice: MailChoice) -> None:
        known = {"quiet_from": _time(choice.quiet_from), "quiet_until": _time(choice.quiet_until)}
        super().__init__(data, initial={"how": choice.how} | known)
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout("how", Row(Column("quiet_from"), Column("quiet_until")))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("quiet_from"), said.get("quiet_until")
        if not self.errors and (first is None) != (last is None):
            self.add_error(
                "quiet_until" if last is None else "quiet_from", _("Quiet hours have a beginning and an end.")
            )
        elif first is not None and first == last:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return said

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "how": said["how"],
            "quiet_from": _minute(said["quiet_from"]),
            "quiet_until": _minute(said["quiet_until"]),
        }


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)


def _minute(moment: time | None) -> int | None:
    return None if moment is None else moment.hour * 60 + moment.minute
