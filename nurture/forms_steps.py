"""Forms of single steps, one for each kind. `facts()` is what the document says of the step; unfinished ones may be kept."""

from typing import Any, cast

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.condition_form import RowForm
from leads.condition_rows import check_rows, rows_of, typed_rows
from leads.forms import pair, plain_helper
from leads.models import ActivityType
from scoring.lead_condition_rows import row_forms
from scoring.lead_fields import LIST_FIELDS

from .forms_programs import MOST_ROWS, clock_of, minutes_of, time_field
from .models import Email, LeadList
from .track import LONGEST_WAIT, Branch, ListChange, Mail, Notify, Owner, Step, Track, Wait
from .track_words import Names, sentence

UNITS = [(1440, _("days")), (10080, _("weeks")), (60, _("hours")), (1, _("minutes"))]
Facts = dict[str, Any]


class StepForm(forms.Form):
    """What all of them share: the step as it stands in the draft, and the track around it."""

    def __init__(self, data: QueryDict | None = None, *, step: Any, track: Track, names: Names) -> None:
        super().__init__(data, initial=self.known(step))
        self.step, self.track, self.names = step, track, names
        self.helper = plain_helper(*self.fields)
        self.offer()

    def known(self, step: Any) -> Facts:
        return {name: getattr(step, name, None) for name in self.base_fields}

    def offer(self) -> None:
        """Choices that depend on the track."""

    def row_forms(self) -> list[RowForm]:
        return []

    def facts(self) -> Facts:
        return dict(self.cleaned_data)


class WaitForm(StepForm):
    """For some time, until a weekday, or until a day."""

    how = forms.ChoiceField(label=_("Wait"), widget=forms.RadioSelect, choices=[("for", _("for some time")), ("weekday", _("until a weekday")), ("date", _("until a day"))])  # fmt: skip
    amount = forms.IntegerField(label=_("How long"), min_value=1, max_value=10_000, required=False)
    unit = forms.TypedChoiceField(label=_("of"), choices=UNITS, coerce=int)
    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=list(WEEKDAYS.items()), coerce=int)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip
    time = time_field(_("At"))

    def known(self, step: Wait) -> Facts:
        minutes = step.minutes or 1440
        unit = next((size for size in (10080, 1440, 60) if minutes % size == 0), 1)
        known: Facts = {
            "how": step.how,
            "amount": minutes // unit,
            "unit": unit,
            "weekday": step.weekday,
            "day": step.day,
        }
        return known | {"time": clock_of(step.time if step.how != "for" else 9 * 60)}

    def offer(self) -> None:
        self.helper = plain_helper("how", pair("amount", "unit"), Row(Column("weekday"), Column("day"), Column("time")))

    def clean(self) -> Facts:
        said = super().clean() or self.cleaned_data
        if said.get("how") == "for" and not 0 < (said.get("amount") or 0) * said.get("unit", 1) <= LONGEST_WAIT:
            self.add_error("amount", _("From one minute to 366 days."))
        if said.get("how") == "date" and not said.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose a day."))
        return said

    def facts(self) -> Facts:
        said = self.cleaned_data
        if said["how"] == "for":
            return {"how": "for", "minutes": said["amount"] * said["unit"]}
        at = {"how": said["how"], "time": minutes_of(said["time"])}
        return at | ({"weekday": said["weekday"]} if said["how"] == "weekday" else {"day": said["day"].isoformat()})


class MailForm(StepForm):
    """Which e-mail is sent."""

    email = forms.ModelChoiceField(label=_("E-mail"), queryset=Email.objects.active(), help_text=_("Its newest finished version is sent."))  # fmt: skip

    def facts(self) -> Facts:
        return {"email": self.cleaned_data["email"].pk}


class BranchForm(StepForm):
    """What is asked."""

    by = forms.ChoiceField(label=_("Asks"), widget=forms.RadioSelect, choices=[("letter", _("what somebody did with an e-mail")), ("activity", _("whether somebody did something since coming in")), ("conditions", _("what somebody is, by conditions"))])  # fmt: skip
    letter = forms.ChoiceField(label=_("E-mail"), required=False)
    did = forms.ChoiceField(label=_("Did"), choices=[("click", _("clicked a link")), ("open", _("opened it")), ("reply", _("replied"))])  # fmt: skip
    activity = forms.ChoiceField(label=_("Activity"), required=False)

    def offer(self) -> None:
        before = [place for place in self.track.places if place.number < self.track.by_key[self.step.key].number]
        mails = [(p.step.key, f"{p.number}. {sentence(p.step, self.track, self.names)}") for p in before if isinstance(p.step, Mail)]  # fmt: skip
        self.fields["letter"].choices = mails or [("", _("No e-mail is sent before"))]  # type: ignore[attr-defined]
        self.fields["activity"].choices = [(kind.key, str(kind)) for kind in ActivityType.objects.all()]  # type: ignore[attr-defined]
        self.rows = typed_rows(cast(QueryDict, self.data)) if self.is_bound else rows_of(self.step.conditions)
        self.conditions: list[Facts] = []
        self.helper = plain_helper("by", Fieldset(_("An e-mail"), pair("letter", "did")), Fieldset(_("An activity"), "activity"))  # fmt: skip

    def row_forms(self) -> list[RowForm]:
        return row_forms(self.rows, blank=1 if len(self.rows) < MOST_ROWS else 0)

    def clean(self) -> Facts:
        said = super().clean() or self.cleaned_data
        if said.get("by") == "conditions":
            self.rows, conditions = check_rows(self.rows[:MOST_ROWS], LIST_FIELDS)
            self.conditions = [condition.to_json() for condition in conditions]
            if not conditions:
                self.add_error("by", _("Say by which conditions."))
        if said.get("by") == "letter" and not said.get("letter") and "letter" not in self.errors:
            self.add_error("letter", _("Choose an e-mail that is sent before."))
        return said

    def facts(self) -> Facts:
        said = self.cleaned_data
        asked = {"letter": {"letter": said["letter"], "did": said["did"]}, "activity": {"activity": said["activity"]}}
        return {"by": said["by"]} | asked.get(said["by"], {"conditions": self.conditions})


class ListStepForm(StepForm):
    """Into which list, or out of which."""

    how = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect, choices=[("put", _("Put in")), ("take", _("Take out"))])  # fmt: skip
    in_list = forms.ModelChoiceField(label=_("List"), queryset=LeadList.objects.filled_by_hand())

    def known(self, step: ListChange) -> Facts:
        return {"how": step.how, "in_list": step.list}

    def facts(self) -> Facts:
        return {"how": self.cleaned_data["how"], "list": self.cleaned_data["in_list"].pk}


class OwnerForm(StepForm):
    """What sales is told."""

    note = forms.CharField(label=_("Note for sales: why now?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))  # fmt: skip


class NotifyForm(StepForm):
    """Who is told what."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.active())
    text = forms.CharField(label=_("What"), max_length=200, help_text=_("The lead’s name stands before it."))

    def facts(self) -> Facts:
        return {"person": self.cleaned_data["person"].pk, "text": self.cleaned_data["text"]}


FORMS: dict[type[Step], type[StepForm]] = {
    Wait: WaitForm,
    Mail: MailForm,
    Branch: BranchForm,
    ListChange: ListStepForm,
    Owner: OwnerForm,
    Notify: NotifyForm,
}
