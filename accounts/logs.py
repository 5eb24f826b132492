"""Logs: one JSON object a line, ids only (quality.md rule 35, S21).

A failure is logged as its type and the places in the code it went through: the text of an exception, and the values in a
traceback, may be somebody's data (`Key (email)=(…) already exists`).
"""

import logging
import re
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from copy import copy
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter as BaseFormatter

ADDRESS = re.compile(r"[^\s@\"'<>(),;:=&?]+(?:@|%40)[^\s@\"'<>(),;:=&?]+")
QUERY = re.compile(r"\?[^\s\"'<>]*")
HOUSE = Path(__file__).resolve().parent.parent
#: The id of the request being answered, also in the header X-Request-Id and on the page that says something went wrong.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def places(fault: BaseException) -> list[str]:
    """Where in the code a failure went through, outermost first: our own lines, and the last few of others."""
    frames = traceback.extract_tb(fault.__traceback__)
    kept = [frame for number, frame in enumerate(frames) if _is_ours(frame.filename) or number >= len(frames) - 3]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in kept[-15:]]


def causes(fault: BaseException) -> list[str]:
    """The types of a failure and of what led to it, without their texts."""
    found: list[str] = []
    link: BaseException | None = fault
    while link is not None and len(found) < 5:
        found.append(f"{type(link).__module__}.{type(link).__qualname__}")
        link = link.__cause__ or link.__context__
    return found


def _is_ours(filename: str) -> bool:
    return Path(filename).is_relative_to(HOUSE) and "site-packages" not in filename


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(HOUSE)) if _is_ours(filename) else "/".join(path.parts[-3:])


class JsonFormatter(BaseFormatter):
    """Time, level, logger, message and what the caller put in `extra`; line breaks and escapes are escaped by JSON."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}", style="{", rename_fields={"asctime": "at", "levelname": "level"}
        )

    def format(self, record: logging.LogRecord) -> str:
        return super().format(redacted(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name is logging's)
        return " < ".join(causes(ei[1])) + " at " + " | ".join(places(ei[1])) if ei[1] else ""


def redacted(record: logging.LogRecord) -> logging.LogRecord:
    """A copy without what may be somebody's data: texts of exceptions, query strings, addresses, statements, requests."""
    record = copy(record)
    for name in ("data", "params", "sql", "stack_info", "exc_text"):
        if name in record.__dict__:
            record.__dict__[name] = None
    request = record.__dict__.pop("request", None)
    if isinstance(request, HttpRequest):
        record.msg, record.args = _what(record), ()
        record.__dict__.update(_ids(request))
    elif isinstance(record.args, Mapping):  # Celery's: name and id of the task, and texts of what went wrong
        record.msg, record.args = f"Task {record.args.get('name')}[{record.args.get('id')}]", ()
    elif record.args:
        record.args = tuple(
            type(value).__name__ if isinstance(value, BaseException) else value for value in record.args
        )
    record.msg, record.args = ADDRESS.sub("[address]", QUERY.sub("?[query]", record.getMessage())), ()
    if current := request_id.get():
        record.request_id = current
    return record


def _what(record: logging.LogRecord) -> str:
    """The message without the path that Django quotes, which somebody may have typed."""
    status = getattr(record, "status_code", None)
    words = str(record.msg).split(":")[0]
    if "%" in words and status:
        words = HTTPStatus(status).phrase
    return f"{words}: {type(record.exc_info[1]).__name__}" if record.exc_info and record.exc_info[1] else words


def _ids(request: HttpRequest) -> Mapping[str, Any]:
    match = getattr(request, "resolver_match", None)
    user = request.__dict__.get("_cached_user")
    return {"method": request.method, "route": match.route if match else None, "user_id": getattr(user, "pk", None)}
