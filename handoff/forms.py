"""Forms of the handoff room: they check what people type and never write."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Fieldset, Layout, Row
from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from leads.stages import Stage

from . import words
from .gate import CURRENCIES
from .models import FollowUp, Handoff, Reason
from .models.reason import EDITABLE

NOTES_LENGTH = 20_000
REASON_LENGTH = 500
#: A clock of the person's own that runs ahead must not refuse a call just made.
FUTURE_SLACK = timedelta(minutes=5)


def helper(*fields: Any) -> FormHelper:
    """Crispy without its form tag: the template writes that, with csrf and addresses."""
    made = FormHelper()
    made.form_tag, made.disable_csrf = False, True
    made.layout = Layout(*fields)
    return made


class LocalMoment(forms.DateTimeField):
    """A moment in the viewer's zone, as the browser's own picker writes it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format="%Y-%m-%dT%H:%M")


class DayField(forms.DateField):
    """A calendar day, as the browser's own picker writes it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def text_area(rows: int, length: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": length})


class FollowUpForm(forms.Form):
    """A call, meeting or e-mail that happened: what stops the clock. The token makes a second press the same follow-up."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=FollowUp.Kind.choices,
        widget=forms.RadioSelect(attrs={"data-key": "l", "data-key-help": _("Log a contact")}),
    )
    result = forms.ChoiceField(label=_("How it went"), choices=FollowUp.Result.choices, widget=forms.RadioSelect)
    at = LocalMoment(label=_("When"))
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=NOTES_LENGTH, widget=text_area(2, NOTES_LENGTH)
    )
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_on = DayField(label=_("On"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, handoff: Handoff, now: datetime) -> None:
        initial = {"kind": "call", "at": now, "token": uuid.uuid4()}
        super().__init__(data, initial=initial, prefix="log", auto_id=f"log-{handoff.pk}-%s")
        self.handoff, self.now = handoff, now
        look = "btn-primary" if handoff.is_running else "btn-quiet"
        send = StrictButton(_("Log it"), type="submit", css_class=look)
        self.fields["next_step"].widget.attrs["placeholder"] = _("Call again, send the offer…")
        step = Div("next_step", "next_on", css_class="log-next")
        self.helper = helper("kind", "result", "notes", step, Div("at", send, css_class="log-foot"), "token")

    def clean_at(self) -> datetime:
        """Between the offer and now; the minute of the offer counts, since pickers know no seconds."""
        at: datetime = self.cleaned_data["at"]
        if at > self.now + FUTURE_SLACK:
            raise forms.ValidationError(_("This is in the future. Log it once it has happened."))
        if at < self.handoff.offered_at.replace(second=0, microsecond=0):
            raise forms.ValidationError(_("This is before the lead was offered to sales."))
        return max(self.handoff.offered_at, min(at, self.now))

    def clean_next_on(self) -> date | None:
        day: date | None = self.cleaned_data["next_on"]
        if day and day < timezone.localdate(self.now):
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day


class DecisionForm(forms.Form):
    """A reason, and words."""

    reason = forms.ModelChoiceField(label=_("Reason"), queryset=Reason.objects.none(), empty_label=_("Choose a reason"))
    text = forms.CharField(
        label=_("In words"), required=False, max_length=REASON_LENGTH, widget=text_area(2, REASON_LENGTH)
    )

    def __init__(
        self, data: Any = None, *, reasons: Any, prefix: str, number: int, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=prefix, auto_id=f"{prefix}-{number}-%s", initial=initial)
        self.fields["reason"].queryset = reasons  # type: ignore[attr-defined]
        self.helper = helper(*self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reason = cleaned.get("reason")
        if reason and reason.asks_for_text and not cleaned.get("text"):
            self.add_error("text", _("This reason needs a few words."))
        return cleaned


class SendBackForm(DecisionForm):
    """Back to marketing: also when it may come back, and as what."""

    return_on = DayField(label=_("Come back on"), required=False, help_text=_("No automatic SQL before this day."))
    to = forms.ChoiceField(
        label=_("Goes back as"),
        choices=[(Stage.MARKETING_QUALIFIED, _("MQL: keep nurturing")), (Stage.LEAD, _("Lead: start over"))],
        initial=Stage.MARKETING_QUALIFIED,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label_from_instance = words.reason_choice  # type: ignore[attr-defined]

    def clean_return_on(self) -> date | None:
        day: date | None = self.cleaned_data["return_on"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError(_("This day lies after today."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        reason = cleaned.get("reason")
        if reason and reason.asks_for_date and not cleaned.get("return_on") and "return_on" not in self.errors:
            self.add_error("return_on", _("This reason needs the day when the lead should come back."))
        return cleaned


class PlanForm(forms.Form):
    """What an open opportunity is thought to be worth, and when it should close."""

    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_digits=14, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    expected_on = DayField(label=_("Expected close"), required=False)

    def __init__(self, data: Any = None, *, number: int, initial: dict[str, Any]) -> None:
        super().__init__(data, prefix="plan", auto_id=f"plan-{number}-%s", initial=initial)
        self.helper = helper(
            Row(Column("amount", css_class="col-7"), Column("currency", css_class="col-5")), "expected_on"
        )


class WonForm(DecisionForm):
    """The deal: its amount, and why they chose us."""

    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_digits=14, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False
        self.fields["reason"].label = _("Why they chose us")
        self.helper = helper(
            Row(Column("amount", css_class="col-7"), Column("currency", css_class="col-5")), "reason", "text"
        )


class ReassignForm(forms.Form):
    """Another seller."""

    to = forms.ModelChoiceField(label=_("Give to"), queryset=User.objects.none(), empty_label=_("Choose a person"))

    def __init__(self, data: Any = None, *, by: User, handoff: Handoff) -> None:
        super().__init__(data, prefix="reassign", auto_id=f"reassign-{handoff.pk}-%s")
        self.fields["to"].queryset = sellers_under(by).exclude(pk=handoff.lead.owner_id)  # type: ignore[attr-defined]
        self.helper = helper("to")


def sellers_under(manager: User) -> Any:
    """The active sellers this person may give leads to: the own team's; an administrator's and a teamless manager's are all."""
    sellers = User.objects.active().holding(Role.SALES_REP, Role.SALES_MANAGER)
    if manager.holds(Role.ADMINISTRATOR) or manager.team_id is None:
        return sellers
    return sellers.filter(team=manager.team_id)


class HandOverForm(forms.Form):
    """The marketer's word to sales."""

    note = forms.CharField(
        label=_("Why now?"),
        max_length=2_000,
        widget=text_area(3, 2_000),
        help_text=_("Sales reads this first: what was said, what they want, when to call."),
    )

    def __init__(self, data: Any = None, *, number: int = 0) -> None:
        super().__init__(data, prefix="over", auto_id=f"over-{number}-%s")
        if number:  # it was asked for by a press
            self.fields["note"].widget.attrs["autofocus"] = True
        self.helper = helper("note")


class ReplyForm(forms.Form):
    """Marketing's words to whoever said no."""

    text = forms.CharField(label=_("Your reply"), max_length=2_000, widget=text_area(2, 2_000))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="reply")
        self.helper = helper("text")


class ReasonForm(forms.ModelForm):
    """One reason of the list."""

    class Meta:
        model = Reason
        fields = EDITABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attempts"].validators.append(MaxValueValidator(20))
        self.fields["rest_days"].validators.append(MaxValueValidator(3 * 365))
        self.fields["rest_days"].help_text = _(
            "A lead sent back for this reason does not become SQL by itself for so long."
        )
        self.fields["engagement"].help_text = _(
            "Points for what the lead did up to the day on which it is sent back. What it does after that day counts in full,"
            " and fit stays. Holds for leads that are sent back from now on."
        )
        self.fields["position"].validators.append(MaxValueValidator(999))
        self.helper = helper(
            "label",
            Fieldset(_("What it is for"), "sends_back", "disqualifies", "wins", "loses"),
            Fieldset(_("What it asks for"), "asks_for_date", "asks_for_text", "attempts"),
            Fieldset(_("After it was sent back"), "rest_days", "engagement"),
            Row(Column("position", css_class="col-5")),
            "is_active",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(use) for use in ("sends_back", "disqualifies", "wins", "loses")):
            raise forms.ValidationError(_("Say what the reason is for: choose at least one."))
        return cleaned
