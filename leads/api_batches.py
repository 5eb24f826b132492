"""Reading a batch from a request: the good items, and for each bad one its reason; nothing a sender sends is an error of ours."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)
DEEPEST = 30


@dataclass
class Batch(Generic[T]):
    """The items of a request by their position: good ones parsed, bad ones with a reason."""

    size: int
    good: list[tuple[int, T]] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)


def read_batch(request: HttpRequest, key: str, model: type[T], *, single: bool = False) -> Batch[T]:
    """The items under `key` of the request's JSON object, or, with `single`, the object itself as the one item.

    Raises `HttpError` 400 (no JSON), 413 (too large, too many) or 422 (not the shape).
    """
    document = _document(request)
    items = document.get(key) if isinstance(document, dict) else None
    if items is None and single and isinstance(document, dict):
        items = [document]
    if not isinstance(items, list):
        raise HttpError(422, _("Send a JSON object with a list under “%(key)s”.") % {"key": key})
    if len(items) > settings.API_BATCH_MAX:
        raise HttpError(413, _("At most %(most)d at once.") % {"most": settings.API_BATCH_MAX})
    return _parsed(items, model)


def _parsed(items: Sequence[Any], model: type[T]) -> Batch[T]:
    batch: Batch[T] = Batch(len(items))
    for index, item in enumerate(items):
        try:
            batch.good.append((index, model.model_validate(item)))
        except ValidationError as fault:
            batch.reasons[index] = _sentence(fault)
        except (ValueError, OverflowError, RecursionError):
            batch.reasons[index] = _("This cannot be read.")
    return batch


def _document(request: HttpRequest) -> Any:
    try:
        body = request.body
    except RequestDataTooBig as fault:
        raise HttpError(413, _("The request is larger than 5 MB.")) from fault
    except UnreadablePostError as fault:
        raise HttpError(400, _("The request broke off.")) from fault
    if _depth_of(body) > DEEPEST:
        raise HttpError(400, _("The JSON is nested too deeply."))
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise HttpError(400, _("The request is not JSON in UTF-8.")) from fault


def _depth_of(body: bytes) -> int:
    """An upper bound of how deep the JSON is nested, brackets within texts included, without parsing it."""
    depth = deepest = 0
    for byte in body.translate(None, delete=_NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _sentence(fault: ValidationError) -> str:
    """The first faults of an item in words; what was sent is not repeated."""
    said = [
        f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
        for error in fault.errors(include_url=False, include_input=False)[:3]
    ]
    text = "; ".join(said) or _("This cannot be read.")
    return text.encode("utf-8", "replace").decode()[:300]
