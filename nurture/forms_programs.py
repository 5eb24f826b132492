"""Forms of programs: what a program is called, whom it is for and when it writes. They check and never write."""

from datetime import date, time
from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from leads.condition_form import RowForm
from leads.condition_rows import Row as ConditionRow
from leads.condition_rows import check_rows, rows_of, typed_rows
from leads.forms import pair, plain_helper
from leads.models import ActivityType
from leads.stages import Stage
from scoring.lead_condition_rows import row_forms
from scoring.lead_fields import LIST_FIELDS

from .models import LeadList, Program
from .sending_hours import DAY_MINUTES, countries_with_holidays
from .track import OWN_STAGES, Track

MOST_ROWS, MOST_DAYS = 20, 200
ENTRIES = [
    ("hand", _("Put in by hand")),
    ("list", _("A list")),
    ("stage", _("A stage")),
    ("form", _("An activity, such as a form")),
    ("recycled", _("Sent back by sales")),
]
GOALS = [
    ("sql", _("Becomes SQL")),
    ("stage", _("Becomes MQL")),
    ("conditions", _("Fulfils conditions")),
]
ZONES = [("lead", _("the lead’s")), ("company", _("the company’s")), ("workspace", _("ours"))]


class ProgramForm(forms.ModelForm):
    """What a program is called, and where it stands among the others."""

    priority = forms.IntegerField(label=_("Priority"), min_value=1, max_value=99, initial=50, help_text=_("Where two programs want to write to one person, the lower number goes first."))  # fmt: skip

    class Meta:
        model = Program
        fields = ("name", "priority")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper(Row(Column("name", css_class="col-md-9"), Column("priority", css_class="col-md-3")))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Program.objects.in_use_as(name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a program with this name already."), code="taken")
        return name


def minutes_of(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def clock_of(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def time_field(label: Any, **more: Any) -> forms.TimeField:
    """A time of the day, as the browser's own picker writes it."""
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time", "step": 60}, format="%H:%M"), **more
    )


class SettingsForm(forms.Form):
    """Whom a program is for and when it writes. `document()` are those parts of what the draft says."""

    by = forms.ChoiceField(label=_("Where they come from"), choices=ENTRIES, widget=forms.RadioSelect)
    in_list = forms.ModelChoiceField(label=_("List"), queryset=LeadList.objects.active(), required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=[(s, Stage(s).label) for s in OWN_STAGES], required=False)
    activity = forms.ChoiceField(label=_("Activity"), required=False)
    reason = forms.CharField(label=_("Reason begins with"), required=False, max_length=200, help_text=_("Blank: every reason of sales."))  # fmt: skip
    stages = forms.MultipleChoiceField(label=_("Only while they are"), choices=[(s, Stage(s).label) for s in OWN_STAGES], widget=forms.CheckboxSelectMultiple)  # fmt: skip
    present = forms.BooleanField(label=_("Also whoever fulfils it already"), required=False)
    again = forms.BooleanField(label=_("Once more in a new cycle, after sales sent somebody back"), required=False)
    goal = forms.ChoiceField(label=_("It has reached its goal when somebody"), choices=GOALS, widget=forms.RadioSelect)
    zone = forms.ChoiceField(label=_("By whose clock"), choices=ZONES)
    days = forms.TypedMultipleChoiceField(label=_("Days"), coerce=int, choices=WEEKDAYS.items(), widget=forms.CheckboxSelectMultiple)  # fmt: skip
    opens = time_field(_("From"))
    closes = time_field(_("Until"), help_text=_("00:00 is midnight at the end of the day."))
    country = forms.ChoiceField(label=_("Not on the public holidays of"), required=False)
    own_days = forms.CharField(label=_("Nor on these days"), required=False, max_length=3_000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("A line each: 2026-12-24."))  # fmt: skip
    hold_out = forms.IntegerField(label=_("Hold-out share in percent"), min_value=0, max_value=50, help_text=_("So many get nothing, so that one sees what the program does. They are chosen once and for all."))  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, track: Track) -> None:
        super().__init__(data, initial=_known(track))
        self.fields["activity"].choices = [(kind.key, str(kind)) for kind in ActivityType.objects.all()]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _("no country")), *((c, c) for c in countries_with_holidays())]  # type: ignore[attr-defined]
        self.rows: list[ConditionRow] = typed_rows(data) if data is not None else rows_of(track.goal.conditions)
        self.conditions: list[dict[str, Any]] = []
        self.helper = plain_helper(
            Fieldset(_("Who comes in"), "by", pair("in_list", "stage"), pair("activity", "reason"), "stages", "present", "again"),
            Fieldset(_("When it writes"), "days", Row(Column("opens"), Column("closes"), Column("zone")), pair("country", "own_days")),
            Fieldset(_("What it is for"), "hold_out", "goal"),
        )  # fmt: skip

    def row_forms(self) -> list[RowForm]:
        return row_forms(self.rows, blank=1 if len(self.rows) < MOST_ROWS else 0)

    def clean_own_days(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["own_days"].splitlines() if line.strip()]
        if len(lines) > MOST_DAYS:
            raise forms.ValidationError(_("There can be at most 200 days."))
        try:
            return sorted({date.fromisoformat(line).isoformat() for line in lines})
        except ValueError as fault:
            raise forms.ValidationError(_("Write each day as 2026-12-24.")) from fault

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        needed = {"list": "in_list", "form": "activity"}.get(said.get("by", ""))
        if needed and not said.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Say which one."))
        if {"opens", "closes"} <= set(said) and self._closes(said) <= minutes_of(said["opens"]):
            self.add_error("closes", _("The end comes after the beginning."))
        if said.get("goal") == "conditions":
            self.rows, conditions = check_rows(self.rows[:MOST_ROWS], LIST_FIELDS)
            self.conditions = [condition.to_json() for condition in conditions]
            if not conditions:
                self.add_error("goal", _("Say by which conditions."))
        return said

    def _closes(self, said: dict[str, Any]) -> int:
        return minutes_of(said["closes"]) or DAY_MINUTES

    def document(self) -> dict[str, Any]:
        """The parts of the document that this form is about."""
        said = self.cleaned_data
        entry = {name: said[name] for name in ("by", "stages", "present", "again")}
        more: dict[str, dict[str, Any]] = {"list": {"list": said["in_list"].pk} if said["in_list"] else {}, "stage": {"stage": said["stage"]},
                "form": {"activity": said["activity"]}, "recycled": {"reason": said["reason"]}}  # fmt: skip
        goal: dict[str, dict[str, Any]] = {"conditions": {"conditions": self.conditions}, "stage": {"stage": "mql"}}
        hours = {name: said[name] for name in ("zone", "days", "country", "own_days")}
        return {
            "entry": entry | more.get(said["by"], {}),
            "goal": {"by": said["goal"]} | goal.get(said["goal"], {}),
            "hours": hours | {"opens": minutes_of(said["opens"]), "closes": self._closes(said)},
            "hold_out": said["hold_out"],
        }


def _known(track: Track) -> dict[str, Any]:
    entry, hours = track.entry, track.hours
    known = {name: getattr(entry, name) for name in ("by", "stage", "activity", "reason", "present", "again")}
    return known | {"in_list": entry.list} | {
        "stages": list(entry.stages), "goal": track.goal.by, "zone": hours.zone, "days": list(hours.days), "hold_out": track.hold_out,
        "opens": clock_of(hours.opens), "closes": clock_of(hours.closes), "country": hours.country,
        "own_days": "\n".join(day.isoformat() for day in hours.own_days),
    }  # fmt: skip
