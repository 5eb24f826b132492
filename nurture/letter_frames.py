"""How a letter may stand in a page of ours: what the page allows in its frames, and what a letter in one may do."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

ViewOf = TypeVar("ViewOf", bound=Callable[..., HttpResponse])
#: A letter carries its own looks and shows pictures from elsewhere; it runs nothing, sends nothing, and leads nowhere.
LETTER_POLICY = {
    "default-src": [NONE], "style-src": ["'unsafe-inline'"], "img-src": ["https:", "data:"], "base-uri": [NONE],
    "form-action": [NONE], "frame-ancestors": [SELF], "sandbox": [""],
}  # fmt: skip


def shows_letters(view: ViewOf) -> ViewOf:
    """The page shows a letter in a frame; only our own addresses may stand in it."""
    return cast(ViewOf, csp_update({"frame-src": [SELF]})(cast(Any, view)))


def is_a_letter(view: ViewOf) -> ViewOf:
    """The answer is a letter itself, for a frame of ours and nobody else's."""
    return cast(ViewOf, xframe_options_sameorigin(csp(LETTER_POLICY)(cast(Any, view))))
