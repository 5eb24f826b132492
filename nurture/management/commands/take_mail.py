"""`manage.py take_mail < message`: what a mail server pipes here of replies, reports and complaints."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from nurture.incoming import MOST_BYTES, take_mail


class Command(BaseCommand):
    help = "Reads one e-mail from standard input and notes what it answers. The same mail twice is noted once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        taken = take_mail(sys.stdin.buffer.read(MOST_BYTES), at=timezone.now())
        self.stdout.write(taken.kind or "It answers no letter.")
