"""Making the database ready: migrations, the sample company, and the list of who can sign in."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from .home import CHECKOUT, LocalError


class Preparation:
    """`manage.py first_start` as a process of its own.

    Where the last one ended well with the same migrations there is nothing left for it to do but list the sign-ins, so
    the web need not wait for it.
    """

    def __init__(self, note: Path) -> None:
        self.note = note
        self._said: str | None = None
        self.migrations = _digest_of_migrations()
        self.is_formality = note.exists() and note.read_text() == self.migrations
        command = [sys.executable, "manage.py", "first_start"]
        if os.environ.get("SAMPLE") == "0":
            command.append("--no-sample")
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )

    def sign_ins(self) -> str:
        """Wait for the end; who can sign in, a line each. LocalError where the database could not be prepared."""
        if self._said is None:
            self._said = self.process.communicate()[0].rstrip()
            if self.process.returncode:
                self.note.unlink(missing_ok=True)
                raise LocalError("The database could not be prepared (`manage.py first_start`, see above).")
            self.note.write_text(self.migrations)
        return self._said

    def end(self) -> None:
        """End it where it still runs; a half-made sample company is rolled back with it."""
        if self._said is None:
            self.process.terminate()
            self.process.communicate()


def _digest_of_migrations() -> str:
    """Of our migrations, and of the packages that bring theirs, on this database."""
    sum_of_all = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode())
    for path in sorted([*CHECKOUT.glob("*/migrations/*.py"), CHECKOUT / "requirements-local.txt"]):
        sum_of_all.update(path.relative_to(CHECKOUT).as_posix().encode() + path.read_bytes())
    return sum_of_all.hexdigest()
