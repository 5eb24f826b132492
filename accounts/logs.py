"""Logs: one JSON object a line, ids only; addresses are redacted wherever they slip in (quality.md rule 35, S21)."""

import logging
import re

from pythonjsonlogger.json import JsonFormatter as BaseFormatter

ADDRESS = re.compile(r"[^\s@\"'<>(),;:]+@[^\s@\"'<>(),;:]+")


class JsonFormatter(BaseFormatter):
    """Time, level, logger and message, plus what the caller put in `extra`; line breaks are escaped by JSON."""

    def __init__(self) -> None:
        super().__init__("{asctime}{levelname}{name}{message}", style="{", rename_fields={"asctime": "at", "levelname": "level"})


class Redact(logging.Filter):
    """Replaces e-mail addresses in messages and arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = ADDRESS.sub("[address]", record.getMessage())
        record.args = ()
        return True
