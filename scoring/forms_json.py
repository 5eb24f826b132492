"""A scoring model as JSON, typed or from a file. The text stays in the box, and each fault names its line."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.documents import MAX_BYTES

from .definition import Model
from .definition_reading import ModelFault, load
from .json_faults import JsonFault, faults_in

#: A longer text is not put into the box: browsers crawl, and it could not be sent back.
MOST_TYPED = 1_000_000


class JsonForm(forms.Form):
    """The model stands in `cleaned_data["model"]`; `faults` says what is wrong with the text, which stays in `text`."""

    text = forms.CharField(label=_("The rules as JSON"), required=False, strip=False, widget=forms.Textarea)
    file = forms.FileField(label=_("Or a JSON file"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, shown: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = self.data.get("text", shown) if self.is_bound else shown
        self.faults: list[JsonFault] = []

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        file = cast(UploadedFile | None, said.get("file"))
        given: str | bytes = file.read(MAX_BYTES + 1) if file is not None else said.get("text", "")
        text = given.decode("utf-8-sig", "replace") if isinstance(given, bytes) else given
        self.shown = text if len(text) <= MOST_TYPED else ""
        said["model"] = self._read(given, text)
        return said

    def _read(self, given: str | bytes, text: str) -> Model | None:
        try:
            return load(given)
        except ModelFault as fault:
            if len(text) <= MAX_BYTES:
                self.faults = faults_in(text, fault)
            many = len(fault.problems)
            words = ngettext(
                "There is %(n)d problem. Nothing is changed.", "There are %(n)d problems. Nothing is changed.", many
            )
            self.add_error(None, words % {"n": many})
            if not self.shown.strip() and text:
                self.add_error(None, _t("The text is too long for the box: correct the file, then choose it again."))
        return None
