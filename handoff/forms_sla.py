"""Forms of policies and calendars: they check what people type and give back changed, unsaved rows."""

from datetime import datetime, timedelta
from typing import Any, cast

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms import time_zones
from leads.condition_form import RowForm
from leads.condition_rows import check_rows, rows_of, typed_rows
from scoring.lead_condition_rows import row_forms
from scoring.lead_fields import LIST_FIELDS

from .calendar import CalendarError
from .forms import helper, text_area
from .holiday_names import countries, subdivisions
from .models import SlaPolicy, WorkCalendar
from .week_fields import DAYS, add_week, typed_week, week_rows
from .windows import LengthField, OwnDaysField

MOST_ROWS = 20
#: The longest target and the longest moment of a reminder, in minutes.
LONGEST = 2_000 * 60
#: A promise that is due later than this is none.
LONGEST_WAIT = timedelta(days=366)


class PolicyForm(forms.Form):
    """One policy. `draft()` is the changed row, unsaved; `chosen_place` where it comes among those with conditions."""

    name = forms.CharField(label=_("Name"), max_length=80)
    place = forms.TypedChoiceField(label=_("Asked"), coerce=int, required=False)
    kind = forms.ChoiceField(label=_("The clock counts"), choices=SlaPolicy.Kind.choices, widget=forms.RadioSelect)
    minutes = LengthField(label=_("First follow-up within"), required=False, most=LONGEST, help_text=_("Such as 24 h, 30 min or 1 h 30 min."))  # fmt: skip
    calendar = forms.ModelChoiceField(label=_("Calendar"), queryset=WorkCalendar.objects.in_use(), required=False)
    unclaimed_after = LengthField(label=_("Nobody has claimed it after"), required=False, most=LONGEST)
    before_due = LengthField(label=_("Before it is due"), required=False, most=LONGEST)
    late_every = LengthField(label=_("While it is late, every"), required=False, most=LONGEST)
    late_times = forms.IntegerField(label=_("How many times"), required=False, min_value=0, max_value=100)
    release_after = LengthField(label=_("Back to everybody when late by"), required=False, most=LONGEST)

    def __init__(self, data: Any = None, *, policy: SlaPolicy, now: datetime) -> None:
        others = [one for one in SlaPolicy.objects.in_force() if one.pk != policy.pk and not one.is_default]
        super().__init__(data, initial=_known(policy, others))
        self.policy, self.now = policy, now
        self.fields["place"].choices = [(0, _("first")), *((n, _t("after “%(name)s”") % {"name": one}) for n, one in enumerate(others, 1))]  # type: ignore[attr-defined]  # fmt: skip
        self.rows = typed_rows(cast(QueryDict, data)) if data is not None else rows_of(policy.wanted())
        self.document: list[dict[str, Any]] = []
        if policy.is_default:
            del self.fields["place"]
        self.helper = helper(*self._layout())

    def _layout(self) -> tuple[Any, ...]:
        top = "name" if self.policy.is_default else Row(Column("name"), Column("place"))
        return (
            top,
            Fieldset(_("Promise"), "kind", Row(Column("minutes"), Column("calendar"))),
            Fieldset(
                _("Reminders (leave empty for never)"),
                Row(Column("unclaimed_after"), Column("before_due")),
                Row(Column("late_every"), Column("late_times"), Column("release_after")),
            ),
        )

    def row_forms(self) -> list[RowForm]:
        """The conditions as rows, and a blank one; the default has none."""
        return [] if self.policy.is_default else row_forms(self.rows, blank=int(len(self.rows) < MOST_ROWS))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if SlaPolicy.objects.editable().filter(name__iexact=name).exclude(pk=self.policy.pk).exists():
            raise forms.ValidationError(_("There is a policy with this name already."), code="taken")
        return name

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.policy.is_default:
            self._check_conditions()
        self._check_target(said)
        if said.get("late_every") and not said.get("late_times"):
            said["late_times"] = 1
        return said

    def _check_conditions(self) -> None:
        self.rows, conditions = check_rows(self.rows[:MOST_ROWS], LIST_FIELDS)
        self.document = [condition.to_json() for condition in conditions]
        if not self.rows:
            self.add_error(None, _("Say by conditions which leads this is for; the last policy is for all others."))
        elif not conditions:
            self.add_error(None, _("A condition is not complete yet."))

    def _check_target(self, said: dict[str, Any]) -> None:
        """What the kind needs is there, what it does not need is gone, and the deadline is reached within a year."""
        kind = said.get("kind")
        if kind != SlaPolicy.Kind.STRAIGHT and not said.get("calendar") and "calendar" not in self.errors:
            self.add_error("calendar", _("Choose the calendar by which this counts."))
        if kind != SlaPolicy.Kind.SAME_TIME and not said.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("Say within what time, such as 24 h."))
        if self.errors:
            return
        said["calendar"] = said["calendar"] if kind != SlaPolicy.Kind.STRAIGHT else None
        said["minutes"] = said["minutes"] if kind != SlaPolicy.Kind.SAME_TIME else None
        if not is_reached(self.draft(), self.now):
            self.add_error("calendar", _("By this calendar the deadline would be more than a year away."))

    def draft(self) -> SlaPolicy:
        """The policy with what was typed, unsaved."""
        for name, value in self.cleaned_data.items():
            if name != "place":
                setattr(self.policy, name, value)
        self.policy.late_times = self.cleaned_data.get("late_times") or 0
        self.policy.conditions = self.document
        return self.policy

    @property
    def chosen_place(self) -> int:
        return self.cleaned_data.get("place") or 0


def _known(policy: SlaPolicy, others: list[SlaPolicy]) -> dict[str, Any]:
    names = ("name", "kind", "minutes", "calendar", "unclaimed_after", "before_due", "late_every", "release_after")
    place = sum(one.position < policy.position for one in others) if policy.pk else len(others)
    known = {name: getattr(policy, name) for name in names}
    return known | {"name": str(policy) if policy.name else "", "late_times": policy.late_times, "place": place}


def is_reached(policy: SlaPolicy, now: datetime) -> bool:
    """Whether a clock that starts now is due within a year."""
    try:
        return policy.target().due(now) - now <= LONGEST_WAIT
    except (CalendarError, OverflowError):
        return False


class CalendarForm(forms.Form):
    """One calendar: windows of each weekday, holidays, days of the house, zone. `draft()` is the changed row, unsaved."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    country = forms.ChoiceField(label=_("Closed on the public holidays of"), required=False)
    subdivision = forms.CharField(label=_("Part of the country"), required=False, max_length=40, help_text=_("Where holidays differ: a code such as BY."))  # fmt: skip
    own_days = OwnDaysField(
        label=_("Days of the house"), required=False, max_length=20_000, widget=text_area(4, 20_000),
        help_text=_("A line each: 2026-12-24 Christmas Eve. With windows it is open then: 2026-12-31 New Year's Eve, 09:00–12:00."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, calendar: WorkCalendar, now: datetime) -> None:
        week = calendar.week or [[[9 * 60, 17 * 60]]] * 5 + [[], []]
        super().__init__(data, initial=calendar.document())
        self.calendar, self.now = calendar, now
        self.fields["country"].choices = [("", _("no country")), *countries().items()]  # type: ignore[attr-defined]
        add_week(self, week, blank=_("closed"))
        self.helper = helper(
            Row(Column("name"), Column("zone")),
            Fieldset(_("Windows, such as 09:00–12:00, 13:00–17:00"), *week_rows()),
            Row(Column("country"), Column("subdivision")),
            "own_days",
        )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if WorkCalendar.objects.in_use().filter(name__iexact=name).exclude(pk=self.calendar.pk).exists():
            raise forms.ValidationError(_("There is a calendar with this name already."), code="taken")
        return name

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if (part := said.get("subdivision")) and part not in (known := subdivisions(said.get("country", ""))):
            if known:
                self.add_error("subdivision", _t("Known are %(known)s.") % {"known": ", ".join(known[:60])})
            else:
                self.add_error("subdivision", _t("Leave this empty: no part of this country is known."))
        if not self.errors:
            self._check_open(said)
        return said

    def _check_open(self, said: dict[str, Any]) -> None:
        draft = self.draft()
        if not any(typed_week(said)):
            self.add_error(
                DAYS[0], _("A calendar needs at least one window in the week; this one would never be open.")
            )
            return
        for policy in SlaPolicy.objects.in_force().filter(calendar=draft.pk) if draft.pk else ():
            policy.calendar = draft
            if not is_reached(policy, self.now):
                words = _t("By this calendar a deadline of “%(policy)s” would be more than a year away.")
                self.add_error(None, words % {"policy": policy})

    def draft(self) -> WorkCalendar:
        """The calendar with what was typed, unsaved."""
        for name in ("name", "zone", "country", "subdivision", "own_days"):
            setattr(self.calendar, name, self.cleaned_data[name])
        self.calendar.week = typed_week(self.cleaned_data)
        return self.calendar
