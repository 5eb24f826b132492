"""What a lead is asked by form, in plain words, and how the answers become items (R18, R19)."""

from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .forms import DayField, helper, text_area
from .gate import CURRENCIES, FRAMEWORKS, UNKNOWN
from .models.qualification_parts import extras_of

WORDS_LENGTH = 2_000
#: Each item's question, and what the words beside it are for. Whether we have a champion is not the lead's to say.
QUESTIONS: dict[str, tuple[Any, Any]] = {
    "budget": (_("Is there a budget for this?"), _("What should we know about the budget?")),
    "authority": (_("Can you decide about it yourself?"), _("Who else takes part in the decision?")),
    "need": (_("Do you need it now?"), _("What should it solve for you?")),
    "timeline": (_("Do you know when you want to have it?"), _("What does the date depend on?")),
    "metrics": (_("Do you know in numbers what it should bring?"), _("Which figures should change, and by how much?")),
    "economic_buyer": (_("Is it clear who approves the money?"), _("Who is it?")),
    "decision_criteria": (_("Is it clear what you will choose by?"), _("What matters most to you?")),
    "decision_process": (_("Is it clear how you will decide?"), _("What are the steps?")),
    "identify_pain": (_("Is there a problem it must solve?"), _("What happens if nothing changes?")),
}
ANSWERS = [("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No")), (UNKNOWN, _("I do not know yet"))]
#: The language we write in, by the country of the company.
LANGUAGE_OF = {"indonesia": "id", "poland": "pl"}


class QuestionsForm(forms.Form):
    """The questions of a framework; nothing is required, for half an answer is worth having."""

    def __init__(self, data: Any = None, *, framework: str) -> None:
        super().__init__(data, auto_id="q-%s")
        self.items = [item for item in FRAMEWORKS[framework] if item in QUESTIONS]
        for item in self.items:
            question, words = QUESTIONS[item]
            self.fields[item] = forms.ChoiceField(
                label=question, required=False, choices=ANSWERS, widget=forms.RadioSelect
            )
            for extra in extras_of(item):
                self.fields[extra] = _extra(extra)
            self.fields[f"{item}_evidence"] = forms.CharField(
                label=words, required=False, max_length=WORDS_LENGTH, widget=text_area(2, WORDS_LENGTH)
            )
        self.helper = helper(*(_layout(item) for item in self.items))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.told():
            raise forms.ValidationError(_("Answer at least one question, please."))
        return cleaned

    def told(self) -> dict[str, Any]:
        """What was answered, by field of the qualification; an item nothing was said about is left out."""
        found: dict[str, Any] = {}
        for item in self.items:
            extras = {name: self.cleaned_data.get(name) for name in (*extras_of(item), f"{item}_evidence")}
            said = {name: value for name, value in extras.items() if value not in (None, "")}
            answer = self.cleaned_data.get(item) or UNKNOWN
            if answer != UNKNOWN or set(said) - {"budget_currency"}:
                found |= {item: answer} | said
        return found


def _extra(name: str) -> forms.Field:
    if name == "budget_amount":
        return forms.DecimalField(label=_("About how much?"), required=False, min_value=0, max_digits=14, decimal_places=2)  # fmt: skip
    if name == "budget_currency":
        return forms.ChoiceField(label=_("Currency"), required=False, choices=[("", "–"), *((code, code) for code in CURRENCIES)])  # fmt: skip
    if name == "timeline_on":
        return DayField(label=_("By when?"), required=False)
    return forms.CharField(label=_("Your role in the decision"), required=False, max_length=120)


def _layout(item: str) -> Fieldset:
    extras: list[Any] = list(extras_of(item))
    if "budget_amount" in extras:
        extras = [Row(Column("budget_amount", css_class="col-7"), Column("budget_currency", css_class="col-5"))]
    return Fieldset("", item, *extras, f"{item}_evidence", css_class="question")


class AskForm(forms.Form):
    """In which language the lead is asked."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, data: Any = None, *, number: int, country: str = "") -> None:
        initial = {"language": LANGUAGE_OF.get(country.strip().lower(), settings.LANGUAGE_CODE)}
        super().__init__(data, prefix="ask", auto_id=f"ask-{number}-%s", initial=initial)
        self.helper = helper("language")
