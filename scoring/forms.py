"""Forms of the scoring room. They validate and never write; points are typed as points and kept exactly."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Fieldset, Layout, Row
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.condition_fields import ACTIVITY_FIELDS, LEAD_FIELDS
from leads.condition_rows import Row as ConditionRow
from leads.condition_rows import check_rows, document_of, rows_of, typed_rows
from leads.documents import Problem

from .condition_form import Naming
from .definition import ENGAGEMENT, FIT, EngagementRule, FitRule, Model, Rule
from .labels import DIGITS, LETTERS
from .points import exact_points
from .sentences import type_labels

#: The labels of each axis that begin at a cut-off; the last one takes the rest.
LABELS = {FIT: LETTERS[:-1], ENGAGEMENT: DIGITS[:-1]}
COUNTS = [
    ("every", _("every time")),
    ("once", _("once")),
    ("at_most", _("the latest ones only")),
    ("at_least", _("once, when there are enough within some days")),
]
FADES = [
    ("never", _("never")),
    ("window", _("vanishes after some days")),
    ("linear", _("evenly, to nothing over some days")),
    ("half_life", _("halves every so many days")),
]


def _by_label(labels: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(labels.items(), key=lambda item: item[1])


def points_field(
    label: Any, *, required: bool = False, help_text: Any = "", least: int | None = None
) -> forms.DecimalField:
    field = forms.DecimalField(
        label=label, required=required, max_digits=9, decimal_places=2, min_value=least, help_text=help_text
    )
    field.widget.attrs["step"] = "any"  # the arrow keys go by whole points
    return field


def stepper(name: str) -> Field:
    """The number field between a button for less and one for more."""
    return Field(name, template="scoring/stepper_field.html")


def days_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=36_500)


def number_of(value: Decimal | None) -> int | float | None:
    """A typed number as it stands in a document."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def without_none(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value not in (None, "")}


def bare_helper(*rows: Any) -> FormHelper:
    """A layout without `<form>` tag: `form_page` and the templates write it."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if rows:
        helper.layout = Layout(*rows)
    return helper


class RuleForm(forms.Form):
    """One rule of a draft. `document()` is the rule in the JSON form; conditions come as rows beside the fields."""

    name = forms.CharField(label=_("Name"), max_length=120)
    group = forms.ChoiceField(label=_("Group"))
    points = points_field(_("Points"), required=True, help_text=_("Below zero to take points away."))
    cap = points_field(_("At most"), least=0, help_text=_("The most this rule can give, or take. Blank: no limit."))

    def __init__(self, *args: Any, model: Model, axis: str, rule: Rule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.axis, self.rule = axis, rule
        self.condition_fields = LEAD_FIELDS if axis == FIT else ACTIVITY_FIELDS
        self.fields["group"].choices = [(group.key, group.title) for group in model.groups_of(axis)]  # type: ignore[attr-defined]
        if axis == ENGAGEMENT:
            self._add_engagement_fields()
        if rule:
            self.initial = {**_initial(rule), **self.initial}
        self.naming = Naming(self.condition_fields)
        self.rows: list[ConditionRow] = self._typed_rows() if self.is_bound else _rows(rule)
        self.helper = bare_helper(*self._layout())

    def _typed_rows(self) -> list[ConditionRow]:
        return [replace(row, field=self.naming.name(row.field)) for row in typed_rows(cast(QueryDict, self.data))]

    def _add_engagement_fields(self) -> None:
        self.fields["types"] = forms.MultipleChoiceField(
            label=_("Activities"), choices=_by_label(type_labels()), required=False,
            widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: any activity that meets the conditions."),
        )  # fmt: skip
        self.fields["count"] = forms.ChoiceField(label=_("Counts"), choices=COUNTS, initial="every")
        self.fields["times"] = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=10_000)
        self.fields["within"] = days_field(_("Within days"))
        self.fields["fade"] = forms.ChoiceField(label=_("Fades"), choices=FADES, initial="never")
        self.fields["fade_days"] = days_field(_("Days"))

    def _layout(self) -> list[Any]:
        rows: list[Any] = ["name", Row(Column("group"), Column(stepper("points")), Column(stepper("cap")))]
        if self.axis == ENGAGEMENT:
            rows += [
                "types",
                Row(Column("count"), Column(stepper("times")), Column(stepper("within"))),
                Row(Column("fade"), Column(stepper("fade_days"))),
            ]
        return rows

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self.rows, found = check_rows(self.rows, self.condition_fields)
        if any(row.problem for row in self.rows):
            raise forms.ValidationError(_t("Look at the conditions: one of them cannot be used."))
        if self.axis == FIT and not found:
            raise forms.ValidationError(_t("Add at least one condition."))
        if self.axis == ENGAGEMENT:
            self._clean_deed(said, bool(found))
        return said

    def _clean_deed(self, said: dict[str, Any], has_conditions: bool) -> None:
        if not said.get("types") and not has_conditions:
            self.add_error("types", _t("Choose an activity, or add a condition."))
        if said.get("count") in ("at_most", "at_least") and not said.get("times"):
            self.add_error("times", _t("Say how many."))
        if said.get("count") == "at_least" and not said.get("within"):
            self.add_error("within", _t("Say within how many days."))
        if said.get("fade") != "never" and said.get("count") != "at_least" and not said.get("fade_days"):
            self.add_error("fade_days", _t("Say how many days."))

    def document(self, key: str) -> dict[str, Any]:
        """The rule as it stands in a model's document."""
        said = self.cleaned_data
        rule = {"key": key, "name": said["name"], "group": said["group"], "points": number_of(said["points"])}
        rule |= without_none({"cap": number_of(said["cap"])})
        when = [document_of(row) for row in self.rows]
        if self.axis == FIT:
            return rule | {"when": when}
        activity = without_none({"types": said["types"] or None, "when": when or None})
        return rule | {"activity": activity, "count": self._count(), "fade": self._fade()}

    def _count(self) -> dict[str, Any]:
        said = self.cleaned_data
        wanted = {"at_most": ("n",), "at_least": ("n", "days")}.get(said["count"], ())
        values = {"n": said["times"], "days": said["within"]}
        return {"kind": said["count"], **{name: values[name] for name in wanted}}

    def _fade(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said["fade"] == "never" or said["count"] == "at_least":
            return {"kind": "never"}
        return {"kind": said["fade"], "days": said["fade_days"]}

    def tell(self, problems: Iterable[Problem]) -> None:
        """Show what the document as a whole has against the rule."""
        for problem in problems:
            self.add_error(None, problem.sentence)


def _initial(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {"name": rule.title, "group": rule.group}
    said["points"] = f"{exact_points(rule.points).normalize():f}"
    said["cap"] = None if rule.cap is None else f"{exact_points(rule.cap).normalize():f}"
    if isinstance(rule, EngagementRule):
        said |= {"types": list(rule.deed.types), "count": rule.count.kind, "times": rule.count.n or None}
        said |= {"within": rule.count.days or None, "fade": rule.fade.kind, "fade_days": rule.fade.days or None}
    return said


def _rows(rule: Rule | None) -> list[ConditionRow]:
    if isinstance(rule, FitRule):
        return rows_of(rule.when)
    return rows_of(rule.deed.when) if isinstance(rule, EngagementRule) else []


class BoundsForm(forms.Form):
    """Floor and cap of an axis or a group, and the name of a group."""

    name = forms.CharField(label=_("Name"), max_length=120)
    floor = points_field(_("At least"), help_text=_("Blank: no floor."))
    cap = points_field(_("At most"), help_text=_("Blank: no cap."))

    def __init__(self, *args: Any, labels: Iterable[str] = (), named: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = list(labels)
        if not named:
            del self.fields["name"]
        for label in self.labels:
            self.fields[f"label_{label}"] = points_field(_t("%(label)s from") % {"label": label})
        cutoffs = [Row(*(Column(f"label_{label}") for label in self.labels))] if self.labels else []
        self.helper = bare_helper(*(["name"] if named else []), Row(Column("floor"), Column("cap")), *cutoffs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        floor, cap = said.get("floor"), said.get("cap")
        if floor is not None and cap is not None and floor > cap:
            self.add_error("floor", _t("The floor lies above the cap."))
        marks = [said[f"label_{label}"] for label in self.labels if said.get(f"label_{label}") is not None]
        if marks != sorted(set(marks), reverse=True):
            self.add_error(f"label_{self.labels[0]}", _t("The cut-offs must fall from the first label to the last."))
        return said

    def document(self) -> dict[str, Any]:
        said = self.cleaned_data
        bounds = without_none(
            {"name": said.get("name"), "floor": number_of(said["floor"]), "cap": number_of(said["cap"])}
        )
        cutoffs = without_none({label: number_of(said[f"label_{label}"]) for label in self.labels})
        return bounds | ({"labels": cutoffs} if cutoffs else {})


class DefinitionsForm(forms.Form):
    """What makes an MQL and an SQL (R9, R10, R15). What is blank does not constrain."""

    name = forms.CharField(label=_("Name of the version"), max_length=120)
    mql_total = points_field(_("Score at least"))
    mql_fit = points_field(_("Fit at least"))
    mql_active_within_days = days_field(_("Active within days"))
    mql_leave_total = points_field(_("Back to lead under"))
    mql_min_stay_days = forms.IntegerField(
        label=_("but stays at least days"), required=False, min_value=0, max_value=36_500
    )
    sql_total = points_field(_("Score at least"))
    sql_fit = points_field(_("with fit at least"))
    sql_intent_within_days = days_field(_("or intent within days"))
    sql_intent_fit = points_field(_("with fit at least"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper(
            "name",
            Fieldset("MQL", Row(Column("mql_total"), Column("mql_fit"), Column("mql_active_within_days")),
                     Row(Column("mql_leave_total"), Column("mql_min_stay_days"))),
            Fieldset("SQL", Row(Column("sql_total"), Column("sql_fit")), Row(Column("sql_intent_within_days"), Column("sql_intent_fit"))),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        total, leave = said.get("mql_total"), said.get("mql_leave_total")
        if total is not None and leave is not None and leave > total:
            self.add_error("mql_leave_total", _t("The leave mark lies above the enter mark."))
        return said

    def documents(self) -> dict[str, Any]:
        said = self.cleaned_data
        found: dict[str, dict[str, Any]] = {"mql": {}, "sql": {}}
        for name, value in said.items():
            stage, _sep, key = name.partition("_")
            if stage in found and value is not None:
                found[stage][key] = number_of(value) if isinstance(value, Decimal) else value
        return found


class ModelFileForm(forms.Form):
    """A version as a JSON file."""

    file = forms.FileField(
        label=_("JSON file"), help_text=_("As exported here, or written by hand. It becomes a new draft.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper("file")
