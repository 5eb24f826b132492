"""Forms of imports. They validate and never write."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .forms import plain_helper
from .importing.columns import slug
from .importing.faults import MappingRefused
from .importing.mapping import OPEN, PRESETS, Column, Mapping, load_mapping, read_mapping
from .imports_preview import Preview, Seen, targets
from .models import ImportJob

ENCODINGS = [
    ("", _("As found")), ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", _("Windows, Western Europe")),
    ("cp1250", _("Windows, Central Europe")), ("iso-8859-2", "ISO 8859-2"),
]  # fmt: skip
DELIMITERS = [("", _("As found")), (",", _("Comma")), (";", _("Semicolon")), ("\t", _("Tab")), ("|", _("Bar"))]
ORDERS = [
    ("", _("Find out from the whole column")),
    ("dmy", _("Day first: 31/12/2026")),
    ("mdy", _("Month first: 12/31/2026")),
]
LABELS = {
    "email": _("E-mail"), "external_id": _("External id"), "full_name": _("Whole name"), "first_name": _("First name"),
    "last_name": _("Last name"), "job_title": _("Job title"), "seniority": _("Seniority"), "department": _("Department"),
    "phone": _("Phone"), "company": _("Company"), "domain": _("Company domain"), "industry": _("Industry"),
    "business_type": _("Type of business"), "employees": _("Employees"), "revenue": _("Revenue"), "country": _("Country"),
    "city": _("City"), "source": _("Source"), "campaign": _("Campaign"), "created_at": _("Created"), "consent": _("Consent"),
    "lead_external_id": _("External id of the lead"), "type": _("Type of activity"), "occurred_at": _("When it happened"),
    "subject": _("Subject"), "url": _("Address of the page"), "asset": _("Piece of content"), "funnel_stage": _("Funnel stage"),
    "source_system": _("Source system"), "properties": _("Properties (JSON)"), "verdict": _("Person or machine"),
}  # fmt: skip


class UploadForm(forms.Form):
    """A file, what it holds, and a preset if one fits."""

    kind = forms.ChoiceField(
        label=_("What is in it"), choices=ImportJob.Kind.choices, widget=forms.RadioSelect, initial="leads"
    )
    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.ClearableFileInput(attrs={"data-drop": "", "accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=_("Up to 100 MB and 250,000 rows; comma, semicolon, tab or bar between the columns."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        max_length=255,
    )
    preset = forms.ChoiceField(
        label=_("Columns"), required=False, help_text=_("A preset knows the columns of one source.")
    )

    def __init__(self, *args: Any, sent_bytes: int = 0, **kwargs: Any) -> None:
        """`sent_bytes`: how much the browser announced; a file that was cut off while it came in is missing here."""
        super().__init__(*args, **kwargs)
        if sent_bytes > settings.IMPORT_MAX_BYTES:
            self.fields["file"].error_messages["required"] = _("The file is larger than 100 MB.")
        names = sorted(path.stem for path in PRESETS.glob("*.json"))
        self.fields["preset"].choices = [("", _("Recognise them by their names")), *((name, name) for name in names)]  # type: ignore[attr-defined]
        self.helper = plain_helper()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise ValidationError(_("The file is larger than 100 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, preset = cleaned.get("kind"), cleaned.get("preset")
        if kind:
            try:
                cleaned["told"] = load_mapping(preset, kind) if preset else Mapping(kind)
            except MappingRefused as refusal:
                self.add_error("preset", str(refusal))
        return cleaned


class MatchForm(forms.Form):
    """How a file is read, and what each of its columns becomes: `to_N` a canonical column, else `keep_N` one of our own."""

    encoding = forms.ChoiceField(label=_("Letters"), choices=ENCODINGS, required=False)
    delimiter = forms.ChoiceField(label=_("Between columns"), choices=DELIMITERS, required=False)
    dates = forms.ChoiceField(label=_("Dates such as 03/04/2018"), choices=ORDERS, required=False)

    def __init__(self, *args: Any, preview: Preview, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preview, self.kind = preview, kind
        told = preview.mapping
        asked = dict(self.data.items() if self.is_bound else self.initial)
        self.initial = {"encoding": told.encoding, "delimiter": told.delimiter, "dates": told.dates} | dict(
            self.initial
        )
        self._say_what_was_found(preview, asked)
        choices = [("", _("–")), *((name, LABELS[name]) for name in targets(kind))]
        for seen in preview.columns:
            self.fields[f"to_{seen.place}"] = forms.ChoiceField(
                label=seen.name, choices=choices, required=False, initial=seen.target
            )
            self.fields[f"keep_{seen.place}"] = forms.BooleanField(label=seen.name, required=False, initial=seen.kept)

    def _say_what_was_found(self, preview: Preview, asked: dict[str, Any]) -> None:
        """The first choice names what "as found" is, as long as nothing else is asked for."""
        encoding = dict(ENCODINGS).get(preview.source.encoding.removesuffix("-sig"), preview.source.encoding.upper())
        found = {"encoding": encoding, "delimiter": dict(DELIMITERS)[preview.source.delimiter]}
        for name, label in found.items():
            if asked.get(name) or self.initial[name]:
                continue
            field = self.fields[name]
            field.choices = [("", _("As found: %(what)s") % {"what": label}), *field.choices[1:]]  # type: ignore[attr-defined]

    def filled(self) -> list[dict[str, Any]]:
        """The lines of columns that hold something, those with a meaning first."""
        lines = [self._line(seen) for seen in self.preview.columns if seen.samples]
        return sorted(lines, key=lambda line: not line["to"].value())

    def blank(self) -> list[dict[str, Any]]:
        """The lines of columns that hold nothing in the first rows."""
        return [self._line(seen) for seen in self.preview.columns if not seen.samples]

    def _line(self, seen: Seen) -> dict[str, Any]:
        return {"seen": seen, "to": self[f"to_{seen.place}"], "keep": self[f"keep_{seen.place}"]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["mapping"] = read_mapping(self._document(cleaned), self.kind)
        except MappingRefused as refusal:
            self.add_error(None, str(refusal))
        return cleaned

    def _document(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The mapping as posted; what a preset says of values stays with its columns."""
        told, columns = self.preview.mapping, {}
        for seen in self.preview.columns:
            to = cleaned.get(f"to_{seen.place}") or ""
            if not to and cleaned.get(f"keep_{seen.place}"):
                to = seen.column.to if seen.kept else self._own(seen.name, seen.place)
            columns[seen.name] = seen.column if to == seen.column.to else Column(seen.name, to)
        how: dict[str, Any] = {name: cleaned.get(name) or "" for name in ("encoding", "delimiter", "dates")}
        return replace(told, columns=columns, rest="ignore", **how).to_document()

    def _own(self, name: str, place: int) -> str:
        """The key of a new custom field or property."""
        key = slug(name) or f"column_{place + 1}"
        taken = {slug(seen.name) for seen in self.preview.columns if seen.place < place}
        return OPEN[self.kind] + (f"{key[:55]}_{place + 1}" if key in taken else key)
