"""Forms of the nurture room. They validate and never write."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leads.condition_form import RowForm
from leads.condition_rows import check_rows, rows_of, typed_rows
from leads.conditions import Condition
from leads.forms import plain_helper
from scoring.lead_condition_rows import row_forms
from scoring.lead_fields import LIST_FIELDS

from .list_order import IN_LIST, ids_of_value, named_in
from .models import LeadList, ListCircle

MOST_ROWS = 20


class ListForm(forms.ModelForm):
    """A list: name, purpose, and for a dynamic one its conditions as rows. `document` is what is stored."""

    class Meta:
        model = LeadList
        fields = ("name", "description", "kind")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "kind": _(
                "Static: leads are put in by hand. Dynamic: whoever fulfils the conditions is in, from one moment to the next."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper("name", "description", "kind")
        self.fields["kind"].choices = LeadList.Kind.choices  # type: ignore[attr-defined]
        self.fields["kind"].initial = LeadList.Kind.STATIC
        if self.instance.pk:
            self.fields["kind"].disabled = True
        self.rows = (
            typed_rows(cast(QueryDict, self.data))
            if self.is_bound
            else rows_of(self.instance.wanted() if self.instance.pk else ())
        )
        self.document: list[dict[str, Any]] = []

    def row_forms(self, *, blank: int = 1) -> list[RowForm]:
        """The conditions as rows, and blank ones to fill in."""
        return row_forms(self.rows, blank=blank if len(self.rows) < MOST_ROWS else 0)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not self.instance.archived_at and LeadList.objects.in_use_as(name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a list with this name already."), code="taken")
        return name

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") != LeadList.Kind.DYNAMIC:
            return said
        self.rows, conditions = check_rows(self.rows[:MOST_ROWS], LIST_FIELDS)
        self.document = [condition.to_json() for condition in conditions]
        if not self.rows:
            self.add_error(None, _("A dynamic list needs at least one condition."))
        elif not conditions:
            self.add_error(None, _("A condition is not complete yet."))
        else:
            self._check_lists(conditions)
        return said

    def _check_lists(self, conditions: tuple[Condition, ...]) -> None:
        """The lists that are named exist, and none of them leads back to this one."""
        named = named_in(conditions)
        unknown = named - set(LeadList.objects.filter(pk__in=named).values_list("pk", flat=True))
        if unknown or any(one.field == IN_LIST and one.value and not ids_of_value(one.value) for one in conditions):
            self.add_error(None, _("A condition names a list that does not exist."))
        try:
            self.instance.refuse_circle(conditions)
        except ListCircle as circle:
            self.add_error(None, str(circle))
