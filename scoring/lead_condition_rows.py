"""The rows of the builder of conditions on leads: for each, the operators and the kind of value its field allows."""

from collections.abc import Iterable

from leads.condition_form import Builder, RowForm
from leads.condition_rows import Row
from leads.models import CustomField

from .lead_fields import ASKED, LIST_FIELDS, is_personal


def row_forms(rows: Iterable[Row], *, blank: int = 0, personal: bool = True) -> list[RowForm]:
    """The rows and as many blank ones after them."""
    listed = {name: asked.offered for name, asked in ASKED.items() if asked.offered}
    return Builder(LIST_FIELDS, fields_offered(personal=personal), listed).rows(rows, blank=blank)


def fields_offered(*, personal: bool = True) -> list[tuple[str, str]]:
    """Fields to choose from, as (name, label); without what could tell who somebody is unless `personal`."""
    known = [(field.name, str(field.label)) for field in LIST_FIELDS if personal or not is_personal(field.name)]
    return known + [(f"custom.{field.key}", field.label) for field in CustomField.objects.all()] if personal else known
