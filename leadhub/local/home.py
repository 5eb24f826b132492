"""Where one pair of local engines lives: folders, socket paths, and the user that owns them."""

import hashlib
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, a zero byte included.
SOCKET_PATH_LIMIT = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
CHECKOUT = Path(__file__).resolve().parents[2]


class LocalError(Exception):
    """Something about the local engines that a person has to know; the text is a sentence for them."""


@dataclass(frozen=True)
class Home:
    """The folder a person named (`.local/` unless LEADHUB_LOCAL says otherwise) and what hangs on it."""

    folder: Path

    @classmethod
    def of_environment(cls) -> "Home":
        return cls(Path(os.environ.get("LEADHUB_LOCAL") or CHECKOUT / ".local").expanduser().resolve())

    def prepare(self) -> None:
        """Make the folders; LocalError when they belong to somebody else."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            for folder in (self.engine_folder, self.sockets):
                own_folder(folder, self.engine_user)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except PermissionError as problem:
            raise LocalError(
                f"This user may not write to {self.folder}. Run as the user who owns it, or set "
                "LEADHUB_LOCAL=DIR to keep the local data in another folder."
            ) from problem

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @cached_property
    def engine_user(self) -> pwd.struct_passwd | None:
        """Whom the engines run as: None is ourselves; root (whom PostgreSQL refuses) gives way to a service user."""
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise LocalError("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")

    @cached_property
    def engine_folder(self) -> Path:
        """Where the engines keep data: the home folder, or one under /var/tmp where their user cannot reach it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        inside = self.folder / "engines"
        if reachable(self.folder, self.engine_user):
            return inside
        return Path("/var/tmp") / f"leadhub-{self.digest}"  # noqa: S108  (own_folder refuses a stranger's)

    @cached_property
    def sockets(self) -> Path:
        """The 0700 folder of both sockets; a short one under the temporary folder where the path would be too long."""
        beside = self.engine_folder / "run"
        if len(os.fsencode(beside / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return beside
        return Path("/tmp") / f"leadhub-{self.digest}"  # noqa: S108  (own_folder refuses a stranger's)

    @property
    def digest(self) -> str:
        """A short name for this home on this machine."""
        return hashlib.sha256(os.fsencode(self.folder) + str(os.geteuid()).encode()).hexdigest()[:12]


def own_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make `folder` with mode 0700 for `user`; LocalError where a stranger's stands in its place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = folder.lstat().st_uid
    if folder.is_symlink() or owner not in {os.geteuid(), user.pw_uid if user else os.geteuid()}:
        raise LocalError(f"{folder} belongs to somebody else; remove it or set LEADHUB_LOCAL=DIR.")
    folder.chmod(0o700)
    if user and owner != user.pw_uid:
        os.chown(folder, user.pw_uid, user.pw_gid)


def reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether `user` can enter the folder, or run the file, at `path`."""
    if user is None:
        return os.access(path, os.X_OK)
    # No shell meets the path: it is an argument of `test`.
    asked = subprocess.run(["test", "-x", path], check=False, **as_user(user))  # noqa: S607
    return asked.returncode == 0


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of subprocess that start a program as `user`, in a known environment, away from the checkout."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    arguments: dict[str, Any] = {"cwd": "/", "env": environment}
    if user:
        arguments |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return arguments
