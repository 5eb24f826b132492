"""Which programs send which e-mails."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from .models import Program


def programs_by_email() -> dict[int, list[str]]:
    """E-mail id → names of the programs that are not ended and send it now, in one question."""
    running = Program.objects.exclude(state=Program.State.ENDED).exclude(current=None)
    using: dict[int, list[str]] = defaultdict(list)
    for name, document in running.values_list("name", "current__document"):
        for email in dict.fromkeys(_emails_in(document)):
            using[email].append(name)
    return dict(using)


def _emails_in(part: Any) -> Iterator[int]:
    """The e-mails of all steps, wherever in the document they stand."""
    if isinstance(part, dict):
        if part.get("kind") == "email" and isinstance(part.get("email"), int):
            yield part["email"]
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _emails_in(one)
