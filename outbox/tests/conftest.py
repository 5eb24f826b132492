"""Fixtures of the outbox's tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from .mail_server import MailServer, mail_server


@pytest.fixture
def smtp(settings: Any) -> Iterator[MailServer]:
    """A mail server that records; mail really goes there."""
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def smtp_of_processes(smtp: MailServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """The same server for processes that the test starts."""
    monkeypatch.setenv("EMAIL_URL", settings.EMAIL_URL)
    return smtp
