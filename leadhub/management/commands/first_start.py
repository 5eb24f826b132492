"""Make the database ready for people: migrate and, where nobody can sign in yet, the sample company or one administrator."""

import argparse
import secrets
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import Role, User

ADMINISTRATOR = "administrator@leadhub.example"


class Command(BaseCommand):
    help = "Migrate; with no people yet, make the sample company (or one administrator). Prints who can sign in."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--no-sample", action="store_true", help="one administrator instead of the sample company")

    def handle(self, *_args: Any, no_sample: bool, **_options: Any) -> None:
        """Progress goes to standard error, the sign-ins to standard output."""
        call_command("migrate", interactive=False, verbosity=0)
        if not User.objects.exists():
            if no_sample:
                self.make_administrator()
            else:
                self.stderr.write("Making the sample company; this happens once.", self.style.NOTICE)
                call_command("sample_company", stdout=sys.stderr)
        self.print_sign_ins()

    def make_administrator(self) -> None:
        password = secrets.token_urlsafe(12)
        User.objects.create_user(ADMINISTRATOR, password, name="Administrator", roles=[Role.ADMINISTRATOR])
        note = self.note()
        note.touch(mode=0o600)
        note.write_text(f"Administrator\t{ADMINISTRATOR}\t{password}\n")

    def print_sign_ins(self) -> None:
        """The administrator made here, until removed by hand; else the sample company's people."""
        if self.note().exists():
            self.stdout.write(self.note().read_text().strip())
        else:
            call_command("sample_company", sign_ins=True, stdout=self.stdout)

    @staticmethod
    def note() -> Path:
        return Path(settings.MEDIA_ROOT).parent / "administrator"
