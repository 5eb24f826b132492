"""The forms of qualification: the items of a framework, and the rules of a team. They check and never write."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Column, Fieldset, LayoutObject, Row
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.validators import MaxLengthValidator
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .forms import DayField, helper, text_area
from .gate import CURRENCIES, FRAMEWORKS, KNOWN, MET
from .models import Handoff, Qualification, QualificationRules
from .models.qualification_change import written
from .models.qualification_parts import FIELDS, extras_of, fields_of
from .trail import item_title

EVIDENCE_LENGTH = 2_000


class ItemFoot(LayoutObject):
    """Below an item: who said so last and how, and the way to everything said before."""

    def __init__(self, item: str) -> None:
        self.item = item

    def render(self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **_more: Any) -> SafeString:
        return render_to_string(
            "handoff/_item_foot.html",
            {"item": self.item, "said": form.said.get(self.item), "handoff": form.handoff},
        )


class Seen(LayoutObject):
    """What this page saw of each field, sent along, so that nobody's newer answer is overwritten unseen."""

    def render(self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **_more: Any) -> SafeString:
        return format_html_join("", "{}", ((form[name].as_hidden(only_initial=True),) for name in form.fields))


class QualificationForm(forms.ModelForm):
    """A lead as sales found it: everything optional, so that a draft can always be kept (R18)."""

    class Meta:
        model = Qualification
        fields = FIELDS

    def __init__(
        self, data: Any = None, *, handoff: Handoff, framework: str, said: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, instance=handoff.qualification, prefix="bant", auto_id=f"bant-{handoff.pk}-%s")
        self.handoff, self.items, self.said = handoff, FRAMEWORKS[framework], said or {}
        shown = {field for item in self.items for field in fields_of(item)}
        self.fields = {name: field for name, field in self.fields.items() if name in shown}
        self._dress()
        for field in self.fields.values():
            field.show_hidden_initial = True
        self.helper = helper(*(_item_layout(item) for item in self.items), Seen())

    def _dress(self) -> None:
        for item in self.items:
            key = {"data-key": "b", "data-key-help": _("Qualify, and the next item")} if item == self.items[0] else {}
            self.fields[item].widget = forms.RadioSelect(choices=Qualification.Answer.choices, attrs=key)
            self.fields[item].label = item_title(item)
            evidence = self.fields[f"{item}_evidence"]
            evidence.label = _("%(item)s: in their words") % {"item": item_title(item)}
            evidence.validators.append(MaxLengthValidator(EVIDENCE_LENGTH))
            evidence.widget = text_area(1, EVIDENCE_LENGTH)
            evidence.widget.attrs["placeholder"] = _("In their words")
        for name, words in (("budget_amount", _("Amount")), ("authority_role", _("Role in the decision"))):
            if name in self.fields:
                self.fields[name].widget.attrs["placeholder"] = words
        self.fields["budget_currency"] = forms.ChoiceField(
            label=_("Currency"), required=False, choices=[("", _("Currency")), *((code, code) for code in CURRENCIES)]
        )
        self.fields["timeline_on"] = DayField(label=_("Plans to buy on"), required=False)
        self.initial["timeline_on"] = self.instance.timeline_on

    def clean_budget_amount(self) -> Any:
        amount = self.cleaned_data["budget_amount"]
        if amount is not None and amount < 0:
            raise forms.ValidationError(_("An amount cannot be negative."))
        return amount

    def good_answers(self) -> dict[str, Any]:
        """What was changed and can be kept, even where another field is wrong."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    def seen(self) -> dict[str, Any]:
        """What the page showed of the changed fields before they were changed, where it says so."""
        return {
            name: self.data[self.add_initial_prefix(name)]
            for name in self.changed_data
            if self.add_initial_prefix(name) in self.data
        }

    def note_stored(self, stored: Qualification) -> None:
        """From now on this form has seen what is stored: saving again is meant."""
        seen = {self.add_initial_prefix(name): written(getattr(stored, name)) for name in self.fields}
        self.data = {**self.data.dict(), **seen}  # type: ignore[attr-defined]


def _item_layout(item: str) -> Fieldset:
    extras: list[Any] = list(extras_of(item))
    if extras == ["budget_amount", "budget_currency"]:
        extras = [Row(Column("budget_amount", css_class="col-7"), Column("budget_currency", css_class="col-5"))]
    backed = Row(Column(f"{item}_evidence", css_class="col-7"), Column(f"{item}_verified", css_class="col-5"))
    return Fieldset(item_title(item), item, *extras, backed, ItemFoot(item), css_class="bant-item")


class RulesForm(forms.ModelForm):
    """The framework of a team, and what its gate asks of each item."""

    class Meta:
        model = QualificationRules
        fields = ("framework", "needs_follow_up", "why")
        widgets = {"framework": forms.RadioSelect}

    def __init__(self, data: Any = None, *, instance: QualificationRules) -> None:
        super().__init__(data, instance=instance)
        asked = [("", _("not asked")), (KNOWN, _("must be known")), (MET, _("must be met, at least partly"))]
        for items in FRAMEWORKS.values():
            for item in items:
                self.fields[f"need_{item}"] = forms.ChoiceField(
                    label=item_title(item), required=False, choices=asked, initial=instance.needs.get(item, "")
                )
        self.fields["why"].help_text = _("Shown beside what is missing, so that a rep knows what it is for.")
        gates = (Fieldset(_("Gate for %(framework)s") % {"framework": name.upper()}, *(f"need_{item}" for item in items)) for name, items in FRAMEWORKS.items())  # fmt: skip
        self.helper = helper("framework", *gates, "needs_follow_up", "why")

    def facts(self) -> dict[str, Any]:
        """What `QualificationRules.write` takes."""
        given = self.cleaned_data
        needs = {item: given[f"need_{item}"] for items in FRAMEWORKS.values() for item in items}
        kept = {name: given[name] for name in ("framework", "needs_follow_up", "why")}
        return kept | {"needs": {item: what for item, what in needs.items() if what}}
