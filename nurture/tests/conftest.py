"""Fixtures of the nurture room's tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from outbox.tests.mail_server import MailServer, mail_server


@pytest.fixture
def smtp(settings: Any) -> Iterator[MailServer]:
    """A mail server that records; letters really go there."""
    with mail_server(settings) as server:
        yield server
