"""Test letters: an e-mail as it is, to the person who writes it. Nothing comes of its answers."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from accounts.models import User

from . import letters
from .models import EmailVersion


def send_test(version: EmailVersion, values: Mapping[str, str], *, variant: str, by: User, at: datetime) -> None:
    """Put a test letter in line to the person's own address; a draft goes as it stands when it leaves."""
    letter = letters.NewLetter(
        key=f"test:{version.pk}:{uuid.uuid4().hex}",
        lead=None,
        version=version,
        variant=variant,
        values=values,
        not_before=at,
        is_test=True,
        to=by.email,
    )
    letters.queue([letter], at=at)
