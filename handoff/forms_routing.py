"""Forms of routing: rules, queues, seats, absences. They check what people type and never write."""

from datetime import datetime
from typing import Any, cast

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from leads.condition_form import Builder, RowForm
from leads.condition_rows import Row as ConditionRow
from leads.condition_rows import check_rows, rows_of, typed_rows
from leads.models import CustomField

from .forms import FUTURE_SLACK, LocalMoment, helper
from .models import Queue, RoutingRule, Seat
from .permissions import SellerPermissions, rules_all_teams
from .routing_fields import ROUTING_FIELDS
from .week_fields import DAYS, add_week, typed_week, week_rows

MOST_ROWS = 20


def row_forms(rows: list[ConditionRow], *, blank: int = 0) -> list[RowForm]:
    """Rows of the builder over what routing rules may name."""
    custom = [(f"custom.{field.key}", field.label) for field in CustomField.objects.all()]
    offered = [(field.name, str(field.label)) for field in ROUTING_FIELDS]
    return Builder(ROUTING_FIELDS, offered + custom).rows(rows, blank=blank)


class RuleForm(forms.ModelForm):
    """One rule; its conditions are rows beside it. `document` is what is stored of them."""

    class Meta:
        model = RoutingRule
        fields = ("name", "mode", "team", "method", "queue", "prefers_owner")
        widgets = {"mode": forms.RadioSelect, "method": forms.RadioSelect}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams, queues = Team.objects.all(), Queue.objects.in_use()
        if not rules_all_teams(by):
            teams, queues = teams.filter(pk=by.team_id or 0), queues.claimable_by(by)
        for name, rows, empty in (
            ("team", teams, _("Choose a team")),
            ("queue", queues, _("The default queue")),
        ):
            field = cast(forms.ModelChoiceField, self.fields[name])
            field.queryset, field.empty_label = rows, str(empty)
        for name in ("mode", "method"):
            self.fields[name].choices = self.fields[name].choices[-2:]  # type: ignore[attr-defined]
        self.fields["queue"].help_text = _("Where it waits: at once, or when nobody of the team can take it.")
        at_once = Fieldset(_("When it is given at once"), "team", "method")
        self.helper = helper("mode", at_once, "queue", "prefers_owner")  # the name stands above the conditions
        typed = typed_rows(cast(QueryDict, self.data)) if self.is_bound else rows_of(self.instance.wanted())
        self.rows: list[ConditionRow] = typed
        self.document: list[dict[str, Any]] = []

    def row_forms(self) -> list[RowForm]:
        return row_forms(self.rows, blank=1 if len(self.rows) < MOST_ROWS else 0)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("mode") == RoutingRule.Mode.PULL:
            said["team"] = None
        elif not said.get("team") and "team" not in self.errors:
            self.add_error("team", _("Say which team it is given to."))
        rows = self.rows[:MOST_ROWS]
        self.rows, conditions = check_rows(rows, ROUTING_FIELDS)
        self.document = [condition.to_json() for condition in conditions]
        if rows and not conditions:
            self.add_error(None, _("A condition is not complete yet."))
        return said

    def facts(self) -> dict[str, Any]:
        """What the rule becomes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"conditions": self.document}


class QueueForm(forms.ModelForm):
    """A queue and the teams that may claim from it."""

    class Meta:
        model = Queue
        fields = ("name", "teams")
        widgets = {"teams": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_default:
            del self.fields["teams"]
        self.helper = helper(*self.fields)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Queue.objects.in_use().filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("A queue has this name already."))
        return name


class SeatForm(forms.ModelForm):
    """How much somebody takes, and when they work. Weight is a manager's to say."""

    class Meta:
        model = Seat
        fields = ("weight", "capacity")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not SellerPermissions(by, self.instance.person).weigh:
            del self.fields["weight"]
        load = list(self.fields)
        add_week(self, self.instance.week, blank=_("not at work") if self.instance.week else _("any hour"))
        self.fields[DAYS[-1]].help_text = _("Leave all days empty for any hour.")
        legend = _("Working hours, such as 09:00–12:00, 13:00–17:00")
        self.helper = helper(*load, Fieldset(legend, *week_rows()))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        week = typed_week(said)
        self.instance.week = week if any(week) else []
        return said


class AbsenceForm(forms.Form):
    """From when until when somebody is away, in the zone of whoever types it."""

    starts_at = LocalMoment(label=_("From"), required=False, help_text=_("Blank: from now on."))
    ends_at = LocalMoment(label=_("Until"), required=False, help_text=_("Blank: until further notice."))

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        super().__init__(data, prefix="away")
        self.now = now
        self.helper = helper(
            Row(Column("starts_at", css_class="col-md-6"), Column("ends_at", css_class="col-md-6"))
        )  # fmt: skip

    def clean_starts_at(self) -> datetime:
        """Now, where nothing is given; pickers know no seconds."""
        starts_at: datetime | None = self.cleaned_data["starts_at"]
        if starts_at is None:
            return self.now
        if starts_at < self.now - FUTURE_SLACK:
            raise forms.ValidationError(_("This lies in the past; leave it blank for now."))
        return max(starts_at, self.now) if starts_at <= self.now + FUTURE_SLACK / 5 else starts_at

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        starts_at, ends_at = said.get("starts_at"), said.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("An absence ends after it begins."))
        return said
