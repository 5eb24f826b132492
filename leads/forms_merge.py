"""The form that says, fact by fact, which of two leads is right."""

from typing import Any

from django import forms

from .forms import plain_helper
from .merge_facts import Choice, choices
from .models import Lead


class MergeForm(forms.Form):
    """A choice for each fact that the two tell differently; `taken()` is what `Lead.merge` takes."""

    def __init__(self, *args: Any, kept: Lead, gone: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices(kept, gone)
        for number, one in enumerate(self.choices):
            if one.differs:
                self.fields[f"fact{number}"] = forms.ChoiceField(
                    label=one.label,
                    choices=[("kept", str(one.kept)), ("gone", str(one.gone))],
                    initial="kept",
                    required=False,
                    widget=forms.RadioSelect,
                )
        self.helper = plain_helper()

    def rows(self) -> list[tuple[Choice, forms.BoundField | None]]:
        """Each fact, with its field where there is something to choose."""
        return [
            (one, self[f"fact{number}"] if f"fact{number}" in self.fields else None)
            for number, one in enumerate(self.choices)
        ]

    def taken(self) -> set[str]:
        """The names of the facts that the other lead is right about."""
        said = self.cleaned_data
        return {one.name for number, one in enumerate(self.choices) if said.get(f"fact{number}") == "gone"}
