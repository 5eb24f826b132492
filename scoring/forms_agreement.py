"""Forms of the agreement: why a version is proposed, and what people say about it. They validate and never write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import bare_helper

REASON_LENGTH = 1_000
COMMENT_LENGTH = 4_000


def _area(rows: int, length: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": length})


class ProposeForm(forms.Form):
    """Why the rules should change: one sentence or a few, for those who approve and for the history."""

    reason = forms.CharField(
        label=_("Why these changes"),
        max_length=REASON_LENGTH,
        widget=_area(3, REASON_LENGTH),
        help_text=_("Both teams read this sentence before they approve, and later in the history."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper("reason")


class CommentForm(forms.Form):
    """What somebody says about a version."""

    text = forms.CharField(label=_("Comment"), max_length=COMMENT_LENGTH, widget=_area(3, COMMENT_LENGTH))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = bare_helper("text")
