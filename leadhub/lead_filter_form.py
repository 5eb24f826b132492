"""The form that composes a filter of the lead list; by GET, so its address can be kept and shared."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from leads.models import Lead
from leads.stages import Stage
from nurture.models import LeadList
from scoring.labels import DIGITS, LETTERS

from .lead_filter import ME, NOBODY, LeadFilter

#: Values to choose from are those of the newest leads: a million need not be read for a menu.
NEWEST_LEADS = 2_000
ANY = ("", _("Any"))


class LeadFilterForm(forms.Form):
    """Every wish but search, which has its own box. Empty means any."""

    stage = forms.MultipleChoiceField(
        label=_("Stage"), choices=Stage.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    score = forms.IntegerField(label=_("Points at least"), required=False)
    label = forms.ChoiceField(label=_("Grid label"), required=False)
    active = forms.IntegerField(label=_("Active in the last … days"), min_value=0, max_value=36_500, required=False)
    complete = forms.IntegerField(label=_("Facts known, at least %"), min_value=0, max_value=100, required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    consent = forms.ChoiceField(
        label=_("Consent"), choices=[ANY, ("known", _("Known")), ("unknown", _("Unknown"))], required=False
    )
    list = forms.ChoiceField(label=_("List"), required=False)

    def __init__(self, wanted: LeadFilter, user: User) -> None:
        super().__init__(initial={name: self._initial(wanted, name) for name in self.base_fields}, auto_id="filter-%s")
        labels = [*LETTERS, *(letter + digit for letter in LETTERS for digit in DIGITS)]
        people = User.objects.active().holding("sales_rep", "sales_manager")
        self._offer("owner", [(ME, _("Me")), (NOBODY, _("Nobody")), *((person.pk, person.name) for person in people)])
        self._offer("label", [(label, label) for label in labels])
        self._offer("list", [(one.pk, one.name) for one in LeadList.objects.active()])
        newest = (
            Lead.objects.visible_to(user).order_by("-id")[:NEWEST_LEADS].values_list("source", "country", "industry")
        )
        for name, values in zip(
            ("source", "country", "industry"), zip(*newest, strict=True) if newest else [()] * 3, strict=True
        ):
            self._offer(name, [(value, value) for value in sorted(set(values) | set(getattr(wanted, name))) if value])
        self.helper = _layout()

    def _initial(self, wanted: LeadFilter, name: str) -> Any:
        value = getattr(wanted, name)
        several = isinstance(self.base_fields[name], forms.MultipleChoiceField)
        return value if several or not isinstance(value, tuple) else (value or ("",))[0]

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = [ANY, *choices]  # type: ignore[attr-defined]


def _layout() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    pairs = [
        ("score", "label"),
        ("active", "complete"),
        ("owner", "list"),
        ("source", "consent"),
        ("country", "industry"),
    ]
    helper.layout = Layout("stage", *(Row(Column(left), Column(right)) for left, right in pairs))
    return helper
