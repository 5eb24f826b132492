"""Test letters of a draft: each e-mail once, to whoever asks, with values of nobody in particular."""

from datetime import datetime

from accounts.models import User

from . import letters
from .merge_values import examples, merge_fields
from .models import Email
from .program_page import mails_of
from .track import Track


def send_tests(track: Track, *, to: User, at: datetime) -> int:
    """Put them in line; how many there are. E-mails without a finished version are left out."""
    emails = Email.objects.finished().in_bulk([step.email for step in mails_of(track)])
    values = examples(merge_fields())
    new = [
        letters.NewLetter(
            key=f"test:{to.pk}:{version.pk}:{at.timestamp():.0f}", lead=None, version=version, not_before=at, values=values,
            is_test=True, to=to.email,
        )
        for email in emails.values()
        if (version := email.newest)
    ]  # fmt: skip
    return len(letters.queue(new, at=at))
